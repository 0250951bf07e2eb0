"""How the arguments of each command are made. Each function takes a Pool and gives what follows the command's name."""
from pools import Pool


def _expiry(p): return (
    [b'EX', p.seconds], [b'PX', p.millis], [b'EXAT', p.moment], [b'PXAT', p.moment_millis])


def _some(p, least, *makers):
    """The first `least` of the arguments, or more of them."""
    return [maker() for maker in makers[:p.random.randint(least, len(makers))]]


def _set(p): return [p.key(), p.value()] + p.options(
    *_expiry(p), b'NX', b'XX', b'KEEPTTL', b'GET', b'NX', b'XX', b'GET', most=3)


def _unit(p): return p.cased(p.one([b'BYTE', b'BIT'])) if not p.odd() else p.word()


def _bitcount(p): return [p.key()] + _some(p, 0, p.index, p.index, lambda: _unit(p))
def _bitpos(p): return [p.key(), p.bit()] + _some(p, 0, p.index, p.index, lambda: _unit(p))
def _pairs(p, least=1): return [item for _ in range(p.random.randint(least, 4)) for item in (p.key(), p.value())]
def _range(p): return [p.key(), p.index(), p.index()]


def _expire(time): return lambda p: [p.key(), getattr(p, time)()] + p.options(b'NX', b'XX', b'GT', b'LT', most=2)


def _copy(p): return [p.key(), p.key()] + p.options(
    [b'DB', lambda: p.one([b'0', b'0', b'1', b'-1', b'abc', b'99999999999999999999'])], b'REPLACE', most=2)


def _object(p):
    if p.chance(0.1): return p.one([[b'HELP'], [b'nothing'], [b'nothing', p.key()], [b'ENCODING'], []])
    return [p.cased(p.one([b'ENCODING', b'REFCOUNT', b'IDLETIME', b'FREQ'])), p.key()]


