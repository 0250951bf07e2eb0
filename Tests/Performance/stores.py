"""The stores that are measured beside each other, as processes."""
import os
import shutil

import processes
import settings
import tools
from processes import HOST, until


class Torc:
    """A ring."""

    def __init__(self, count, *flags, **more):
        self.ring = processes.Ring(settings.binaries, count, *flags, **more)

    @property
    def nodes(self): return self.ring.nodes

    @property
    def address(self): return ','.join(f'{HOST}:{node.port}' for node in self.nodes)

    @property
    def port(self): return self.nodes[0].port

    @property
    def pids(self): return [node.pid for node in self.nodes]

    def load(self, keys, size=100): load(self, keys, size)
    def end(self): self.ring.close()


class Redis:
    """One redis-server, with replicas if asked for."""

    def __init__(self, *options, replicas=0):
        self.servers = [processes.Redis(*options)]
        for _ in range(replicas):
            self.servers.append(processes.Redis(*options, '--replicaof', HOST, str(self.port)))
        if replicas: until(lambda: self.online() == replicas, 60, 'replicas are online')

    def online(self): return self.servers[0].ask('INFO', 'replication')[1].count(b'state=online')

    @property
    def port(self): return self.servers[0].port

    @property
    def address(self): return f'redis://{HOST}:{self.port}'

    @property
    def pids(self): return [server.pid for server in self.servers]

    def load(self, keys, size=100): load(self, keys, size)

    def end(self):
        for server in self.servers: server.end()


class Etcd:
    """A cluster of etcd, each member with the ordinary fsync of its log."""

    @staticmethod
    def is_there(): return shutil.which('etcd') is not None

    def __init__(self, count):
        ports = processes.free_ports(2 * count)
        self.folder = processes.folder('torc-bench-etcd.')
        self.clients, peers = ports[:count], ports[count:]
        cluster = ','.join(f'm{index}=http://{HOST}:{port}' for index, port in enumerate(peers))
        self.servers = []
        for index in range(count):
            server = processes.Server(self.clients[index])
            own, peer = f'http://{HOST}:{self.clients[index]}', f'http://{HOST}:{peers[index]}'
            server.launch(['etcd', '--name', f'm{index}', '--data-dir', os.path.join(self.folder, f'm{index}', 'data'),
                           '--listen-client-urls', own, '--advertise-client-urls', own, '--listen-peer-urls', peer,
                           '--initial-advertise-peer-urls', peer, '--initial-cluster', cluster,
                           '--initial-cluster-state', 'new'], os.path.join(self.folder, f'm{index}'))
            self.servers.append(server)
        until(self.serves, 60, 'etcd serves')

    def serves(self):
        dead = [server for server in self.servers if not server.is_alive()]
        if dead: raise RuntimeError(f'etcd ended; see {self.folder}')
        try: tools.torc_bench(self.address, requests=6, clients=6, pipeline=1, keys=1, mix='set:1', load='no')
        except tools.Failed: return False
        return True

    @property
    def address(self): return 'etcd://' + ','.join(f'{HOST}:{port}' for port in self.clients)

    @property
    def pids(self): return [server.pid for server in self.servers]

    def load(self, keys, size=100): load(self, keys, size)

    def end(self):
        for server in self.servers: server.end()


def load(store, keys, size):
    """Gives every key a value."""
    tools.torc_bench(store.address, keys=keys, size=size, mix='get:1', requests=1)
