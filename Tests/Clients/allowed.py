"""Where Torc's replies may differ from those of redis-server: the whole list. Each entry names the commands it is for,
why it is so, and the section of docs/redis.md that says so; `same` is told both replies as trees and says whether they
are alike but for that. No entry may hide a whole command: what it lets pass is compared in everything else."""
from dataclasses import dataclass
from typing import Callable


@dataclass
class Allowed:
    name: str
    commands: tuple
    reason: str
    section: str
    same: Callable
    used: int = 0


def _whole(*trees): return all(kind == ':' for kind, _ in trees)


def _clock(args, redis, torc):
    """Both ran the command, but not in the same millisecond."""
    if not _whole(redis, torc): return False
    a, b = int(redis[1]), int(torc[1])
    return a > 0 and b > 0 and abs(a - b) <= (5000 if args[0].upper().startswith(b'P') else 5)


def _but_fields(*names):
    def same(args, redis, torc):
        def rest(node):
            items = list(node[1])
            for at in range(0, len(items) - 1, 2):
                if items[at][1] in names: items[at + 1] = (items[at + 1][0], b'*')
            return node[0], items
        return redis[0] in '*%' and torc[0] in '*%' and bool(redis[1]) and bool(torc[1]) and rest(redis) == rest(torc)
    return same


def _both_whole(args, redis, torc): return _whole(redis, torc) and int(redis[1]) >= 0 and int(torc[1]) >= 0


def _encodings(args, redis, torc):
    known = (b'int', b'embstr', b'raw')
    return redis[0] == torc[0] == '$' and redis[1] in known and torc[1] in known


def _both_texts(args, redis, torc):
    def is_text(node): return node[0] == '*' and bool(node[1]) and all(kind == '+' for kind, _ in node[1])
    return is_text(redis) and is_text(torc)


TABLE = [
    Allowed('clock', ('TTL', 'PTTL', 'EXPIRETIME', 'PEXPIRETIME'),
            'the two servers ran the command some milliseconds apart', 'how it is tested', _clock),
    Allowed('greeting', ('HELLO',), 'name, version, mode and connection id are those of the server that answers',
            'hello',
            _but_fields(b'server', b'version', b'id', b'mode')),
    Allowed('connection-id', ('CLIENT ID',), 'ids of connections are given by each server', 'client', _both_whole),
    Allowed('encoding', ('OBJECT ENCODING',), 'Redis says how the value was made, Torc how it looks', 'object',
            _encodings),
    Allowed('refcount', ('OBJECT REFCOUNT', 'OBJECT IDLETIME'), 'Torc shares no values', 'object', _both_whole),
    Allowed('memory', ('MEMORY USAGE',), 'a key takes another amount of memory in each server', 'memory', _both_whole),
    Allowed('help', ('OBJECT HELP', 'CLIENT HELP', 'CONFIG HELP', 'COMMAND HELP', 'CLUSTER HELP', 'LATENCY HELP',
                     'MEMORY HELP'), 'lists what each server has', 'help', _both_texts),
    Allowed('replicas', ('WAIT',), 'the redis-server has no replicas', 'wait', _both_whole),
]

CONTAINERS = ('CLIENT', 'CONFIG', 'COMMAND', 'OBJECT', 'MEMORY', 'LATENCY', 'CLUSTER')


def full_name(args):
    """A command's name, with that of its subcommand."""
    name = args[0].decode('latin-1').upper()
    return f'{name} {args[1].decode("latin-1").upper()}' if name in CONTAINERS and len(args) > 1 else name


def is_allowed(args, redis, torc):
    for entry in TABLE:
        if full_name(args) in entry.commands and entry.same(args, redis, torc):
            entry.used += 1
            return True
    return False
