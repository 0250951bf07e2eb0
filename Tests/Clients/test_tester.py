"""The differential test is tested itself: Redis is as Redis is, and what is not as Redis is gets found."""
import unittest

import allowed
import cases
import settings
import targets
from differ import Differ, segments, shape
from processes import Redis
from proxy import Proxy
from steps import Command, Pause
from wire import Replies, encode, tree

# One small lie each, and in how many cases it must be found.
LIES = {
    'the largest integer is one less': lambda raw: raw.replace(b':9223372036854775807\r', b':9223372036854775806\r'),
    'another wording': lambda raw: raw.replace(b'-ERR syntax error', b'-ERR Syntax error'),
    'another prefix': lambda raw: raw.replace(b'-EXECABORT', b'-ERR'),
    'empty for nothing': lambda raw: raw.replace(b'$-1\r\n', b'$0\r\n\r\n').replace(b'_\r\n', b'$0\r\n\r\n'),
    'one for zero in a transaction': lambda raw: raw.replace(b'\r\n:0\r\n', b'\r\n:1\r\n') if raw[:1] == b'*' else raw,
    'a ttl for none': lambda raw: b':100\r\n' if raw == b':-1\r\n' else raw,
    'an end where an error is': lambda raw: None if raw.startswith(b'-ERR increment or') else raw,
    'a version that has another field': lambda raw: raw.replace(b'$4\r\nrole', b'$4\r\nRole'),
}


class Tester(unittest.TestCase):
    def differ(self, address):
        quiet = lambda text: None
        return Differ({**targets.oracles()}, [address], quiet)

    def test_redis_beside_itself_shows_no_difference(self):
        differ = self.differ(Redis().address)
        for seed in range(settings.seed, settings.seed + settings.amount(60, 600)):
            case = cases.make(seed)
            if case.oracle == 'alone': differ.examine(case)
        self.assertEqual([str(found) for found in differ.found.values()], [])
        self.assertGreater(differ.commands, 2000)

    def test_each_lie_is_found_and_shown_with_few_commands(self):
        for name, lie in LIES.items():
            with self.subTest(name):
                proxy = Proxy(Redis().address, lie)
                differ = self.differ(proxy.address)
                for seed in range(400):
                    case = cases.make(seed)
                    if case.oracle == 'alone': differ.examine(case)
                    if differ.found: break
                proxy.close()
                self.assertEqual(len(list(differ.found)[:1]), 1)
                self.assertLessEqual(len(next(iter(differ.found.values())).steps), 6)

    def test_a_case_is_the_same_for_the_same_seed(self):
        for seed in range(50):
            self.assertEqual([str(step) for step in cases.make(seed).steps],
                             [str(step) for step in cases.make(seed).steps])

    def test_every_theme_and_every_command_is_drawn(self):
        import commands
        drawn, themes = set(), set()
        for seed in range(600):
            case = cases.make(seed)
            themes.add(case.theme)
            drawn |= {step.args[0].upper() for step in case.steps if isinstance(step, Command)}
        self.assertEqual(themes, set(cases.THEMES))
        for table in (commands.STRINGS, commands.NUMBERS, commands.BITS, commands.TIMES, commands.KEYS,
                      commands.CONNECTION):
            self.assertEqual(set(table) - drawn, set())

    def test_replies_are_cut_alike_however_they_come(self):
        stream = (b'+OK\r\n$3\r\na\r\n\r\n*2\r\n:1\r\n*1\r\n$-1\r\n%1\r\n+a\r\n*0\r\n_\r\n*-1\r\n~1\r\n#t\r\n'
                  b'=5\r\ntxt:a\r\n'
                  b'-ERR x\r\n,1.5\r\n$0\r\n\r\n')
        whole = cut(stream, len(stream))
        self.assertEqual(len(whole), 11)
        self.assertEqual(b''.join(whole), stream)
        for size in (1, 2, 3, 7): self.assertEqual(cut(stream, size), whole)
        self.assertEqual(tree(whole[2]), ('*', [(':', b'1'), ('*', [('$', None)])]))
        self.assertEqual(encode([b'GET', b'']), b'*2\r\n$3\r\nGET\r\n$0\r\n\r\n')

    def test_what_may_differ_is_only_what_the_table_says(self):
        for args, redis, torc, may in (
                ([b'ttl', b'k'], b':100\r\n', b':99\r\n', True), ([b'TTL', b'k'], b':100\r\n', b':90\r\n', False),
                ([b'TTL', b'k'], b':-1\r\n', b':-2\r\n', False), ([b'PTTL', b'k'], b':100000\r\n', b':99001\r\n', True),
                ([b'CLIENT', b'id'], b':4\r\n', b':77\r\n', True), ([b'CLIENT', b'ID'], b':4\r\n', b'$1\r\n4\r\n',
                                                                    False),
                ([b'GET', b'k'], b':1\r\n', b':2\r\n', False),
                ([b'OBJECT', b'ENCODING', b'k'], b'$3\r\nraw\r\n', b'$6\r\nembstr\r\n', True),
                ([b'OBJECT', b'ENCODING', b'k'], b'$3\r\nraw\r\n', b'$-1\r\n', False),
                ([b'HELLO'], b'*2\r\n+id\r\n:1\r\n', b'*2\r\n+id\r\n:2\r\n', True),
                ([b'HELLO'], b'*2\r\n+no\r\n:1\r\n', b'*2\r\n+no\r\n:2\r\n', False)):
            self.assertEqual(allowed.is_allowed(args, tree(redis), tree(torc)), may, (args, redis, torc))

    def test_steps_go_out_together_where_nothing_is_between_them(self):
        steps = [Command([b'a']), Command([b'b']), Command([b'c'], 1), Pause(1), Command([b'd'])]
        self.assertEqual([(begin, len(steps)) for begin, steps in segments(steps)], [(0, 2), (2, 1), (3, 1), (4, 1)])
        self.assertEqual(shape(b"-ERR unknown command 'x' 12\r\n"), shape(b"-ERR unknown command 'y' 7\r\n"))


def cut(stream, size):
    replies, found = Replies(), []
    for at in range(0, len(stream), size):
        replies.data += stream[at:at + size]
        while (reply := replies.next()) is not None: found.append(reply)
    return found
