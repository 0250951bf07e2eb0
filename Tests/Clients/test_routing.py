"""Clients of Redis Cluster on a ring that redirects, while nodes join, leave and are killed."""
import collections
import random
import signal
import subprocess
import threading
import time
import unittest

import redis
from redis.cluster import ClusterNode, RedisCluster

import settings
import targets
from processes import HOST, Redis, Ring
from test_connections import in_threads

# What redis-py calls passing troubles of a cluster: it retries these itself, and an application may once it gives up.
PASSING = (redis.ConnectionError, redis.TimeoutError, redis.exceptions.ClusterDownError, redis.exceptions.TryAgainError)


class Writers:
    """Threads that increment counters of their own and append to lists of their own, each through its own client."""

    def __init__(self, ports, count):
        self.ports, self.errors, self.wrong, self.done = ports, collections.Counter(), [], threading.Event()
        self.acked, self.unsure, self.longest, self.at = [0] * count, [0] * count, 0.0, ''
        self.threads = [threading.Thread(target=self._run, args=(number,)) for number in range(count)]
        for thread in self.threads: thread.start()

    def client(self, number=0):
        ports = self.ports[number % len(self.ports):] + self.ports[:number % len(self.ports)]
        return RedisCluster(startup_nodes=[ClusterNode(HOST, port) for port in ports], socket_timeout=5,
                            protocol=2 + number % 2)

    def keys(self, number): return [f'writer{number}.{which}' for which in range(5)]

    def _run(self, number):
        choice, cluster = random.Random(number), None
        while not self.done.is_set():
            begun = time.monotonic()
            try:
                cluster = cluster or self.client(number)
                cluster.incr(choice.choice(self.keys(number)))
                self.acked[number] += 1
            except PASSING as error:
                self.errors[type(error).__name__] += 1
                self.unsure[number] += 1
            except Exception as error:  # noqa: BLE001: whatever else comes is a finding
                self.wrong.append(repr(error))
                return
            self.longest = max(self.longest, time.monotonic() - begun)
        if cluster: cluster.close()

    def total(self): return sum(self.acked)

    def go_on(self, seconds=1.0, most=60):
        """Every one of them has had an answer since, and the time is over."""
        before, begun = list(self.acked), time.monotonic()
        while time.monotonic() - begun < seconds or any(now < was + 5 for now, was in zip(self.acked, before)):
            if time.monotonic() - begun > most:
                raise TimeoutError(f'writers stand still: {before} {self.acked} {self.errors}')
            time.sleep(0.01)

    def end(self):
        self.done.set()
        for thread in self.threads: thread.join()


