"""Hostile input over raw sockets: Redis's error or a closed connection, memory bounded, and nobody else disturbed."""
import contextlib
import os
import random
import re
import resource
import select
import socket
import struct
import threading
import time
import unittest

import redis

import settings
import targets
from hostile_input import PING, table
from processes import HOST, Redis, Ring, until
from steps import shown
from wire import Link, encode, tree

MIB = 1 << 20
STRICT_COUNT, STRICT_LENGTH = re.compile(rb'\*[0-9]+\r'), re.compile(rb'\$[0-9]+\r')
PATIENCE = 5.0  # the longest that another client may wait, on a machine where much else runs


class Talk:
    """One connection that sends what it is given, and keeps what comes back."""

    def __init__(self, address, data, step=0):
        self.socket = socket.create_connection(address, 20)
        self.socket.sendall(PING)
        while len(greeting := self.socket.recv(7, socket.MSG_PEEK)) < 7 and greeting: time.sleep(0.001)
        self.socket.recv(7)
        self.got, self.is_closed = b'', False
        with contextlib.suppress(OSError):  # the other side may have enough before the end
            for at in range(0, len(data),
                            step or len(data) or 1): self.socket.sendall(data[at:at + (step or len(data))])
        self.socket.setblocking(False)

    def read(self):
        while not self.is_closed:
            try: data = self.socket.recv(1 << 16)
            except BlockingIOError: return
            except OSError: data = b''
            self.got += data
            if not data: self.is_closed = True

    def outcome(self):
        self.read()
        return self.got, self.is_closed


class Bystander:
    """Another client, that must not notice anything."""

    def __init__(self, address):
        self.longest, self.errors, self.count, self.done = 0.0, [], 0, False
        self.client = redis.Redis(*address, socket_timeout=30)
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self):
        while not self.done:
            begun = time.monotonic()
            try:
                self.client.set('bystander', str(self.count))
                if self.client.get('bystander') != str(self.count).encode(): self.errors.append('another value')
            except redis.RedisError as error: self.errors.append(repr(error))
            self.longest = max(self.longest, time.monotonic() - begun)
            self.count += 1
            time.sleep(0.005)

    def end(self):
        self.done = True
        self.thread.join()
        self.client.close()


