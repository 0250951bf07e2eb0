"""What clients ask about the server and its connections: replies whose content is a server's own, so their form is
compared, and what Torc does not have."""
import time
import unittest

import redis

import allowed
import commands
import targets
from test_connections import client
from wire import Link, tree

SUPPORTED = sorted({name.decode() for table in (
    commands.STRINGS, commands.NUMBERS, commands.BITS, commands.TIMES, commands.KEYS,
    commands.CONNECTION) for name in table}
    | {'QUIT', 'INFO', 'DEBUG', 'CLUSTER', 'READONLY', 'READWRITE', 'ASKING', 'MULTI'})


def asked(address, *args, protocol=2):
    """A reply as a tree."""
    link = Link(address)
    try:
        if protocol == 3: link.ask(b'HELLO', b'3')
        return tree(link.ask(*[arg.encode() if isinstance(arg, str) else arg for arg in args]))
    finally: link.close()


def kinds(node):
    """The form of a reply: kinds, and the names in a map."""
    if not isinstance(node[1], list): return node[0]
    if node[0] == '%': return '%', tuple(sorted((name, kinds(item)) for name, item in zip(node[1][::2], node[1][1::2])))
    return node[0], tuple(kinds(item) for item in node[1])


class Introspection(unittest.TestCase):
    def both(self, *args, protocol=2):
        return [asked(address, *args, protocol=protocol) for address in (targets.oracle().address,
                                                                         targets.addresses()[0])]

    def test_replies_have_the_form_of_redis(self):
        for protocol in (2, 3):
            for args in (['TIME'], ['INFO'], ['CLIENT', 'LIST'], ['CLIENT', 'INFO'], ['CLIENT', 'ID'], ['COMMAND',
                                                                                                        'COUNT'],
                         ['HELLO'], ['CONFIG', 'GET', 'maxmemory'], ['DBSIZE'], ['ROLE'], ['INFO', 'server'],
                         ['CONFIG', 'GET', 'save'], ['CONFIG', 'GET', 'appendonly'], ['COMMAND', 'INFO', 'nothing'],
                         ['CONFIG', 'GET', 'maxmemory', 'save'], ['INFO', 'nothing'], ['LATENCY', 'LATEST'],
                         ['CONFIG', 'SET', 'maxmemory', '0'] if not targets.is_torc() else ['PING']):
                with self.subTest(args=args, protocol=protocol):
                    mine, yours = self.both(*args, protocol=protocol)
                    if args == ['ROLE']: mine, yours = ('*', mine[1][:2]), ('*', yours[1][:2])
                    self.assertEqual(kinds(yours), kinds(mine))

    def test_info_has_what_tools_read(self):
        with client() as r:
            info = r.info()
            for name in ('redis_version', 'redis_mode', 'uptime_in_seconds', 'connected_clients', 'used_memory', 'role',
                         'tcp_port', 'process_id', 'cluster_enabled', 'total_commands_processed', 'used_memory_human',
                         'run_id', 'os', 'total_connections_received', 'maxmemory', 'loading'):
                self.assertIn(name, info)
            self.assertEqual((info['role'], info['tcp_port']), ('master', targets.addresses()[0][1]))
            self.assertEqual(int(str(info['redis_version']).split('.')[0]), 7)
            self.assertLess(len(r.info('server')), len(info))
            self.assertEqual(r.info('nothing'), {})
            r.set('info', 'x')
        # Each node counts what it leads.
        infos = [client(number).info('keyspace') for number in range(len(targets.addresses()))]
        self.assertGreaterEqual(sum(info['db0']['keys'] for info in infos if info), 1)

    def test_time_is_that_of_the_machine(self):
        seconds, micros = client().time()
        self.assertLess(abs(seconds + micros / 1e6 - time.time()), 5)

    def test_command_says_what_the_supported_commands_take(self):
        redis_says, torc_says = self.both('COMMAND', 'INFO', *SUPPORTED)
        for name, mine, yours in zip(SUPPORTED, redis_says[1], torc_says[1]):
            with self.subTest(name):
                self.assertEqual(yours[0], '*')
                self.assertTrue(yours[1], 'Torc says it has no such command')
                # Name, arity; first key, last key, step: those of subcommands Redis has in a table further in.
                self.assertEqual([item[1] for item in yours[1][:2]], [item[1] for item in mine[1][:2]])
                if name in allowed.CONTAINERS: continue
                self.assertEqual([item[1] for item in yours[1][3:6]], [item[1] for item in mine[1][3:6]])
        with client() as r:
            listed = {name.decode().upper() if isinstance(name, bytes) else name.upper() for name in r.command_list()}
            self.assertEqual(set(SUPPORTED) - listed, set())
            self.assertEqual(r.command_count(), len(r.command()))

    def test_docs_of_commands_can_be_read_by_clis(self):
        for protocol in (2, 3):
            kind, docs = asked(targets.addresses()[0], 'COMMAND', 'DOCS', 'get', 'set', protocol=protocol)
            self.assertEqual((kind, len(docs)), ('%' if protocol == 3 else '*', 4))
            self.assertEqual({docs[0][1], docs[2][1]}, {b'get', b'set'})
            self.assertIn(b'summary', [item[1] for item in docs[1][1][::2]])

    def test_client_list_has_the_fields_of_redis(self):
        mine, yours = [self.entry(reply) for reply in self.both('CLIENT', 'INFO')]
        self.assertEqual({'id', 'addr', 'laddr', 'name', 'age', 'idle', 'flags', 'db', 'multi', 'cmd', 'user', 'resp'}
                         - yours.keys(), set())
        self.assertEqual((yours['cmd'], yours['db'], yours['user'], yours['resp']), ('client|info', '0', 'default',
                                                                                     '2'))
        self.assertEqual(mine['multi'], yours['multi'])
        self.assertEqual(self.entry(self.both('CLIENT', 'INFO', protocol=3)[1])['resp'], '3')

    def entry(self, reply):
        text = reply[1].decode().strip()
        return dict(field.split('=', 1) for field in text.removeprefix('txt:').split(' '))

    def test_client_kill_takes_filters(self):
        address = targets.addresses()[0]
        first, second = Link(address), Link(address)
        number = tree(first.ask(b'CLIENT', b'ID'))[1]
        self.assertEqual(second.ask(b'CLIENT', b'KILL', b'ID', number, b'TYPE', b'pubsub'), b':0\r\n')
        self.assertEqual(second.ask(b'CLIENT', b'LIST', b'ID', number)[:1], b'$')
        self.assertEqual(second.ask(b'CLIENT', b'KILL', b'ID', number, b'TYPE', b'normal'), b':1\r\n')
        self.assertEqual(first.ask(b'PING'), b'(the connection is closed)')
        own = '%s:%d' % second.socket.getsockname()
        self.assertEqual(second.ask(b'CLIENT', b'KILL', b'ADDR', own.encode(), b'SKIPME', b'yes'), b':0\r\n')
        self.assertEqual(second.ask(b'CLIENT', b'KILL', own.encode()), b'+OK\r\n')
        self.assertEqual(second.ask(b'PING'), b'(the connection is closed)')

    def test_newer_subcommands_of_client_work(self):
        """Redis 7.2 has them, redis-py sends them, the oracle is older."""
        if not targets.is_torc(): self.skipTest('redis-server 7.0 lacks them')
        link = Link(targets.addresses()[0])
        self.assertEqual(link.ask(b'CLIENT', b'SETINFO', b'lib-name', b'mine'), b'+OK\r\n')
        self.assertEqual(link.ask(b'CLIENT', b'SETINFO', b'LIB-VER', b'1.2'), b'+OK\r\n')
        self.assertEqual(link.ask(b'CLIENT', b'SETINFO', b'lib-name', b'a b')[:4], b'-ERR')
        self.assertEqual(link.ask(b'CLIENT', b'SETINFO', b'nothing', b'x')[:4], b'-ERR')
        self.assertEqual(link.ask(b'CLIENT', b'NO-TOUCH', b'on'), b'+OK\r\n')
        self.assertEqual(link.ask(b'CLIENT', b'NO-TOUCH', b'x')[:4], b'-ERR')
        self.assertIn(b' lib-name=mine lib-ver=1.2', link.ask(b'CLIENT', b'INFO'))
        link.close()

    def test_each_connection_has_its_consistency(self):
        if not targets.is_torc(): self.skipTest('Torc alone has it')
        link = Link(targets.addresses()[1])
        self.assertEqual(link.ask(b'SET', b'consistent', b'x'), b'+OK\r\n')
        for level in (b'one', b'ALL', b'Quorum'):
            self.assertEqual(link.ask(b'CLIENT', b'CONSISTENCY', level), b'+OK\r\n')
            self.assertEqual(link.ask(b'SET', b'consistent', level), b'+OK\r\n')
            if level != b'one': self.assertEqual(tree(link.ask(b'GET', b'consistent')), ('$', level))
        self.assertEqual(link.ask(b'CLIENT', b'CONSISTENCY', b'most')[:4], b'-ERR')
        self.assertEqual(link.ask(b'READONLY'), b'+OK\r\n')
        self.assertEqual(tree(link.ask(b'GET', b'consistent'))[0], '$')
        self.assertEqual(link.ask(b'READWRITE'), b'+OK\r\n')
        self.assertEqual(link.ask(b'DEL', b'consistent'), b':1\r\n')
        link.close()

    def test_quit_answers_and_ends(self):
        link = Link(targets.addresses()[0])
        self.assertEqual(link.ask(b'QUIT'), b'+OK\r\n')
        self.assertEqual(link.ask(b'PING'), b'(the connection is closed)')

    def test_what_is_not_there_is_refused_and_harms_nothing(self):
        """Every other command of Redis: an error, that it is unknown or with the page, and the connection goes on."""
        if not targets.is_torc(): self.skipTest('redis-server has them')
        with redis.Redis(*targets.oracle().address) as r:
            others = sorted({name.decode().upper() for name in r.execute_command('COMMAND LIST')} - set(SUPPORTED))
        self.assertGreater(len(others), 100)
        link = Link(targets.addresses()[0])
        for name in others:
            with self.subTest(name):
                for args in ([], [b'a'], [b'a', b'1', b'b']):
                    reply = link.ask(name.encode(), *args)
                    self.assertEqual(reply[:1], b'-')
                    self.assertTrue(b'unknown command' in reply or b'redis.md' in reply or b'wrong number' in reply,
                                    reply)
        self.assertEqual(link.ask(b'PING'), b'+PONG\r\n')
        link.close()

    def test_names_of_subcommands_are_known_to_the_table_of_what_may_differ(self):
        self.assertEqual(allowed.full_name([b'client', b'id']), 'CLIENT ID')
        self.assertEqual(allowed.full_name([b'get', b'id']), 'GET')

    def test_cluster_describes_every_slot_once(self):
        address = targets.addresses()[0] if targets.is_torc() else targets.oracles()['cluster']
        slots = asked(address, 'CLUSTER', 'SLOTS')[1]
        ranges = sorted((int(entry[1][0][1]), int(entry[1][1][1])) for entry in slots)
        self.assertEqual(ranges[0][0], 0)
        self.assertEqual(ranges[-1][1], 16383)
        for (_, end), (begin, _) in zip(ranges, ranges[1:]): self.assertEqual(begin, end + 1)
        for entry in slots:
            for member in entry[1][2:]:
                self.assertEqual([item[0] for item in member[1][:3]], ['$', ':', '$'])
                self.assertRegex(member[1][2][1].decode(), '^[0-9a-f]{40}$')
        with redis.Redis(*address) as r:
            nodes = r.cluster('NODES')
            self.assertEqual(sum('myself' in node['flags'] for node in nodes.values()), 1)
            info = r.cluster('INFO')
            self.assertEqual((info['cluster_state'], info['cluster_slots_assigned']), ('ok', '16384'))
            mine = asked(address, 'CLUSTER', 'MYID')[1].decode()
            self.assertIn(mine, [node['node_id'] for node in nodes.values()])
            counted = sum(int(last) - int(first) + 1 for node in nodes.values() if 'master' in node['flags']
                          for first, last in ((item[0], item[-1]) for item in node['slots']))
            self.assertEqual(counted, 16384)
        for protocol in (2, 3):
            shards = asked(address, 'CLUSTER', 'SHARDS', protocol=protocol)
            self.assertEqual(shards[0], '*')
            for shard in shards[1]:
                self.assertEqual(shard[0], '%' if protocol == 3 else '*')
                self.assertEqual([item[1] for item in shard[1][::2]], [b'slots', b'nodes'])

    def test_keys_of_a_slot_are_counted_and_listed(self):
        address = targets.addresses()[0] if targets.is_torc() else targets.oracles()['cluster']
        with redis.Redis(*address) as r:
            slot = r.cluster('KEYSLOT', 'counted-here')
            keys = {f'{{counted-here}}{number}'.encode() for number in range(20)}
            for key in keys: r.set(key, 'x')
            self.assertEqual(r.cluster('COUNTKEYSINSLOT', slot), 20)
            self.assertEqual(set(asked_keys(r, slot, 100)), keys)
            self.assertEqual(len(asked_keys(r, slot, 7)), 7)
            for key in keys: r.delete(key)
            self.assertEqual(r.cluster('COUNTKEYSINSLOT', slot), 0)


def asked_keys(r, slot, count):
    return [key if isinstance(key, bytes) else key.encode() for key in r.cluster('GETKEYSINSLOT', slot, count)]
