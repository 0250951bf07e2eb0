"""redis-py: what it sends on its own, pools, pipelines, large values, timeouts, and connections that end."""
import os
import signal
import threading
import time
import unittest

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

import settings
import targets
from processes import VALUE_MAX, Redis, Ring


def client(number=0, **more):
    """To one of the nodes; without retries of its own, so that every error is seen."""
    host, port = targets.addresses()[number % len(targets.addresses())]
    more.setdefault('retry', Retry(NoBackoff(), 0))
    return redis.Redis(host, port, socket_timeout=more.pop('socket_timeout', 30), **more)


def in_threads(count, work):
    """Runs work(number) in each; the errors of all."""
    errors = []

    def guarded(number):
        try: work(number)
        except Exception as error: errors.append(f'{number}: {error!r}')  # noqa: BLE001: all are shown

    threads = [threading.Thread(target=guarded, args=(number,)) for number in range(count)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    return errors


class Connections(unittest.TestCase):
    def test_commands_give_what_redis_py_documents(self):
        for protocol in (2, 3):
            with self.subTest(protocol=protocol), client(protocol=protocol, decode_responses=True) as r:
                r.delete('{py}a', '{py}b', '{py}c')
                self.assertIs(r.ping(), True)
                self.assertIs(r.set('{py}a', 'x', nx=True, ex=100), True)
                self.assertIsNone(r.set('{py}a', 'y', nx=True))
                self.assertEqual(r.set('{py}a', 'z', xx=True, get=True, keepttl=True), 'x')
                self.assertIn(r.ttl('{py}a'), range(90, 101))
                self.assertEqual(r.getex('{py}a', persist=True), 'z')
                self.assertEqual((r.ttl('{py}a'), r.ttl('{py}none')), (-1, -2))
                self.assertEqual(r.incrby('{py}b', 41), 41)
                self.assertEqual(r.incrbyfloat('{py}b', 0.5), 41.5)
                self.assertIs(r.mset({'{py}a': 1, '{py}b': 2}), True)
                self.assertIs(r.msetnx({'{py}b': 5, '{py}c': 6}), False)
                self.assertEqual(r.mget('{py}a', '{py}c', '{py}b'), ['1', None, '2'])
                self.assertEqual(r.append('{py}a', '23'), 3)
                self.assertEqual((r.getrange('{py}a', 1, -1), r.strlen('{py}a')), ('23', 3))
                self.assertEqual((r.setbit('{py}c', 7, 1), r.bitcount('{py}c'), r.bitpos('{py}c', 1)), (0, 1, 7))
                self.assertIs(r.copy('{py}a', '{py}c', replace=True), True)
                self.assertIs(r.rename('{py}c', '{py}d'), True)
                self.assertEqual(r.type('{py}d'), 'string')
                self.assertEqual(r.getdel('{py}d'), '123')
                self.assertIs(r.expireat('{py}a', 4102444800), True)
                self.assertEqual(r.expiretime('{py}a'), 4102444800)
                self.assertEqual(sorted(r.scan_iter('{py}*')), ['{py}a', '{py}b'])
                self.assertEqual(r.delete('{py}a', '{py}b'), 2)
                with self.assertRaises(redis.ResponseError): r.execute_command('NOSUCH')
                with self.assertRaises(redis.AuthenticationError): client(password='secret').ping()

    def test_names_given_at_connect_are_seen_by_others(self):
        with client(client_name='somebody', protocol=3) as r:
            r.ping()
            self.assertIn(r.client_getname(), ('somebody', b'somebody'))
            listed = [entry for entry in r.client_list() if entry['name'] == 'somebody']
            self.assertEqual(len(listed), 1)
            self.assertEqual(int(listed[0]['id']), r.client_id())
            if targets.is_torc(): self.assertEqual(listed[0]['lib-name'], 'redis-py')

    def test_bytes_come_back_as_they_went(self):
        with client() as r:
            every = bytes(range(256)) * 3
            r.set(every, every)
            self.assertEqual(r.get(every), every)
            self.assertEqual(r.delete(every), 1)

    def test_a_reply_that_is_no_text_harms_only_itself(self):
        for protocol in (2, 3):
            with self.subTest(protocol=protocol), client(decode_responses=True, protocol=protocol) as r:
                client().set('no text', b'\xff\xfe')
                with self.assertRaises(UnicodeDecodeError): r.get('no text')
                self.assertIs(r.set('text', 'é'), True)
                self.assertEqual(r.get('text'), 'é')

    def test_the_largest_values_go_both_ways(self):
        largest = os.urandom(1 << 20) * (VALUE_MAX >> 20)
        for number, protocol in ((0, 2), (1, 3)):
            with self.subTest(protocol=protocol), client(number, protocol=protocol) as r, client(number + 1) as other:
                self.assertIs(r.set('largest', largest), True)
                self.assertEqual(other.get('largest') == largest, True)
                with self.assertRaises(redis.ResponseError): r.append('largest', b'x')
                self.assertEqual(r.getrange('largest', VALUE_MAX - 3, -1), largest[-3:])
                with self.assertRaises((redis.ResponseError, redis.ConnectionError)): r.set('larger', largest + b'x')
                self.assertEqual(other.exists('larger'), 0)
                self.assertEqual(other.delete('largest'), 1)

    def test_pipelines_of_any_depth_are_answered_in_order(self):
        depth = settings.amount(10_000, 100_000)
        for protocol in (2, 3):
            with self.subTest(protocol=protocol), client(protocol=protocol) as r, r.pipeline(transaction=False) as pipe:
                r.delete('deep')
                for number in range(depth):
                    if number % 3 == 0: pipe.incr('deep')
                    elif number % 3 == 1: pipe.set(f'deep{number % 100}', number)
                    else: pipe.get(f'deep{(number - 1) % 100}')
                replies = pipe.execute()
                self.assertEqual(replies[0::3], list(range(1, len(replies[0::3]) + 1)))
                self.assertEqual(set(replies[1::3]), {True})
                self.assertEqual(replies[2::3], [b'%d' % number for number in range(1, depth, 3)][:len(replies[2::3])])

    def test_commands_with_thousands_of_keys_are_whole(self):
        """Over all slots, and with all keys in one."""
        for prefix, count in (('many', 5000), ('{many}', 4000)):
            with self.subTest(prefix), client() as r, client(1) as other:
                values = {f'{prefix}{number}': b'%d' % number for number in range(count)}
                self.assertEqual(r.delete(*values), 0)
                self.assertIs(r.mset(values), True)
                self.assertEqual(other.mget(list(values)), list(values.values()))
                self.assertEqual(other.exists(*values, *values), 2 * count)
                self.assertEqual(r.touch(*values), count)
                self.assertEqual(r.unlink(*list(values)[:100]), 100)
                self.assertEqual(r.delete(*values), count - 100)
        with client() as r:
            values = {f'{{many}}{number}': 'x' for number in range(1000)}
            self.assertIs(r.msetnx(values), True)
            self.assertIs(r.msetnx({**values, '{many}new': 'x'}), False)
            self.assertEqual(r.delete(*values, '{many}new'), 1000)

    def test_an_error_in_a_pipeline_is_that_of_its_command(self):
        with client() as r, r.pipeline(transaction=False) as pipe:
            pipe.set('word', 'abc').incr('word').get('word')
            first, second, third = pipe.execute(raise_on_error=False)
            self.assertEqual((first, third), (True, b'abc'))
            self.assertEqual(str(second), 'value is not an integer or out of range')

    def test_threads_share_a_pool(self):
        host, port = targets.addresses()[0]
        pool = redis.BlockingConnectionPool(host=host, port=port, max_connections=5, timeout=30)
        with redis.Redis(connection_pool=pool) as r:
            r.delete('shared')

            def work(number):
                for turn in range(100):
                    r.set(f'own{number}', turn)
                    assert r.get(f'own{number}') == b'%d' % turn
                    r.incr('shared')

            self.assertEqual(in_threads(20, work), [])
            self.assertEqual(r.get('shared'), b'2000')
            self.assertLessEqual(len(pool._connections), 5)
        pool.disconnect()

    def test_a_pool_that_is_used_up_says_so(self):
        host, port = targets.addresses()[0]
        for pool in (redis.ConnectionPool(host=host, port=port, max_connections=1),
                     redis.BlockingConnectionPool(host=host, port=port, max_connections=1, timeout=0.1)):
            kept = pool.get_connection()
            with self.assertRaises(redis.ConnectionError): redis.Redis(connection_pool=pool).ping()
            pool.release(kept)
            self.assertIs(redis.Redis(connection_pool=pool).ping(), True)
            pool.disconnect()

    def test_wait_ends_with_its_time(self):
        with client() as r:
            r.set('waited', 'x')
            begun = time.monotonic()
            have = r.wait(99, 200)
            self.assertGreaterEqual(time.monotonic() - begun, 0.15)
            self.assertLess(time.monotonic() - begun, 10)
            self.assertEqual(have, len(targets.addresses()) - 1)
            self.assertEqual(r.wait(have, 5000), have)

    def test_a_connection_that_another_one_kills_is_made_again(self):
        with client(single_connection_client=True) as r, client() as other:
            number = r.client_id()
            self.assertEqual(other.client_kill_filter(_id=str(number)), 1)
            with self.assertRaises(redis.ConnectionError): r.ping()
            self.assertIs(r.ping(), True)
            self.assertNotEqual(r.client_id(), number)

    def test_a_server_that_sleeps_is_a_timeout_and_works_again_after_it(self):
        alone = Redis() if not targets.is_torc() else Ring(settings.binaries, 1, '-replicas', '1').nodes[0]
        with redis.Redis(*alone.address, socket_timeout=0.3, retry=Retry(NoBackoff(), 0)) as r:
            self.assertIs(r.set('a', 'x'), True)
            os.kill(alone.pid, signal.SIGSTOP)
            try:
                with self.assertRaises(redis.TimeoutError): r.get('a')
            finally:
                os.kill(alone.pid, signal.SIGCONT)
            end = time.monotonic() + 20
            while True:
                try:
                    self.assertEqual(r.get('a'), b'x')
                    break
                except redis.TimeoutError:
                    self.assertLess(time.monotonic(), end)
        alone.end()
