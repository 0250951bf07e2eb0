"""redis-py: MULTI, EXEC and WATCH, from threads that meet on the same keys through different nodes."""
import random
import time
import unittest

import redis

import settings
import targets
from test_connections import client, in_threads

SECONDS = 60  # for one loop to succeed, however busy the machine


def attempts():
    """For retry loops that must end."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end: yield
    raise TimeoutError('a retry loop did not end')


class Transactions(unittest.TestCase):
    def test_a_transaction_is_done_as_a_whole(self):
        for protocol in (2, 3):
            with self.subTest(protocol=protocol), client(protocol=protocol) as r:
                r.delete('{tx}a', '{tx}b')
                with r.pipeline() as pipe:
                    self.assertEqual(pipe.set('{tx}a', 1).incr('{tx}a').get('{tx}b').append('{tx}b', 'x').execute(),
                                     [True, 2, None, 1])

    def test_an_error_inside_stops_nothing_else(self):
        with client() as r, r.pipeline() as pipe:
            replies = pipe.set('{tx}a', 'abc').incr('{tx}a').set('{tx}b', 2).execute(raise_on_error=False)
            self.assertIsInstance(replies[1], redis.ResponseError)
            self.assertEqual((replies[0], replies[2], r.get('{tx}b')), (True, True, b'2'))

    def test_a_command_that_is_refused_while_queued_undoes_all(self):
        with client() as r:
            r.set('{tx}a', 'before')
            with r.pipeline() as pipe:
                pipe.set('{tx}a', 'after').execute_command('SET', '{tx}b')
                with self.assertRaises(redis.ResponseError): pipe.execute()
            self.assertEqual(r.get('{tx}a'), b'before')

    def test_what_cannot_be_part_of_one_is_refused_while_queued(self):
        if not targets.is_torc(): self.skipTest('redis-server takes them')
        with client(1) as r, r.pipeline() as pipe:
            for args in (['SCAN', 0], ['KEYS', '*'], ['DBSIZE'], ['RANDOMKEY'], ['WAIT', 0, 0]):
                with self.subTest(args[0]):
                    pipe.set('{tx}refused', 'x').execute_command(*args)
                    with self.assertRaisesRegex(redis.ResponseError, 'not allowed inside a transaction'): pipe.execute()
                    self.assertIsNone(r.get('{tx}refused'))
            replies = pipe.set('{tx}a', 1).execute_command('INFO',
                                                           'server').client_getname().config_get('save').execute()
            self.assertEqual((len(replies), replies[0], replies[2]), (4, True, None))
            pipe.set('{tx}a', 1).set('{other}a', 1)
            with self.assertRaisesRegex(redis.ResponseError, 'hash to the same slot'): pipe.execute()

    def test_a_watched_key_that_changes_undoes_all(self):
        with client() as r, client(1) as other, r.pipeline() as pipe:
            for change in (lambda: other.set('{tx}w', 'theirs'), lambda: other.delete('{tx}w'),
                           lambda: other.append('{tx}w', 'x'), lambda: other.expire('{tx}w', 100),
                           lambda: other.rename('{tx}w', '{tx}v')):
                other.set('{tx}w', 'before')
                pipe.watch('{tx}w')
                pipe.get('{tx}w')
                pipe.multi()
                pipe.set('{tx}mine', 'mine')
                other.delete('{tx}mine')
                change()
                with self.assertRaises(redis.WatchError): pipe.execute()
                self.assertIsNone(r.get('{tx}mine'))
            pipe.watch('{tx}w')
            pipe.multi()
            self.assertEqual(pipe.set('{tx}mine', 'mine').execute(), [True])

    def test_counters_kept_by_watch_end_right(self):
        """The longhand of INCR: get, and set what was read plus one if nobody was faster."""
        threads, turns = 8, settings.amount(20, 100)
        client().delete('{tx}counter')

        def work(number):
            with client(number) as r, r.pipeline() as pipe:
                for _ in range(turns):
                    for _ in attempts():
                        try:
                            pipe.watch('{tx}counter')
                            value = int(pipe.get('{tx}counter') or 0)
                            pipe.multi()
                            pipe.set('{tx}counter', value + 1)
                            pipe.execute()
                            break
                        except redis.WatchError: continue

        self.assertEqual(in_threads(threads, work), [])
        self.assertEqual(client(1).get('{tx}counter'), b'%d' % (threads * turns))

    def test_what_is_moved_between_keys_is_never_seen_half(self):
        """Transfers between accounts; whoever reads all of them in one transaction sees the same sum."""
        accounts, turns = [f'{{bank}}{number}' for number in range(5)], settings.amount(25, 150)
        client().mset({account: 100 for account in accounts})
        sums, done = [], []

        def transfer(number):
            choice = random.Random(settings.seed + number)
            with client(number) as r:
                for _ in range(turns):
                    source, target = choice.sample(accounts, 2)

                    def move(pipe):
                        have = int(pipe.get(source))
                        amount = choice.randint(0, have)
                        pipe.multi()
                        pipe.decrby(source, amount).incrby(target, amount)

                    r.transaction(move, source)
                done.append(number)

        def watch(number):
            with client(number) as r:
                while len(done) < 4:
                    with r.pipeline() as pipe: sums.append(sum(map(int, pipe.mget(accounts).execute()[0])))
                    with r.pipeline() as pipe:
                        for account in accounts: pipe.get(account)
                        sums.append(sum(map(int, pipe.execute())))

        def work(number):
            try: (transfer if number < 4 else watch)(number)
            except BaseException:
                done.extend(range(4))
                raise

        self.assertEqual(in_threads(6, work), [])
        self.assertEqual(set(sums), {500})
        self.assertGreater(len(sums), 10)

    def test_increments_from_many_connections_are_all_counted(self):
        turns = settings.amount(200, 2000)
        client().delete('counted', 'float')

        def work(number):
            with client(number) as r:
                for _ in range(turns): r.incr('counted')
                with r.pipeline(transaction=False) as pipe:
                    for _ in range(turns): pipe.incr('counted').incrbyfloat('float', 0.5)
                    pipe.execute()

        self.assertEqual(in_threads(6, work), [])
        self.assertEqual(client().get('counted'), b'%d' % (12 * turns))
        self.assertEqual(client().get('float'), b'%d' % (3 * turns))

    def test_set_if_absent_is_a_lock(self):
        """One holder at a time, by SET NX and a conditional delete in a transaction."""
        holders, most, turns = [], [], settings.amount(15, 60)

        def work(number):
            with client(number) as r:
                for turn in range(turns):
                    token = f'{number}.{turn}'.encode()
                    for _ in attempts():
                        if r.set('{tx}lock', token, nx=True, px=60_000): break
                    holders.append(number)
                    most.append(len(holders))
                    holders.remove(number)

                    def release(pipe):
                        held = pipe.get('{tx}lock') == token
                        pipe.multi()
                        if held: pipe.delete('{tx}lock')

                    assert r.transaction(release, '{tx}lock') == [1]

        client().delete('{tx}lock')
        self.assertEqual(in_threads(4, work), [])
        self.assertEqual(set(most), {1})
