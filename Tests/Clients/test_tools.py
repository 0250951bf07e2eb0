"""redis-cli and redis-benchmark as they come with Redis."""
import functools
import re
import subprocess
import unittest

import settings
import targets
from processes import HOST, Redis, Ring
from test_connections import client
from wire import encode


def run(*command, data=b'', seconds=60):
    """What it wrote to stdout; everything where it failed."""
    done = subprocess.run([str(part) for part in command], input=data, capture_output=True, timeout=seconds)
    if done.returncode: raise AssertionError(f'{command}: exit code {done.returncode}: {done.stdout!r} {done.stderr!r}')
    return done.stdout.decode(errors='replace')


def cli(*args, number=0, **more):
    return run('redis-cli', '-h', HOST, '-p', targets.addresses()[number % len(targets.addresses())][1], *args, **more)


@functools.cache
def redirecting():
    """Addresses of nodes that send clients to the right one."""
    if not targets.is_torc(): return [server.address for server in Redis.cluster(2)]
    return [node.address for node in Ring(settings.binaries, 3, '-redis-cluster').nodes]


class Tools(unittest.TestCase):
    def test_cli_runs_commands_and_prints_replies(self):
        self.assertEqual(cli('SET', 'tool', 'a b'), 'OK\n')
        self.assertEqual(cli('GET', 'tool', number=1), 'a b\n')
        self.assertEqual(cli('--no-raw', 'MGET', 'tool', 'no tool'), '1) "a b"\n2) (nil)\n')
        self.assertEqual(cli('--no-raw', 'APPEND', 'tool', 'c'), '(integer) 4\n')
        self.assertIn("ERR unknown command 'NOSUCH'", cli('NOSUCH'))
        self.assertEqual(cli('-x', 'SET', 'tool', data=b'from stdin\x00'), 'OK\n')
        cli('DEL', 'tool.counter')
        self.assertEqual(cli('-r', '3', 'INCR', 'tool.counter'), '1\n2\n3\n')
        self.assertEqual(cli('DEL', 'tool', 'tool.counter'), '2\n')

    def test_cli_speaks_resp3(self):
        said = cli('-3', '--no-raw', 'HELLO')
        self.assertIn('"proto" => (integer) 3', said)
        self.assertEqual(cli('-3', '--no-raw', 'GET', 'no tool'), '(nil)\n')
        self.assertIn('1#', cli('-3', '--no-raw', 'CONFIG', 'GET', 'maxmemory'))
        self.assertIn('redis_version:', cli('-3', 'INFO', 'server'))

    def test_cli_reads_commands_from_a_file(self):
        lines = 'SET file 1\nINCR file\nMULTI\nINCR file\nGET file\nEXEC\nINFO server\nDEL file\n'
        said = cli(data=lines.encode()).split('\n')
        self.assertEqual(said[:7], ['OK', '2', 'OK', 'QUEUED', 'QUEUED', '3', '3'])
        self.assertEqual(said[-2], '1')

    def test_cli_scans_all_keys(self):
        with client() as r:
            r.flushall()
            r.mset({f'scan:{number}': 'x' for number in range(1000)})
        for number in range(len(targets.addresses())):
            keys = cli('--scan', '--pattern', 'scan:*', number=number).split()
            self.assertEqual((len(set(keys)), set(keys) - {f'scan:{number}' for number in range(1000)}), (1000, set()))
        self.assertIn('Biggest string found', cli('--bigkeys', seconds=120))
        with client() as r: r.delete(*(f'scan:{number}' for number in range(1000)))

    def test_cli_pipes_masses_of_commands(self):
        count = settings.amount(20_000, 200_000)
        data = b''.join(encode([b'SET', b'pipe:%d' % number, b'%d' % number]) for number in range(count))
        data += encode([b'INCR', b'pipe:1']) + encode([b'NOSUCH'])
        # An error among them is counted, and its exit code is 1.
        done = subprocess.run(['redis-cli', '-h', HOST, '-p', str(targets.addresses()[0][1]), '--pipe'], input=data,
                              capture_output=True, timeout=120)
        self.assertIn(f'errors: 1, replies: {count + 2}', done.stdout.decode())
        with client(1) as r, r.pipeline(transaction=False) as pipe:
            for number in range(0, count, 997): pipe.get(f'pipe:{number}')
            self.assertEqual(pipe.execute(), [b'%d' % number for number in range(0, count, 997)])
            self.assertEqual(r.get('pipe:1'), b'2')

    def test_cli_follows_redirections(self):
        (_, port), keys = redirecting()[0], [f'moved{number}' for number in range(30)]
        for key in keys: self.assertEqual(run('redis-cli', '-c', '-h', HOST, '-p', port, 'SET', key, key), 'OK\n')
        for key in keys:
            self.assertEqual(run('redis-cli', '-c', '-h', HOST, '-p', redirecting()[-1][1], 'GET', key), f'{key}\n')
        lines = ''.join(f'INCR {key}.n\n' for key in keys).encode()
        self.assertEqual(run('redis-cli', '-c', '-h', HOST, '-p', port, data=lines).split().count('1'), 30)
        if targets.is_torc():
            said = [run('redis-cli', '-h', HOST, '-p', port, 'GET', key) for key in keys]
            self.assertTrue(any(re.match(rf'MOVED \d+ {HOST}:\d+', line) for line in said), said)

    def test_benchmark_runs_against_any_node(self):
        count = settings.amount(20_000, 200_000)
        for extra in ([], ['-3']):
            said = cli_benchmark(targets.addresses()[0][1], count, *extra)
            for test in ('PING_INLINE', 'PING_MBULK', 'SET', 'GET', 'INCR', 'MSET'): self.assertIn(f'"{test}', said)
        said = cli_benchmark(targets.addresses()[-1][1], count // 10, '-P', '1', '-r', '1000', 'SET',
                             'bench:__rand_int__', 'x')
        self.assertIn('bench:__rand_int__', said)

    def test_benchmark_spreads_over_a_cluster(self):
        said = cli_benchmark(redirecting()[0][1], settings.amount(20_000, 200_000), '--cluster')
        for test in ('SET', 'GET', 'INCR'): self.assertIn(f'"{test}', said)


def cli_benchmark(port, count, *extra):
    """50 connections that send 16 commands at a time; any error ends it with exit code 1."""
    tests = [] if 'SET' in extra else ['-t', 'ping,set,get,incr' + ('' if '--cluster' in extra else ',mset')]
    said = run('redis-benchmark', '-h', HOST, '-p', port, '-c', 50, '-P', 16, '-n', count, '--csv', *tests, *extra,
               seconds=300)
    if 'rror' in said: raise AssertionError(said)
    return said
