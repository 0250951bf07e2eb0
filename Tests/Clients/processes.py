"""Servers as processes: a real redis-server, and rings of torc-node. All end with the run, by their process ids."""
import atexit
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from wire import Link, tree

HOST = '127.0.0.1'
VALUE_MAX = 16 << 20
_started, _folders = [], []


@atexit.register
def end_all():
    for process in _started:
        if process.poll() is None:
            process.kill()
            process.wait()
    for folder in _folders: shutil.rmtree(folder, ignore_errors=True)


def end_by_signal(number, frame):
    """At once: threads may be busy with servers for long, and atexit would wait for them."""
    end_all()
    os._exit(128 + number)


def folder(prefix):
    """A folder that is gone at the end."""
    _folders.append(tempfile.mkdtemp(prefix=prefix))
    return _folders[-1]


def run(command, seconds):
    """A program to its end: its exit code and what it said. It ends with the run, however that ends."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True)
    _started.append(process)
    try:
        output, errors = process.communicate(timeout=seconds)
    finally:
        if process.poll() is None: process.kill()
        _started.remove(process)
    return process.returncode, output, errors


def free_ports(count):
    """Ports free for TCP and UDP, below those that connections get, and with their port + 10000 free (Redis's bus)."""
    found, kept, candidate = [], [], 10000 + os.getpid() % 8000
    while len(found) < count:
        candidate += 1
        if candidate > 30000: candidate = 10001
        sockets = []
        try:
            for number, kind in ((candidate, socket.SOCK_STREAM), (candidate, socket.SOCK_DGRAM),
                                 (candidate + 10000, socket.SOCK_STREAM)):
                item = socket.socket(socket.AF_INET, kind)
                sockets.append(item)
                item.bind((HOST, number))
        except OSError:
            for item in sockets: item.close()
            continue
        found.append(candidate)
        kept += sockets
    for item in kept: item.close()
    return found


def until(condition, seconds, what):
    """Polls; what is said of a condition that does not come true goes into the error."""
    end = time.monotonic() + seconds
    while not (value := condition()):
        if time.monotonic() > end: raise TimeoutError(f'{what() if callable(what) else what}: not within {seconds} s')
        time.sleep(0.02)
    return value


class Server:
    """One process with one port."""

    def __init__(self, port):
        self.port, self.address, self.process = port, (HOST, port), None

    def launch(self, command, folder, environment=None):
        os.makedirs(folder, exist_ok=True)
        self.out = os.path.join(folder, 'out')
        environment = dict(os.environ, SWIFT_BACKTRACE='enable=no') | (environment or {})
        with open(self.out, 'w') as out, open(os.path.join(folder, 'log'), 'a') as log:
            self.process = subprocess.Popen(
                command, stdout=out, stderr=log, stdin=subprocess.DEVNULL, cwd=folder, start_new_session=True,
                env=environment)
        _started.append(self.process)

    @property
    def pid(self): return self.process.pid

    def is_alive(self): return self.process.poll() is None

    def memory(self):
        """Resident memory in bytes."""
        with open(f'/proc/{self.pid}/status') as file:
            return next(int(line.split()[1]) << 10 for line in file if line.startswith('VmRSS:'))

    def end(self, number=signal.SIGKILL, seconds=60):
        """Its exit code."""
        if self.is_alive(): os.kill(self.pid, number)
        return self.process.wait(seconds)

    def ask(self, *args):
        link = Link(self.address)
        try: return tree(link.ask(*[arg if isinstance(arg, bytes) else str(arg).encode() for arg in args]))
        finally: link.close()


class Redis(Server):
    """A redis-server that keeps nothing, with Torc's limit on values."""

    def __init__(self, *options):
        super().__init__(free_ports(1)[0])
        self.folder = folder('torc-clients-redis.')
        self.launch(['redis-server', '--port', str(self.port), '--bind', HOST, '--save', '', '--appendonly', 'no',
                     '--databases', '1', '--proto-max-bulk-len', str(VALUE_MAX), *options], self.folder)
        until(self.answers, 20, 'redis-server answers')

    def answers(self):
        if not self.is_alive(): raise RuntimeError(f'redis-server ended; see {self.folder}')
        try: return self.ask('PING') == ('+', b'PONG')
        except OSError: return False

    @classmethod
    def cluster(cls, count=1):
        """Some with cluster mode, that share the slots."""
        servers = [cls('--cluster-enabled', 'yes') for _ in range(count)]
        for number, server in enumerate(servers):
            first, last = 16384 * number // count, 16384 * (number + 1) // count - 1
            assert server.ask('CLUSTER', 'ADDSLOTSRANGE', first, last) == ('+', b'OK')
            if number: server.ask('CLUSTER', 'MEET', HOST, servers[0].port)
            if number: server.ask('CLUSTER', 'SET-CONFIG-EPOCH', number + 1)
        for server in servers:
            until(lambda: b'cluster_state:ok' in server.ask('CLUSTER', 'INFO')[1], 20, 'the Redis cluster is ok')
        return servers


class Node(Server):
    def __init__(self, ring, number, port):
        super().__init__(port)
        self.ring, self.name = ring, f'n{number}'
        self.folder = os.path.join(ring.folder, self.name)

    def start(self, seed=None):
        join = ['-join', f'{HOST}:{seed.port}'] if seed else []
        self.launch([self.ring.program, '-id', self.name, '-addr', f'{HOST}:{self.port}', '-data',
                     os.path.join(self.folder, 'data'), *self.ring.flags, *join], self.folder,
                    self.ring.environment(self))
        return self

    def is_ready(self):
        if not self.is_alive():
            with open(os.path.join(self.folder, 'log')) as file: end = file.read()[-600:]
            raise RuntimeError(f'{self.name} ended with {self.process.returncode}: {end}')
        with open(self.out) as file: return ' ready on ' in file.read()

    def await_ready(self, seconds=60):
        until(self.is_ready, seconds, f'{self.name} is ready')
        return self

    def status(self):
        """What the ring is, as this node sees it."""
        with socket.create_connection(self.address, 5) as link, link.makefile('rb') as file:
            link.sendall(b'{"type":"STATUS"}\n')
            return json.loads(json.loads(file.readline())['value'])


class Ring:
    """Nodes of Torc; `nodes` are those that are there."""

    def __init__(self, binaries, count, *flags, storage='memory', environment=lambda node: None):
        self.environment = environment
        self.program, self.flags = os.path.join(binaries, 'torc-node'), ['-storage', storage, '-fsync', 'never', *flags]
        self.folder = folder('torc-clients.')
        self.nodes, self.made = [], 0
        for _ in range(count): self.add().await_ready()
        self.await_settled()

    def add(self):
        self.made += 1
        node = Node(self, self.made, free_ports(1)[0])
        node.start(self.nodes[0] if self.nodes else None)
        self.nodes.append(node)
        return node

    def remove(self, node, number):
        """Ends one: SIGINT leaves the ring, SIGKILL does not. Its exit code."""
        self.nodes.remove(node)
        return node.end(number)

    def settled(self):
        """Every slot is led, and nothing waits."""
        status, there = self.nodes[0].status(), {node.name for node in self.nodes}
        nodes = [node for node in status['nodes'] if node['id'] in there]
        return sum(node['leads'] or 0 for node in nodes) == 16384 and not status['waiting'] and all(
            node['holds'] == node['targets'] for node in nodes)

    def led(self):
        """Every slot is led by a node that is there."""
        there = {node.name for node in self.nodes}
        return sum(node['leads'] or 0 for node in self.nodes[0].status()['nodes'] if node['id'] in there) == 16384

    def await_led(self, seconds=60): until(self.led, seconds, 'every slot is led')

    def await_settled(self, seconds=60):
        until(self.settled, seconds, lambda: f'the ring is at rest; waiting: {self.nodes[0].status()["waiting"][:3]}')

    def close(self):
        for node in self.nodes:
            if node.is_alive(): node.end()
        self.nodes.clear()
        shutil.rmtree(self.folder, ignore_errors=True)