class Routing(unittest.TestCase):
    def setUp(self):
        if targets.is_torc():
            self.ring = Ring(settings.binaries, 3, '-redis-cluster', '-evict-after', '3s')
            self.ports = [node.port for node in self.ring.nodes]
        else:
            self.ring, self.servers = None, Redis.cluster(2)
            self.ports = [server.port for server in self.servers]

    def tearDown(self):
        if self.ring: self.ring.close()

    def cluster(self, **more):
        return RedisCluster(startup_nodes=[ClusterNode(HOST, port) for port in self.ports], **more)

    def test_commands_go_to_the_node_that_has_the_slot(self):
        for protocol in (2, 3):
            with self.subTest(protocol=protocol), self.cluster(protocol=protocol, decode_responses=True) as c:
                keys = [f'routed{number}' for number in range(100)]
                for key in keys: self.assertIs(c.set(key, key), True)
                self.assertEqual([c.get(key) for key in keys], keys)
                with c.pipeline() as pipe:
                    for key in keys: pipe.get(key)
                    self.assertEqual(pipe.execute(), keys)
                self.assertEqual(c.mget_nonatomic(keys), keys)
                self.assertIs(c.msetnx({'{one}a': 1, '{one}b': 2}), True)
                # Asked of every node, which counts and shows what it leads.
                self.assertEqual(len(c.get_primaries()), len(self.ports))
                self.assertEqual(sorted(c.scan_iter('routed*')), sorted(keys))
                self.assertEqual(sorted(c.keys('routed*', target_nodes=RedisCluster.PRIMARIES)), sorted(keys))
                self.assertEqual(c.dbsize(target_nodes=RedisCluster.PRIMARIES), len(keys) + 2)
                self.assertEqual(c.delete(*keys), 100)
                self.assertEqual(c.delete('{one}a', '{one}b'), 2)
                with self.assertRaises(redis.ResponseError): c.execute_command('RENAME', '{one}a', '{two}a',
                                                                               target_nodes=c.get_random_node())
                self.assertEqual({node.port for node in c.get_nodes()}, set(self.ports))

    def test_a_wrong_node_names_the_right_one(self):
        with self.cluster() as c:
            for number in range(20):
                key = f'moved{number}'
                right = c.get_node_from_key(key)
                c.set(key, 'x')
                for port in self.ports:
                    with redis.Redis(HOST, port) as r:
                        if port == right.port: self.assertEqual(r.get(key), b'x')
                        else:
                            with self.assertRaisesRegex(redis.exceptions.MovedError,
                                                        f'{c.keyslot(key)} {HOST}:{right.port}'):
                                r.get(key)

    def test_no_increment_is_lost_while_nodes_come_and_go(self):
        if not self.ring: self.skipTest('about Torc')
        writers = Writers(self.ports, 6)
        told = []
        try:
            for what, change in (('three nodes', lambda: None), ('join', self.join), ('leave', self.leave),
                                 ('kill -9', self.kill), ('join after the kill', self.join)):
                before, writers.longest = writers.total(), 0.0
                change()
                writers.go_on(settings.amount(1, 5))
                self.assertEqual(writers.wrong, [])
                told.append(f'{what}: {writers.total() - before} increments, longest wait {writers.longest:.2f} s')
        finally:
            writers.end()
            print('    ' + '\n    '.join(told + [f'errors: {dict(writers.errors) or "none"}']), flush=True)
        self.ports = [node.port for node in self.ring.nodes]
        with self.cluster(protocol=3) as c:
            for number, (acked, unsure) in enumerate(zip(writers.acked, writers.unsure)):
                value = sum(int(c.get(key) or 0) for key in writers.keys(number))
                self.assertGreaterEqual(value, acked, f'of writer {number}: acknowledged increments are lost')
                # redis-py sends again what had no answer: such an increment may have been done before.
                if value > acked + unsure: print(f'    writer {number}: {value - acked} more than acknowledged')

    def test_the_tools_follow_nodes_that_come_and_go(self):
        if not self.ring: self.skipTest('about Torc')
        keys, acked, unsure = [f'followed{number}' for number in range(20)], 0, 0
        for change in (self.join, self.leave, self.kill, self.join):
            changer = threading.Thread(target=change)
            # The node that is asked stays.
            port = self.ring.nodes[0].port
            changer.start()
            rounds = 0
            while rounds == 0 or changer.is_alive():
                for key in keys:
                    done = subprocess.run(['redis-cli', '-c', '-h', HOST, '-p', str(port), 'INCR', key],
                                          capture_output=True, text=True, timeout=30)
                    if done.stdout.strip().isdigit(): acked += 1
                    else:
                        # It was led to a node that ended just then.
                        self.assertRegex(done.stdout + done.stderr, 'Could not connect|closed the connection|reset by peer')
                        unsure += 1
                rounds += 1
            changer.join()
            # redis-benchmark asks once who leads what, and waits for ever for a node that is gone then.
            self.ring.await_led()
            said = subprocess.run(['redis-benchmark', '-h', HOST, '-p', str(port), '--cluster', '-c', '10', '-P', '8', '-n',
                                   str(settings.amount(5_000, 50_000)), '-t', 'set,get,incr', '--csv'],
                                  capture_output=True, text=True, timeout=120)
            self.assertEqual((said.returncode, [test for test in ('SET', 'GET', 'INCR') if f'"{test}' not in said.stdout]),
                             (0, []), said)
        port = self.ring.nodes[-1].port
        value = sum(int(subprocess.check_output(['redis-cli', '-c', '-h', HOST, '-p', str(port), 'GET', key])) for key in keys)
        print(f'    {acked} acknowledged increments, {unsure} without an answer; counted {value}', flush=True)
        self.assertTrue(acked <= value <= acked + unsure, (acked, value, unsure))

    def join(self):
        self.ring.add().await_ready()
        self.ring.await_settled()

    def leave(self):
        """Not the one that the others joined by; it hands over and exits with 0."""
        self.assertEqual(self.ring.remove(self.ring.nodes[1], signal.SIGINT), 0)
        self.ring.await_settled()

    def kill(self):
        self.ring.remove(self.ring.nodes[1], signal.SIGKILL)

    def test_scan_sees_every_key_while_a_node_joins(self):
        if not self.ring: self.skipTest('about Torc')
        keys = {b'stays:%d' % number for number in range(settings.amount(3000, 20_000))}
        # A node that redirects shows its own slots only.
        for port in self.ports: redis.Redis(HOST, port).config_set('cluster-redirect', 'no')
        with redis.Redis(HOST, self.ports[0]) as r:
            with r.pipeline(transaction=False) as pipe:
                for key in keys: pipe.set(key, 'x')
                pipe.execute()
        joined, scans = threading.Event(), [0] * 3

        def work(number):
            with redis.Redis(HOST, self.ports[number]) as r:
                while not joined.is_set() or not scans[number]:
                    seen = set(r.scan_iter(match='stays:*', count=100))
                    assert not keys - seen, f'{len(keys - seen)} keys not seen: {sorted(keys - seen)[:5]}'
                    assert not seen - keys, f'keys that were never there: {sorted(seen - keys)[:5]}'
                    scans[number] += 1

        def change():
            try: self.join()
            finally: joined.set()

        changer = threading.Thread(target=change)
        changer.start()
        errors = in_threads(3, work)
        changer.join()
        print(f'    {sum(scans)} whole scans meanwhile', flush=True)
        self.assertEqual(errors, [])
        with redis.Redis(HOST, self.ring.nodes[-1].port) as r:
            r.config_set('cluster-redirect', 'no')
            self.assertEqual(set(r.scan_iter(count=1000)), keys)
