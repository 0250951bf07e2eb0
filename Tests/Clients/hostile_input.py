"""Bytes that no client sends. What redis-server does with each is found out in the run; Torc does the same."""
from dataclasses import dataclass

PING = b'*1\r\n$4\r\nPING\r\n'


@dataclass
class Input:
    name: str
    data: bytes
    # Torc has a limit, or is strict, where Redis goes on: then it says Protocol error and closes.
    may_refuse: bool = False


def _counts():
    for text in (b'-1', b'-2', b'-2147483648', b'-9223372036854775808', b'0'):
        yield Input(f'array of {text.decode()}', b'*' + text + b'\r\n' + PING)
    for text in (b'', b'abc', b'1x', b'x1', b' 1', b'1 ', b'+1', b'01', b'1.0', b'1e3', b'0x1', b'--1', b'2147483648',
                 b'4294967297', b'9223372036854775807', b'9223372036854775808', b'-9223372036854775809',
                 b'99999999999999999999', b'1' * 100, b'\x00', b'1\x00', b'$1', b'*1'):
        yield Input(f'array of {text[:24]!r}', b'*' + text + b'\r\n' + PING)
    for text in (b'1048577', b'1000000000', b'2147483647'):
        yield Input(f'array of {text.decode()}, only announced', b'*' + text + b'\r\n$4\r\nECHO\r\n', may_refuse=True)


def _lengths():
    for text in (b'', b'-1', b'-2', b'-0', b'-9223372036854775808', b'abc', b'4x', b'x4', b' 4', b'4 ', b'+4', b'04',
                 b'4.0',
                 b'0x4', b'16777217', b'536870912', b'536870913', b'2147483648', b'4294967300', b'9223372036854775807',
                 b'9223372036854775808', b'99999999999999999999', b'4' * 100, b'\x00', b'4\x00'):
        yield Input(f'bulk of {text[:24]!r}', b'*1\r\n$' + text + b'\r\nPING\r\n' + PING)
        yield Input(f'second bulk of {text[:24]!r}', b'*2\r\n$4\r\nECHO\r\n$' + text + b'\r\nPING\r\n' + PING)
    for text in (b'PING\r\n', b'+PING\r\n', b':4\r\n', b'*1\r\n', b'\r\n', b'-4\r\n', b'\x00\r\n', b'%1\r\n', b'_\r\n'):
        yield Input(f'{text!r} where a bulk belongs', b'*1\r\n' + text + PING)


def _ends():
    yield Input('bulk without its end', b'*1\r\n$4\r\nPING' + PING, may_refuse=True)
    yield Input('bulk with another end', b'*1\r\n$4\r\nPINGxx' + PING, may_refuse=True)
    yield Input('bulk with only a line feed', b'*1\r\n$4\r\nPING\n' + PING, may_refuse=True)
    yield Input('bulk that is longer than said', b'*1\r\n$4\r\nPINGPING\r\n' + PING, may_refuse=True)
    yield Input('half a count', b'*1')
    yield Input('half a length', b'*1\r\n$4')
    yield Input('half a bulk', b'*1\r\n$4\r\nPI')
    yield Input('half an end', b'*1\r\n$4\r\nPING\r')
    yield Input('lines without carriage returns', b'*1\n$4\nPING\n', may_refuse=True)
    yield Input('the largest bulk, only announced', b'*3\r\n$3\r\nSET\r\n$1\r\na\r\n$16777216\r\nabc')


def _lines():
    for data in (b'\n', b'\r\n\r\n', b' \r\n', b'\t\r\n', b'PING\n', b'PING \t \r\n', b'  PING\r\n', b'PING\r\r\n',
                 b'nosuch\r\n',
                 b'$4\r\nPING\r\n', b'+PING\r\n', b'%1\r\n', b'_\r\n', b'-ERR\r\n', b'\x00\r\n', b'PING\x00\r\n',
                 b'PING\x00x\r\n', b'\xff\xfb\x01\r\n', b'\xff\r\n', b'PING "\r\n', b"PING '\r\n", b'PING "a\r\n',
                 b'PING "a"b\r\n', b"PING 'a'b\r\n", b'PING "\\x"\r\n', b'PING "\\xzz"\r\n', b'PING "a\\"\r\n',
                 b'ECHO a b c\r\n',
                 b'ECHO ""\r\n', b"ECHO ''\r\n", b'ECHO "a b" \r\n', b"ECHO 'a\\'b'\r\n",
                 b'ECHO "\\n\\r\\t\\b\\a\\\\"\r\n',
                 b'ECHO a"b"\r\n', b'ECHO \\x41\r\n', b'"PING"\r\n', b'"" \r\n', b'"PI"NG\r\n', b'{"type":"GET"}\r\n',
                 b'ECHO {a}\r\n', b'x' * 200 + b'\r\n', b'PING ' + b'a ' * 200 + b'\r\n'):
        yield Input(f'line {data[:24]!r}', data + PING)
    yield Input('a line of 60,000 bytes', b'ECHO ' + b'a' * 60_000 + b'\r\n' + PING)
    yield Input('a line without end', b'ECHO ' + b'a' * 200_000)
    yield Input('a count without end', b'*' + b'1' * 200_000)
    yield Input('a length without end', b'*1\r\n$' + b'1' * 200_000)
    yield Input('a name of 60,000 bytes', b'*1\r\n$60000\r\n' + b'n' * 60_000 + b'\r\n' + PING)
    yield Input('2,000 arguments to a command that takes one',
                b'*2001\r\n$4\r\nECHO\r\n' + b'$1\r\na\r\n' * 2000 + PING)


def table(): return [*_counts(), *_lengths(), *_ends(), *_lines()]
