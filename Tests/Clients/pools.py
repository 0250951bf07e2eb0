"""Random arguments: mostly what makes sense, often what lies at an edge, now and then nonsense."""
import random
import string

INT_MAX, INT_MIN = 2 ** 63 - 1, -2 ** 63

WHOLE = [b'0', b'1', b'-1', b'2', b'7', b'10', b'-10', b'255', b'65536', b'-32768', b'4294967295', b'4294967296']
LIMITS = [str(number).encode() for number in (
    INT_MAX, INT_MIN, INT_MAX - 1, INT_MIN + 1, INT_MAX // 2, INT_MIN // 2, 2 ** 31, 2 ** 31 - 1, -2 ** 31, 2 ** 32,
    2 ** 53, -2 ** 53)]
NO_WHOLE = [
    b'', b' ', b'-', b'+', b'+1', b'-0', b'00', b'01', b'-01', b' 1', b'1 ', b'1\n', b'1\x00', b'0x10', b'1e3', b'1.0',
    b'3.14', b'.5', b'abc', b'1a', b'--1', b'inf', b'nan', str(INT_MAX + 1).encode(), str(INT_MIN - 1).encode(),
    b'1' * 20, b'9' * 40, b'1' * 200, b'\xff', b'1_000']
FLOATS = [
    b'0', b'1', b'-1', b'0.1', b'-0.1', b'.5', b'-.5', b'5.', b'3.0e3', b'1e3', b'1E3', b'1e-3', b'10.50', b'1e17',
    b'1e18',
    b'1e20', b'-1e20', b'123456789.123456789', b'0.00000000000000001', b'1e-17', b'1e-18', b'1e-30',
    b'3.14159265358979323',
    b'99999999999999999', b'0.30000000000000004', b'1e300', b'-1e300', b'1e4000', b'1e4932', b'1.5e-4940', b'5.0e3',
    b'9223372036854775807', b'-9223372036854775808', b'1e15', b'1234567890123456789012']
NO_FLOATS = [
    b'', b' ', b'abc', b'inf', b'-inf', b'+inf', b'infinity', b'nan', b'-nan', b'1e5000', b'-1e5000', b'1e', b'e1',
    b'1 ',
    b' 1', b'1.2.3', b'0x', b'0x1p3', b'0x10', b'1,5', b'1\x00', b'--1', b'1e400000', b'1' * 400, b'9' * 6000]