STRINGS = {
    b'GET': lambda p: [p.key()],
    b'SET': _set,
    b'SETNX': lambda p: [p.key(), p.value()],
    b'GETSET': lambda p: [p.key(), p.value()],
    b'GETDEL': lambda p: [p.key()],
    b'GETEX': lambda p: [p.key()] + p.options(*_expiry(p), b'PERSIST', most=2),
    b'SETEX': lambda p: [p.key(), p.seconds(), p.value()],
    b'PSETEX': lambda p: [p.key(), p.millis(), p.value()],
    b'MGET': lambda p: p.keys(),
    b'MSET': _pairs,
    b'MSETNX': _pairs,
    b'STRLEN': lambda p: [p.key()],
    b'APPEND': lambda p: [p.key(), p.value()],
    b'SETRANGE': lambda p: [p.key(), p.offset(), p.value()],
    b'GETRANGE': _range,
    b'SUBSTR': _range,
}
NUMBERS = {
    b'INCR': lambda p: [p.key()],
    b'DECR': lambda p: [p.key()],
    b'INCRBY': lambda p: [p.key(), p.whole()],
    b'DECRBY': lambda p: [p.key(), p.whole()],
    b'INCRBYFLOAT': lambda p: [p.key(), p.real()],
    b'SET': lambda p: [p.key(), p.one([p.whole, p.real])()],
    b'GET': lambda p: [p.key()],
}
BITS = {
    b'SETBIT': lambda p: [p.key(), p.offset(), p.bit()],
    b'GETBIT': lambda p: [p.key(), p.offset()],
    b'BITCOUNT': _bitcount,
    b'BITPOS': _bitpos,
    b'SET': lambda p: [p.key(), p.one([p.value(), b'\xff' * p.random.randint(1, 20), b'\0' * p.random.randint(1, 20)])],
    b'GET': lambda p: [p.key()],
}
TIMES = {
    b'EXPIRE': _expire('seconds'),
    b'PEXPIRE': _expire('millis'),
    b'EXPIREAT': _expire('moment'),
    b'PEXPIREAT': _expire('moment_millis'),
    b'TTL': lambda p: [p.key()],
    b'PTTL': lambda p: [p.key()],
    b'EXPIRETIME': lambda p: [p.key()],
    b'PEXPIRETIME': lambda p: [p.key()],
    b'PERSIST': lambda p: [p.key()],
    b'SET': _set,
    b'SETEX': STRINGS[b'SETEX'],
    b'PSETEX': STRINGS[b'PSETEX'],
    b'GETEX': STRINGS[b'GETEX'],
    b'GET': lambda p: [p.key()],
}
KEYS = {
    b'DEL': lambda p: p.keys(),
    b'UNLINK': lambda p: p.keys(),
    b'EXISTS': lambda p: p.keys(),
    b'TOUCH': lambda p: p.keys(),
    b'TYPE': lambda p: [p.key()],
    b'COPY': _copy,
    b'RENAME': lambda p: [p.key(), p.key()],
    b'RENAMENX': lambda p: [p.key(), p.key()],
    b'OBJECT': _object,
    # Nothing that is over at once: Redis counts the memory of such a key.
    b'SET': lambda p: [p.key(), p.value()] + p.options([b'EX', p.seconds], [b'PX', p.millis], b'NX', b'XX', b'KEEPTTL',
                                                       b'GET'),
    b'GET': lambda p: [p.key()],
    b'PTTL': lambda p: [p.key()],
    b'MEMORY': lambda p: [p.cased(b'USAGE'), p.key()] + p.options([b'SAMPLES', p.whole], most=1),
}
# Commands that write nothing and name no key, or are refused.
CONNECTION = {
    b'PING': lambda p: p.one([[], [], [p.value()]]),
    b'ECHO': lambda p: [p.value()],
    b'SELECT': lambda p: [p.one([b'0', b'0', b'1', b'-1', b'abc', b'', b'99999999999999999999'])],
    b'CLIENT': lambda p: _client(p),
    b'AUTH': lambda p: p.one([[b'secret'], [b'default', b'secret'], [b'someone', b'secret'], [], [b'a', b'b', b'c']]),
    b'CONFIG': lambda p: p.one([[], [b'GET'], [b'GET', b'no-such-*'], [b'SET'], [b'SET', b'no-such', b'1'],
                                [b'nothing'],
                                [b'SET', b'no-such'], [b'GET', b'no-such-1', b'no-such-2']]),
    b'COMMAND': lambda p: p.one([[b'COUNT', b'1'], [b'INFO', b'nothing'], [b'INFO', b'nothing', b'no'], [b'nothing'],
                                 [b'DOCS', b'nothing'], [b'LIST', b'FILTERBY', b'PATTERN', b'no-such-*'],
                                 [b'LIST', b'FILTERBY', b'nothing', b'x'], [b'LIST', b'nothing']]),
    b'LATENCY': lambda p: p.one([[b'LATEST'], [b'RESET'], [b'HISTORY', b'command'], [b'nothing'], [], [b'RESET',
                                                                                                       b'command'],
                                 [b'HISTORY']]),
    b'MEMORY': lambda p: p.one([[], [b'nothing'], [b'USAGE'], [b'USAGE', p.key(), b'SAMPLES'],
                                [b'USAGE', p.key(), b'SAMPLES', b'-1'], [b'USAGE', p.key(), b'nothing', b'1']]),
    b'HELLO': lambda p: p.one([[], [b'2'], [b'3'], [b'1'], [b'4'], [b'abc'], [b'2', b'SETNAME', b'me'], [b'3',
                                                                                                         b'SETNAME'],
                               [b'3', b'SETNAME', b'a b'], [b'3', b'nothing'], [b'3', b'AUTH', b'default', b'secret'],
                               [b'3', b'AUTH', b'x'], [b'99999999999999999999'], [b'-1'],
                               [b'3', b'AUTH', b'default', b'', b'SETNAME', b'you']]),
    b'RESET': lambda p: p.one([[], [], [b'x']]),
    b'WAIT': lambda p: p.one([[], [b'0'], [b'abc', b'0'], [b'0', b'abc'], [b'0', b'-1'], [b'0', b'0'], [b'0', b'0',
                                                                                                        b'0']]),
    b'DBSIZE': lambda p: [b'x'],
    b'TIME': lambda p: [b'x'],
    b'SCAN': lambda p: p.one([[], [b'abc'], [b'0', b'COUNT', b'0'], [b'0', b'COUNT', b'-1'],
                              [b'0', b'COUNT', b'abc'], [b'0', b'MATCH'], [b'0', b'nothing'], [b'0', b'COUNT'],
                              [b'99999999999999999999999'], [b'0', b'nothing', b'x'], [b'1 ']]),
    b'FLUSHALL': lambda p: p.one([[b'nothing'], [b'SYNC', b'ASYNC']]),
    b'FLUSHDB': lambda p: p.one([[b'nothing'], [b'SYNC', b'ASYNC']]),
    b'KEYS': lambda p: p.one([[], [b'a', b'b']]),
    b'RANDOMKEY': lambda p: [b'x'],
    b'ROLE': lambda p: [b'x'],
    b'EXEC': lambda p: p.one([[], [b'x']]),
    b'DISCARD': lambda p: p.one([[], [b'x']]),
    b'WATCH': lambda p: p.one([[], p.keys()]),
    b'UNWATCH': lambda p: p.one([[], [b'x']]),
    b'GET': lambda p: [p.key()],
}

