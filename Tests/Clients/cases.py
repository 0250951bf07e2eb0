"""Cases: what is sent to both servers, made from a seed. A case has a theme, so that its commands meet on few keys."""
from dataclasses import dataclass

import commands
from pools import Pool
from steps import Command, Pause, Raw, Scan, shown


@dataclass
class Case:
    seed: int
    theme: str
    steps: list
    oracle: str = 'alone'  # which redis-server: 'alone', or in 'cluster' mode
    whole: bool = False    # begins with nothing at all on the server


class Maker:
    def __init__(self, seed, length):
        self.pool, self.length, self.steps, self.seed = Pool(seed), length, [], seed

    def add(self, *args, link=0, **more):
        self.steps.append(Command([arg if isinstance(arg, bytes) else str(arg).encode() for arg in args], link, **more))

    def hello(self, links=1):
        for link in range(links):
            if self.pool.chance(0.9): self.add(b'HELLO', self.pool.protocol, link=link)

    def command(self, table, link=0):
        p = self.pool
        if p.chance(p.oddity / 8):
            self.add(*commands.unknown(p), link=link)
            return
        name = p.one(list(table))
        args = table[name](p)
        if name not in commands.AS_THEY_ARE and name not in commands.OF_ONE_SLOT:
            bent = p.bent(args)
            # A value may now stand where a key belongs, and keys have a limit (docs/redis.md, limits).
            args = bent if bent == args else [arg[:4000] for arg in bent]
        self.add(p.cased(name), *args, link=link)
        # Two values near the limit would be too much for one reply of Torc.
        if name in (b'SETRANGE', b'SETBIT') and len(args) > 1 and len(args[1]) > 6: self.add(b'DEL', args[0], link=link)

    def commands(self, table):
        """Over one connection, or over two that take turns."""
        self.hello(2)
        other = self.pool.one([0, 0, 0.1])
        link = 0
        for _ in range(self.length):
            if self.pool.chance(other): link = 1 - link
            self.command(table, link)

    # Themes

    def strings(self): self.commands(commands.STRINGS)
    def numbers(self): self.commands(commands.NUMBERS)
    def bits(self): self.commands(commands.BITS)
    def times(self): self.commands(commands.TIMES)
    def keys(self): self.commands(commands.KEYS)
    def connection(self): self.commands(commands.CONNECTION)

    def mixed(self):
        self.commands({**commands.STRINGS, **commands.NUMBERS, **commands.BITS, **commands.TIMES, **commands.KEYS})

    def expiry(self):
        """Keys that are over: waited for on both sides."""
        p = self.pool
        self.hello(2)
        for _ in range(max(2, self.length // 15)):
            # A key that is watched must still be there then.
            watched = p.chance(0.3)
            key, soon = p.key(), str(p.random.randint(1, 25) if not watched else 300).encode()
            for _ in range(p.random.randint(0, 3)): self.command(commands.STRINGS)
            how = p.random.randrange(4)
            if how == 0: self.add(b'SET', key, p.value(), b'PX', soon)
            elif how == 1: self.add(b'PSETEX', key, soon, p.value())
            else:
                self.add(b'SET', key, p.value())
                self.add(*([b'PEXPIRE', key, soon] if how == 2 else [b'GETEX', key, b'PX', soon]))
            if watched: self.add(b'WATCH', key)
            self.steps.append(Pause(0.06 if not watched else 0.35))
            if watched:
                self.add(b'MULTI')
                self.add(b'PING')
                self.add(b'EXEC')
            table = p.one([commands.STRINGS, commands.KEYS, commands.TIMES, commands.NUMBERS])
            for _ in range(p.random.randint(1, 4)):
                name = p.one([name for name in table if name not in (b'OBJECT', b'MEMORY')])
                args = table[name](p)
                self.add(name, key, *args[1:])
            self.add(b'EXISTS', key)
            self.add(b'DEL', key)

    def transactions(self, table=None):
        """MULTI and what belongs to it, with writes of another connection at any moment."""
        p = self.pool
        self.hello(2)
        table = table or p.one([commands.STRINGS, commands.NUMBERS, commands.TIMES, commands.KEYS, commands.BITS])
        while len(self.steps) < self.length:
            writes = self.watch(table) if p.chance(0.6) else table
            for _ in range(p.random.randint(0, 2)): self.tagged(writes, p.one([0, 0, 1]))
            if p.chance(0.1): self.add(b'UNWATCH')
            inside = p.chance(0.95)
            # Without MULTI what is watched may come and go.
            self.add(p.cased(b'MULTI') if inside else b'UNWATCH')
            for _ in range(p.random.randint(0, 6)):
                if p.chance(0.15): self.tagged(writes, 1)
                elif inside and p.chance(0.06): self.odd_inside()
                else: self.tagged(table)
            self.add(*p.one([[b'EXEC']] * 8 + [[b'DISCARD'], [b'RESET'], [b'exec', b'x'], [b'discard', b'x']]))
            if p.chance(0.3): self.add(b'GET', p.key(), link=1)
        self.add(b'DISCARD')

    def watch(self, table):
        """Watches keys; the commands that may come before EXEC. A key that is missing then does not come and go: Torc
        would not notice (docs/redis.md, WATCH)."""
        keys = self.pool.keys(most=3)
        missing = self.pool.chance(0.3)
        for key in keys: self.add(*([b'DEL', key] if missing else [b'SET', key, self.pool.value()]))
        self.add(b'WATCH', *keys)
        return commands.CREATING if missing else table

    def tagged(self, table, link=0):
        """A command whose keys are of the case's slot, whatever else is wrong with it."""
        self.command(table, link)
        step = self.steps[-1]
        if step.args[0].upper() not in table: return
        at = 2 if step.args[0].upper() in (b'OBJECT', b'MEMORY') else 1
        if len(step.args) > at and not step.args[at].startswith(b'{#}'): step.args[at] = b'{#}' + step.args[at]

    def odd_inside(self):
        """What is refused inside, or does nothing to the transaction."""
        p = self.pool
        self.add(*p.one([
            [b'MULTI'], [b'WATCH', p.key()], [b'UNWATCH'], [b'GET'], [b'NOSUCH', b'x'], [b'SET', p.key()], [b'PING'],
            [b'ECHO', b'x'], [b'SELECT', b'0'], [b'MULTI', b'x'], [b'CLIENT', b'nothing'], [b'OBJECT', b'ENCODING'],
            [b'INCR', p.key()], [b'SELECT', b'1'], [b'CONFIG', b'nothing'], [b'CLIENT', b'GETNAME'],
            [b'CONFIG', b'GET', b'no-such-*']]))

    def inline(self):
        """Commands as lines."""
        p = self.pool
        self.hello()
        self.add(b'PING')
        for _ in range(self.length // 2):
            name = p.one([b'SET', b'GET', b'APPEND', b'STRLEN', b'DEL', b'INCR', b'ECHO', b'PING', b'nosuch'])
            # A line that is too long is an error only where it came in too few pieces.
            makers = {**commands.NUMBERS, **commands.KEYS, **commands.STRINGS}
            args = [name] + [arg[:1000] for arg in makers.get(name, lambda p: [p.value()])(p)]
            line = p.one([b' ', b'  ', b'\t']).join(self.quoted(arg) for arg in args)
            ending = p.one([b'\r\n', b'\n', b' \r\n'])
            self.steps.append(Raw(p.one([b'', b'', b'\r\n', b'\n\n']) + line + ending, 1))
        if p.chance(0.3):
            bad = p.one([b'SET "a', b"GET 'a", b'SET "a"b c', b"GET 'a'b", b'"', b"ECHO \"\\x4\"x"])
            self.steps.append(Raw(bad + b'\r\n', 1))

    def quoted(self, arg):
        p = self.pool
        if p.chance(0.5) and arg and b'{#' not in arg: arg = arg[:40]
        if b'\n' not in arg and b"'" not in arg and b'\r' not in arg and b'\0' not in arg and p.chance(0.2):
            return b"'" + arg.replace(b'\\', b'\\\\') + b"'" if b'\\' not in arg else shown(arg, 1 << 30).encode()
        text = shown(arg, 1 << 30).encode()
        return text.replace(b'\\x', b'\\X') if p.chance(0.02) else text

    def database(self):
        """What looks at all keys; nobody else has any."""
        p = self.pool
        self.hello()
        for _ in range(self.length // 2):
            kind = p.random.randrange(12)
            if kind < 3: self.add(b'SET', p.one([p.key, p.apart])(), p.value())
            elif kind < 4: self.add(b'DEL', *p.keys())
            elif kind < 5: self.add(b'DBSIZE')
            elif kind < 7: self.add(b'KEYS', p.glob(), unordered=True)
            elif kind < 10: self.steps.append(Scan(p.options(
                [b'MATCH', p.glob], [b'COUNT', lambda: p.one([b'1', b'10', b'1000', b'9223372036854775807'])],
                [b'TYPE', lambda: p.one([b'string', b'list', b'STRING', b'nothing'])])))
            elif kind < 11: self.add(*p.one([[b'RENAME'], [b'COPY']]), p.key(), p.key())
            else: self.emptied()
        self.emptied()

    def emptied(self):
        p = self.pool
        self.add(*p.one([[b'FLUSHALL'], [b'FLUSHDB'], [b'FLUSHALL', b'ASYNC'], [b'flushdb', b'sync']]))
        self.add(b'RANDOMKEY')
        self.add(b'DBSIZE')
        self.add(b'SET', p.names[0], b'x')
        self.add(b'RANDOMKEY')

    def slots(self):
        """Keys of several slots, and what asks for slots, as Redis Cluster has it."""
        p = self.pool
        self.hello()
        table = {name: commands.KEYS[name] for name in (b'SET', b'GET', b'RENAME', b'RENAMENX', b'COPY')}
        table[b'MSETNX'] = commands.STRINGS[b'MSETNX']
        for _ in range(self.length):
            kind = p.random.randrange(10)
            if kind < 1:
                # Reads of such a connection may be older than its writes: it is ended at once.
                if p.chance(0.5): self.add(b'READONLY', *p.bent([]))
                self.add(p.one([b'READWRITE', b'READWRITE', b'ASKING']), *p.bent([]))
                self.add(b'READWRITE')
            elif kind < 2: self.add(b'CLUSTER', b'KEYSLOT', *p.bent([p.one([
                p.key(), p.value(), b'{}a', b'a{}b', b'a{b}c', b'{b', b'a{{b}}c', b'a}b{c}', b'{a}{b}', b'',
                b'{{}}'])]))
            elif kind < 3: self.add(*p.one([
                [b'CLUSTER'], [b'CLUSTER', b'nothing'], [b'CLUSTER', b'COUNTKEYSINSLOT', b'16384'],
                [b'CLUSTER', b'COUNTKEYSINSLOT', b'-1'], [b'CLUSTER', b'COUNTKEYSINSLOT', b'abc'],
                [b'CLUSTER', b'GETKEYSINSLOT', b'0', b'-1'], [b'CLUSTER', b'GETKEYSINSLOT', b'16384', b'1'],
                [b'CLUSTER', b'GETKEYSINSLOT', b'0'], [b'CLUSTER', b'COUNTKEYSINSLOT'], [b'SELECT', b'0']]))
            elif kind < 5:
                self.add(b'MULTI')
                for _ in range(p.random.randint(1, 3)): self.add(p.one([b'SET', b'APPEND']), self.near(0.3), p.value())
                self.add(b'EXEC')
            else:
                name = p.one(list(table))
                args = table[name](p)
                if len(args) > 1 and p.chance(0.3):
                    place = p.random.randrange(len(args)) if name == b'MSETNX' else 1 if b'SET' not in name else 0
                    if name != b'MSETNX' or place % 2 == 0: args[place] = p.apart()
                self.add(name, *args)

    def near(self, probability): return self.pool.apart() if self.pool.chance(probability) else self.pool.key()


THEMES = {
    'strings': 5, 'numbers': 4, 'bits': 4, 'times': 4, 'keys': 4, 'mixed': 4, 'transactions': 5, 'connection': 3,
    'inline': 2, 'expiry': 1, 'database': 1, 'slots': 2}


def make(seed, length=60, theme=None):
    """The case of a seed: always the same one."""
    maker = Maker(seed, length)
    drawn = maker.pool.random.choices(list(THEMES), list(THEMES.values()))[0]
    theme = theme or drawn
    getattr(maker, theme)()
    return Case(seed, theme, maker.steps, 'cluster' if theme == 'slots' else 'alone', theme == 'database')
