"""What a case is made of. `{#` in a key stands for `{` and what makes the keys of one run of a case its own."""
import re
from dataclasses import dataclass, field

from wire import encode

MARK = b'{#'


def with_tag(data, tag): return data.replace(MARK, b'{' + tag)


@dataclass
class Command:
    """One command, sent in Redis's protocol; one reply."""
    args: list
    link: int = 0
    unordered: bool = False  # the reply is a set: KEYS

    def render(self, tag): return encode([with_tag(arg, tag) for arg in self.args])

    @property
    def replies(self): return 1

    def __str__(self): return f'{self.link}> ' + ' '.join(shown(arg) for arg in self.args)


@dataclass
class Raw:
    """Bytes as they are, and how many replies come."""
    data: bytes
    replies: int
    link: int = 0
    args: list = field(default_factory=lambda: [b'(raw)'])
    unordered: bool = False

    def render(self, tag): return with_tag(self.data, tag)

    def __str__(self): return f'{self.link}> raw {shown(self.data)}'


@dataclass
class Pause:
    """Lets time pass on both sides."""
    seconds: float

    def __str__(self): return f'   wait {self.seconds:g} s'


@dataclass
class Scan:
    """A whole iteration; its reply is the set of what it returned."""
    args: list
    link: int = 0

    def __str__(self): return f'{self.link}> (all of) SCAN 0 ' + ' '.join(shown(arg) for arg in self.args)


PLAIN = re.compile(rb'[!#-&(-\[\]-~]+')


def shown(data, most=200):
    """As redis-cli would take it."""
    if len(data) > most: return f'{shown(data[:40])}…({len(data)} bytes)'
    if PLAIN.fullmatch(data): return data.decode()
    inside = ''.join(
        chr(byte) if 32 <= byte < 127 and byte not in b'"\\' else
        {34: '\\"', 92: '\\\\', 10: '\\n', 13: '\\r', 9: '\\t'}.get(byte, f'\\x{byte:02x}') for byte in data)
    return f'"{inside}"'