class Hostile(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Ring(settings.binaries, 1, '-replicas', '1').nodes[0] if targets.is_torc() else Redis()

    @classmethod
    def tearDownClass(cls): cls.server.end()

    def setUp(self):
        if not self.server.is_alive(): self.setUpClass()  # ended by an earlier test, which has said so
        self.bystander = Bystander(self.server.address)

    def tearDown(self):
        self.bystander.end()
        self.assertTrue(self.server.is_alive(), 'the server has ended')
        self.assertEqual(self.bystander.errors, [])
        self.assertGreater(self.bystander.count, 0)
        self.assertLess(self.bystander.longest, PATIENCE)

    # What Redis says

    def compare(self, inputs, step=0):
        """Talks to both servers at once; what is not the same in the end."""
        talks = [(item, Talk(targets.oracle().address, item.data, step), Talk(self.server.address, item.data, step))
                 for item in inputs]
        time.sleep(0.3)  # what comes now was not to come: there is no other sign of a server that waits for more
        end = time.monotonic() + 10
        while (wrong := [talk for talk in talks if not self.alike(*talk)]) and time.monotonic() < end: time.sleep(0.05)
        said = [f'{item.name}: {shown(item.data)}\n    redis: {self.told(mine)}\n    torc:  {self.told(yours)}'
                for item, mine, yours in wrong]
        for _, mine, yours in talks:
            mine.socket.close()
            yours.socket.close()
        return said

    def alike(self, item, mine, yours):
        if mine.outcome() == yours.outcome(): return True
        # With a zero byte in a line Redis waits for ever; Torc need not.
        if b'\0' in item.data and not mine.got: return bool(yours.got)
        refused = yours.got.split(b'\r\n')[-2:-1]
        return item.may_refuse and yours.is_closed and refused and refused[0].startswith(b'-ERR Protocol error: ')

    def told(self, talk): return shown(talk.got, 300) + (', closed' if talk.is_closed else ', open')

    def test_the_replies_are_those_of_redis(self):
        wrong = self.compare(table())
        self.assertEqual(wrong, [], '\n'.join([''] + wrong))

    def test_the_replies_are_the_same_when_each_byte_comes_alone(self):
        wrong = self.compare([item for item in table() if len(item.data) < 300], 1)
        self.assertEqual(wrong, [], '\n'.join([''] + wrong))

    def test_changed_bytes_have_the_replies_of_redis(self):
        """Pipelines with some bytes changed, left out or put in; the end of the stream ends the wait. Redis looks at
        the first byte of an end only, and skips the second: there Torc may refuse what Redis takes, and
        must then say so."""
        choice, wrong = random.Random(settings.seed), []
        for _ in range(settings.amount(300, 5000)):
            data = mutated(choice)
            mine, yours = told(targets.oracle().address, data), told(self.server.address, data)
            if same(data, mine, yours): continue
            wrong.append(f'{shown(data, 1000)}\n    redis: {shown(mine, 1000)}\n    torc:  {shown(yours, 1000)}')
        self.assertEqual(len(wrong), 0, '\n'.join([''] + wrong[:10]))

    # Memory

    @contextlib.contextmanager
    def bounded(self, most):
        """The server's memory grows by no more than that, at any moment."""
        before, done = self.server.memory(), threading.Event()
        peak = [before]

        def watch():
            while not done.wait(0.01):
                if self.server.is_alive(): peak[0] = max(peak[0], self.server.memory())

        thread = threading.Thread(target=watch)
        thread.start()
        try: yield
        finally:
            done.set()
            thread.join()
            peak[0] = max(peak[0], self.server.memory())
        print(f'    memory: from {before // MIB} MiB to at most {peak[0] // MIB} MiB', flush=True)
        self.assertLess(peak[0] - before, most)

    def open(self, count, data=b''):
        links = []
        for number in range(count):
            link = socket.create_connection(self.server.address, 30)
            if data: link.sendall(data)
            links.append(link)
        return links

    def test_what_is_only_announced_takes_no_memory(self):
        begin = b'*3\r\n$3\r\nSET\r\n$1\r\na\r\n'
        for name, data in (('values', begin + b'$16777216\r\nabc'), ('half a gigabyte', begin + b'$536870912\r\nabc'),
                           ('arrays', b'*1000000\r\n$4\r\nMGET\r\n')):
            with self.subTest(name), self.bounded(100 * MIB):
                links = self.open(200, data)
                self.until_read()
                for link in links: link.close()

    def until_read(self):
        """What was sent before on other connections has been read: a new connection is served after them."""
        link = Link(self.server.address)
        for _ in range(20): self.assertEqual(link.ask(b'PING'), b'+PONG\r\n')
        link.close()

    def test_an_array_of_a_million_is_answered_or_refused(self):
        count = 1_000_000
        for name, right in ((b'EXISTS', b':0\r\n'), (b'ECHO', b"-ERR wrong number of arguments for 'echo' command\r\n"),
                            (b'MGET', b'*%d\r\n' % (count - 1) + b'$-1\r\n' * (count - 1))):
            with self.subTest(name), self.bounded(1024 * MIB):
                link = Link(self.server.address)
                link.ask(b'PING')
                reply = link.ask(*[name] + [b'x'] * (count - 1), timeout=60)
                link.close()
                refused = reply.startswith(b'-ERR Protocol error: ') or b'closed' in reply[:30]
                self.assertTrue(reply == right or refused, reply[:200])

    def test_a_client_that_never_reads_is_bounded(self):
        if not targets.is_torc(): self.skipTest('redis-server sets no bound by itself')
        with redis.Redis(*self.server.address) as r: r.set('unread', os.urandom(MIB))
        for name, command, most in (('large', encode([b'GET', b'unread']) * 100, 2000), ('small', PING * 10_000, 2000)):
            with self.subTest(name), self.bounded(400 * MIB):
                link = Link(self.server.address)
                link.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                print(f'    {name}: {unread(link, command, most)}', flush=True)
                link.close()
        with redis.Redis(*self.server.address) as r: r.delete('unread')

    def thousands(self):
        """How many connections there can be: 10,000 are allowed."""
        hard, wanted = resource.getrlimit(resource.RLIMIT_NOFILE)[1], settings.amount(3_000, 9_900)
        if hard - 500 < wanted: print(f'    {hard - 500} connections only: ulimit -n is {hard}', flush=True)
        return min(wanted, hard - 500)

    def test_thousands_of_idle_connections_harm_nobody(self):
        count = self.thousands()
        with self.bounded(40_000 * count):
            links = self.open(count, PING)
            for link in links: self.assertEqual(received(link, 7), b'+PONG\r\n')
            for link in links[::2]: link.sendall(b'*2\r\n$4\r\nECHO\r\n$5\r\nhe')
            self.until_read()
            for link in links[::2]: link.sendall(b'llo\r\n')
            for link in links[1::2]: link.sendall(PING)
            for at, link in enumerate(links): self.assertEqual(received(link, 7 + 4 * (1 - at % 2)),
                                                               b'+PONG\r\n' if at % 2 else b'$5\r\nhello\r\n')
            for link in links: link.close()

    def test_silent_connections_keep_nobody_out(self):
        count = self.thousands()
        with self.bounded(40_000 * count):
            links = self.open(count)
            self.until_read()
            for link in links: link.close()

    def test_connections_beyond_the_limit_are_refused_and_others_go_on(self):
        if settings.short: self.skipTest('takes 10,300 connections')
        if resource.getrlimit(resource.RLIMIT_NOFILE)[1] < 11_000: self.skipTest('ulimit -n is too low')
        with redis.Redis(*self.server.address) as early:
            early.ping()
            links, refused = [], 0
            for _ in range(10_300):
                links.append(socket.create_connection(self.server.address, 30))
                with contextlib.suppress(OSError): links[-1].sendall(PING)
            for link in links:
                try: refused += received(link, 7) != b'+PONG\r\n'
                except OSError: refused += 1
            self.assertIs(early.ping(), True)
            for link in links: link.close()
        self.assertIn(refused, range(300, 400))
        until(lambda: Link(self.server.address).ask(b'PING') == b'+PONG\r\n', 20, 'there is room again')

    def test_connections_that_break_in_the_midst_leave_nothing_behind(self):
        until(lambda: len(os.listdir(f'/proc/{self.server.pid}/fd')) < 300, 20, 'earlier connections are closed')
        before = len(os.listdir(f'/proc/{self.server.pid}/fd'))
        with self.bounded(100 * MIB):
            for number in range(settings.amount(1000, 10_000)):
                link = socket.create_connection(self.server.address, 30)
                link.sendall([b'*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1000000\r\n' + b'x' * 9000, b'*2\r\n', PING * 50,
                              b'MULTI\r\nSET {m}a 1\r\n',
                              b'WATCH {m}a\r\nMULTI\r\n', b'HELLO 3\r\n', b''][number % 7])
                if number % 3: link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
                link.close()
        until(lambda: len(os.listdir(f'/proc/{self.server.pid}/fd')) <= before + 2, 20, 'the connections are closed')

    def test_a_value_that_comes_slowly_is_taken_whole(self):
        value = os.urandom(300_000)
        data, link = encode([b'SET', b'slow', value]), Link(self.server.address)
        link.socket.setblocking(True)
        for at in range(0, len(data), 1000): link.socket.sendall(data[at:at + 1000])
        link.socket.setblocking(False)
        self.assertEqual(tree(link.ask(b'GET', b'slow')), ('+', b'OK'))
        end = time.monotonic() + 20
        while (reply := link.replies.next()) is None and time.monotonic() < end: link.receive()
        self.assertEqual(tree(reply), ('$', value))
        link.close()


def received(link, count):
    data = b''
    link.settimeout(30)
    while len(data) < count and (more := link.recv(count - len(data))): data += more
    return data


def unread(link, command, most):
    """Sends and never reads, until it is closed, cannot send for two seconds, or has sent often enough."""
    sent, stalled = 0, time.monotonic()
    while sent < most and time.monotonic() - stalled < 2:
        ready = select.poll()
        ready.register(link, select.POLLOUT)
        if not ready.poll(100): continue
        try: count = link.socket.send(command)
        except BlockingIOError: continue
        except OSError: return f'closed after {sent} sendings'
        command = command[count:] + command[:count]  # goes on where it stopped
        sent, stalled = sent + 1, time.monotonic()
    return f'not read any more after {sent} sendings' if sent < most else f'all of {sent} sendings read'


def mutated(choice):
    """Some good commands, and then some bytes of them are others. No key is that of another pipeline."""
    key = b'{%08x}' % choice.getrandbits(32)
    good = [[b'SET', key + b'a', b'12'], [b'GET', key + b'a'], [b'INCR', key + b'a'], [b'APPEND', key + b'a', b'x\r\n'],
            [b'PING'], [b'ECHO', b'hallo'], [b'STRLEN', key + b'a'], [b'DEL', key + b'a'], [b'GETRANGE', key + b'a',
                                                                                            b'0', b'1'],
            [b'MULTI'], [b'EXEC'], [b'SETBIT', key + b'b', b'9', b'1']]
    data = bytearray(b'PING\r\n' + b''.join(encode(choice.choice(good)) for _ in range(choice.randint(1, 6))))
    for _ in range(choice.randint(1, 3)):
        if len(data) < 7: break
        at, kind = choice.randrange(6, len(data)), choice.randrange(4)
        if kind == 0: data[at] = choice.choice(b'*$\r\n0123456789-+:x\x00\xff "\'')
        elif kind == 1: del data[at:at + choice.randint(1, 4)]
        elif kind == 2: data[at:at] = choice.choice([b'\r\n', b'*1\r\n', b'$1\r\n', b'9', b'-', b'\x00', b'"'])
        else: del data[at + 1:]
    return bytes(data)


def same(data, redis_says, torc_says):
    if redis_says == torc_says: return True
    # A byte of a key's tag has become another: that server is no cluster, and its EXEC takes keys of any slots.
    agreed, crossed, _ = torc_says.partition(b"-CROSSSLOT Keys in request don't hash to the same slot\r\n")
    if crossed and redis_says.startswith(agreed + b'*'): return True
    if is_strict(data): return False
    # A zero byte ends a line for Redis, or has it wait for ever.
    if b'\0' in data and torc_says.startswith(redis_says): return True
    # Replies that it has in common with Redis, and then its refusal.
    agreed, refused, _ = torc_says.rpartition(b'-ERR Protocol error: ')
    return bool(refused) and redis_says.startswith(agreed)


def is_strict(data):
    """Whether every line of it ends as it must, up to where it breaks off."""
    at = 0
    while at < len(data):
        end = data.find(b'\n', at)
        line = data[at:end if end >= 0 else len(data)]
        if b'\0' in line: return False
        if end < 0: return b'\r' not in line[:-1]
        if line[:1] != b'*':
            at = end + 1
            continue
        if not STRICT_COUNT.fullmatch(line): return False
        at = end + 1
        for _ in range(int(line[1:])):
            end = data.find(b'\n', at)
            if end < 0: return data[at:at + 1] in (b'', b'$') and b'\r' not in data[at:-1] and b'\0' not in data[at:]
            if not STRICT_LENGTH.fullmatch(data[at:end]): return False
            after = end + 1 + int(data[at + 1:end])
            if data[after:after + 2] != b'\r\n'[:len(data) - after] and after < len(data): return False
            at = after + 2
    return True


def told(address, data):
    """Everything that is said to these bytes and the end of the stream."""
    with socket.create_connection(address, 20) as link:
        try:
            link.sendall(data)
            link.shutdown(socket.SHUT_WR)
        except OSError: pass
        got = b''
        try:
            while more := link.recv(1 << 16): got += more
        except OSError: pass
        return got