# Relative times that are over soon are left to the cases that wait for them.
SECONDS = [100, 5000, 86400, 31536000, 1000000000]
NO_SECONDS = [
    b'0', b'-1', b'-100', b'-1000000', str(INT_MAX).encode(), str(INT_MIN).encode(), str(INT_MAX // 1000).encode(),
    str(INT_MAX // 1000 + 1).encode(), str(INT_MIN // 1000 - 1).encode(), str(INT_MAX - 1000).encode(), b'1.5', b'abc',
    b'', b'1e3', str(INT_MAX + 1).encode(), b'+100', b' 100']
PAST = [b'1', b'1000000000', b'1600000000']
FUTURE = [b'2000000000', b'4102444800', b'5000000000']
GLOBS = [
    b'*', b'?', b'**', b'', b'{#}*', b'{#}?', b'{#}h?llo', b'{#}h*llo', b'{#}h[ae]llo', b'{#}h[^e]llo', b'{#}h[a-b]llo',
    b'{#}h[b-a]llo', b'{#}h[', b'{#}h[a', b'{#}h[]llo', b'{#}h\\ello', b'{#}h\\*llo', b'{#}*\\', b'*llo', b'*o*', b'*[',
    b'{#}[a-z]', b'{#}[^a-z]*', b'\\{#}*', b'{#}*\x00*', b'{#}h[\\a]llo', b'{#}h[a-]llo', b'*\xff*', b'{#}H?LLO',
    b'{#}*?*?*?*', b'nothing*']


class Pool:
    """What one case draws from."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        names = [b'', b'a', b'b', b'c', b'key', b'hello', b'hallo', b'hbllo', b'h*llo', b'\x00', b'\xff\xfe', b'a b',
                 b'\r\n',
                 b'"', b'long' * 30, '\u00e9'.encode()]
        self.names = [b'{#}' + name for name in self.random.sample(names, self.random.randint(2, 6))]
        self.oddity = self.random.choice([0.02, 0.1, 0.3])  # how often an argument is none of its kind
        self.protocol = self.random.choice([2, 3])
        self.times = 0

    def chance(self, probability): return self.random.random() < probability
    def one(self, items): return self.random.choice(items)
    def odd(self): return self.chance(self.oddity)

    def key(self): return self.one(self.names)

    def keys(self, least=1, most=5): return [self.key() for _ in range(self.random.randint(least, most))]

    def apart(self):
        """A key of some other slot."""
        return b'{#' + self.one([b'x', b'y', b'z']) + b'}' + self.one([b'', b'a', b'b'])

    def value(self):
        kind = self.random.random()
        if kind < 0.1: return b''
        if kind < 0.3: return self.one(WHOLE)
        if kind < 0.4: return self.one(LIMITS)
        if kind < 0.5: return self.one(FLOATS)
        if kind < 0.55: return self.one(NO_WHOLE)
        if kind < 0.6: return self.one(NO_FLOATS)
        if kind < 0.8: return self.random.randbytes(self.random.choice([1, 2, 3, 8, 9, 43, 44, 45, 64, 100]))
        if kind < 0.82: return self.random.randbytes(self.random.randint(1000, 40000))
        return ''.join(self.random.choices(string.printable, k=self.random.randint(1, 60))).encode()

    def word(self): return self.one([b'foo', b'', b'EX', b'nx', b'GET', b'\x00', b'bar baz', b'0', b'*', b'a\r\nb'])

    def whole(self):
        if self.odd(): return self.one(NO_WHOLE)
        if self.chance(0.25): return self.one(LIMITS)
        return self.one(WHOLE) if self.chance(0.5) else str(self.random.randint(-1000, 1000)).encode()

    def real(self):
        if self.odd(): return self.one(NO_FLOATS)
        return self.one(FLOATS) if self.chance(0.7) else b'%.*f' % (
            self.random.randint(0, 19), self.random.uniform(-1000, 1000))

    def index(self):
        if self.odd(): return self.one(NO_WHOLE)
        if self.chance(0.1): return self.one(LIMITS)
        return str(self.random.choice([0, 1, -1, 2, -2, 5, -5, 7, 8, 9, 63, 64, 65, -64, 100, -100,
                                       self.random.randint(-20, 20)
                                       ])).encode()

    def offset(self):
        """For SETRANGE and SETBIT: what is very large is rare, as it makes large values."""
        if self.odd(): return self.one(NO_WHOLE + [b'-1', b'-100', b'16777216', b'134217728', b'536870912',
                                                   b'4294967296',
                                                   b'9223372036854775807', b'-9223372036854775808'])
        if self.chance(0.004): return self.one([b'16777215', b'16777214', b'134217727', b'1000000', b'8388608'])
        return str(self.random.choice([0, 1, 2, 7, 8, 9, 15, 16, 63, 64, 100, 255, self.random.randint(0,
                                                                                                       1000)])).encode()

    def bit(self): return self.one([b'0', b'1']) if not self.odd() else self.one(NO_WHOLE + [b'2', b'-1'])

    def later(self):
        """Never the same twice: with GT and LT equal times would be a matter of milliseconds."""
        self.times += 7
        return self.one(SECONDS) + self.times

    def seconds(self): return self.one(NO_SECONDS) if self.odd() or self.chance(0.1) else b'%d' % self.later()

    def millis(self): return self.one(NO_SECONDS) if self.odd() or self.chance(0.1) else b'%d000' % self.later()

    def moment(self):
        if self.odd(): return self.one(NO_SECONDS)
        return self.one(PAST) if self.chance(0.3) else self.one(FUTURE)

    def moment_millis(self):
        if self.odd(): return self.one(NO_SECONDS)
        return self.moment() + self.one([b'000', b'001', b'999'])

    def glob(self): return self.one(GLOBS)

    def cased(self, word):
        """Words are taken in any case."""
        kind = self.random.random()
        if kind < 0.6: return word
        if kind < 0.8: return word.lower()
        return bytes(self.one([byte, byte ^ 32]) if chr(byte).isalpha() else byte for byte in word)

    def options(self, *choices, most=3):
        """Some of the choices, in any order and case, perhaps twice; a choice is a word, or a list of a word and
        functions that make its arguments. Now and then one argument is missing, or a word is not known."""
        count = self.random.choices(range(most + 1), [4, 4, 2, 1][:most + 1])[0]
        made = []
        for _ in range(count):
            choice = self.one(choices)
            if isinstance(choice, bytes): made.append(self.cased(choice))
            else: made += [self.cased(choice[0])] + [argument() for argument in choice[1:]]
        if made and self.odd(): made.pop()
        if self.chance(self.oddity / 4): made.insert(self.random.randint(0, len(made)), self.word())
        return made

    def bent(self, args):
        """Now and then an argument too few or too many."""
        if not self.chance(self.oddity / 3): return args
        args = list(args)
        if args and self.chance(0.5): args.pop(self.random.randrange(len(args)))
        else: args.insert(self.random.randint(0, len(args)), self.one([self.word(), self.key(), self.value()[:100]]))
        return args