# Their replies would depend on the server, or on what others left there, with other arguments than these.
AS_THEY_ARE = (b'COMMAND', b'CONFIG', b'CLIENT', b'SCAN', b'KEYS', b'RANDOMKEY', b'DBSIZE', b'TIME', b'ROLE',
               b'FLUSHALL',
               b'FLUSHDB')
# With an argument too many or too few their keys would be of several slots, where a lone Redis sees no fault.
OF_ONE_SLOT = (b'COPY', b'RENAME', b'RENAMENX', b'MSETNX', b'MGET', b'MSET', b'DEL', b'UNLINK', b'EXISTS', b'TOUCH')
# What leaves its key there.
CREATING = {
    b'SET': lambda p: [p.key(), p.value()],
    b'APPEND': STRINGS[b'APPEND'],
    b'INCR': lambda p: [p.key()],
    b'SETBIT': BITS[b'SETBIT'],
    b'MSET': _pairs,
    b'GET': lambda p: [p.key()],
}


def _client(p):
    return p.one([
        [], [b'ID'], [b'ID', b'x'], [b'GETNAME'], [b'SETNAME', b'me'], [b'SETNAME', b'a b'], [b'SETNAME', b''],
        [b'SETNAME', b'a\nb'], [b'SETNAME', b'\xe9'], [b'SETNAME'], [b'GETNAME', b'x'], [b'NO-EVICT', b'on'],
        [b'NO-EVICT', b'off'], [b'NO-EVICT', b'abc'], [b'NO-EVICT'], [b'KILL'], [b'KILL', b'127.0.0.1:1'],
        [b'KILL', b'ID', b'0'], [b'KILL', b'ID', b'abc'], [b'KILL', b'ID', b'99999999'], [b'KILL', b'TYPE', b'nothing'],
        [b'KILL', b'USER', b'nobody'], [b'KILL', b'nothing', b'x'], [b'KILL', b'ADDR', b'127.0.0.1:1'],
        [b'KILL', b'ADDR', b'127.0.0.1:1', b'SKIPME', b'yes'], [b'KILL', b'ID', b'99999999', b'SKIPME', b'abc'],
        [b'KILL', b'LADDR', b'127.0.0.1:1'], [b'LIST', b'TYPE', b'nothing'], [b'LIST', b'ID'], [b'LIST', b'ID', b'abc'],
        [b'LIST', b'nothing'], [b'LIST', b'ID', b'99999999'], [b'INFO', b'x'], [b'nothing'], [b'nothing', b'x']])


def unknown(p: Pool):
    """A command that nobody has."""
    name = p.one([b'NOSUCH', b'nosuch', b'GETT', b'', b' GET', b'GET ', b'a' * 200, b'\x00', b'G\xc9T', b'no such',
                  b'x\r\ny',
                  b'CLIENT|ID', b'CONFIG|GET'])
    return [name] + [p.one([p.value(), p.word(), p.key(), b'z' * 150]) for _ in range(p.random.randint(0, 4))]
