"""What is measured. Each scene starts its stores, measures both sides in turn, and gives its rows."""
import itertools
import os
import signal
import threading
import time

import cold_reads
import goals
import settings
import tools
import turns
from goals import AT_LEAST, AT_MOST
from processes import until
from row import Row
from settings import amount
from stores import Etcd, Redis, Torc
from wire import Link, tree

PIPELINES = (1, 16, 64)


def rounds(): return amount(1, 5)
def seconds(): return settings.seconds or amount(0.4, 5)
def keys(): return amount(50_000, 1_000_000)
def duration(): return f'{int(1000 * seconds())}ms'


def interleaved(*sides):
    """Each of them once a round, each round in another order: what warms up or tires favours nobody. A list of results
    for each side."""
    results = [[] for _ in sides]
    for number in range(rounds()):
        order = list(range(len(sides)))
        if number % 2: order.reverse()
        for index in order: results[index].append(sides[index]())
    return results


def measure(store, verb, pipeline, **flags):
    """A side: one run of torc bench."""
    flags = dict(mix=f'{verb}:1', pipeline=pipeline, keys=keys(), duration=duration(), load='no') | flags
    return lambda: tools.torc_bench(store.address, store.pids, **flags)


def rates(runs): return [run['rate'] for run in runs]
def costs(runs): return [run['server_ns'] for run in runs]


def pair(table, what, ours, theirs, goal, cpu_goal=None):
    """Rows of requests a second, and of processor time where that has a goal, of two sides of torc bench."""
    try: mine, other = interleaved(ours, theirs)
    except tools.Failed as error: return [Row(table, what, 'requests/s', AT_LEAST, goal, [], [], str(error))]
    rows = [Row(table, what, 'requests/s', AT_LEAST, goal, rates(mine), rates(other))]
    if cpu_goal: rows.append(Row(table, f'{what}, CPU', 'ns a request', AT_MOST, cpu_goal, costs(mine), costs(other)))
    return rows


# So few are in memory after the first GET of each.
WARM_KEYS = 1_000

# How a ring is asked: each request at the node that leads its slot, as a Redis with replicas is asked at its master, which
# is what goals are about; or at any node, which then asks that one.
WAYS = (({'cluster': True}, '', True), ({}, ', through any node', False))


def both_ways(table, what, ours, theirs, goal):
    """The rows of `pair` for either way; `ours` and `theirs` make a side of the flags that say which."""
    rows = []
    for flags, words, has_goal in WAYS: rows += pair(table, what + words, ours(**flags), theirs(**flags), goal if has_goal else None)
    return rows


def redis_pair(table, verb, pipeline, torc, redis):
    """The same with redis-benchmark, which is told how many requests instead of how long."""
    counts = {torc: 20_000 * min(pipeline, 4), redis: 20_000 * min(pipeline, 4)}

    def side(store):
        def run():
            rate, cost = tools.redis_benchmark(store.port, store.pids, verb, pipeline, counts[store], keys())
            counts[store] = max(10_000, int(rate * seconds()))
            return {'rate': rate, 'server_ns': cost}
        return run
    what = f'{verb.upper()}, P{pipeline}, redis-benchmark'
    try:
        if not settings.short: side(torc)(), side(redis)()  # only to learn how many there should be
        mine, other = interleaved(side(torc), side(redis))
    except tools.Failed as error:
        return [Row(table, what, 'requests/s', AT_LEAST, goals.REDIS_BENCHMARK[pipeline], [], [], str(error))]
    return [Row(table, what, 'requests/s', AT_LEAST, goals.REDIS_BENCHMARK[pipeline], rates(mine), rates(other)),
            Row(table, f'{what}, CPU', 'ns a request', AT_MOST, goals.CPU[pipeline], costs(mine), costs(other))]


def memory():
    torc, redis = Torc(1, '-replicas', '1', storage='memory'), Redis()
    for store in (torc, redis): store.load(keys())
    rows, table = [], 'One node in memory ÷ redis-server without persistence'
    for verb in ('get', 'set'):
        for pipeline in PIPELINES:
            rows += redis_pair(table, verb, pipeline, torc, redis)
            rows += pair(table, f'{verb.upper()}, P{pipeline}, torc bench', measure(torc, verb, pipeline),
                         measure(redis, verb, pipeline), goals.TORC_BENCH[pipeline], goals.CPU[pipeline])
    redis.end()
    table = 'The JSON protocol ÷ the Redis protocol, one node in memory'
    for verb in ('get', 'set'):
        for pipeline in PIPELINES:
            rows += pair(table, f'{verb.upper()}, P{pipeline}', measure(torc, verb, pipeline, protocol='json'),
                         measure(torc, verb, pipeline), goals.JSON[pipeline])
    torc.end()
    return rows


def durable():
    rows = []
    for policy, wanted in (('everysec', goals.EVERYSEC), ('always', goals.ALWAYS)):
        torc = Torc(1, '-replicas', '1', '-fsync', policy, storage='rocksdb')
        redis = Redis('--appendonly', 'yes', '--appendfsync', policy)
        table = f'SET with -fsync {policy} ÷ Redis with appendfsync {policy}'
        for pipeline in PIPELINES:
            rows += pair(table, f'P{pipeline}', measure(torc, 'set', pipeline), measure(redis, 'set', pipeline), wanted[pipeline])
        torc.end()
        redis.end()
    return rows


def ring():
    """Three nodes, in memory as the Redis beside them."""
    torc, redis = Torc(3, storage='memory'), Redis(replicas=2)
    for store in (torc, redis): store.load(amount(10_000, 100_000))
    rows = []
    few = dict(keys=amount(10_000, 100_000))

    def side(verb, pipeline, **flags): return lambda **way: measure(torc, verb, pipeline, **few, **flags, **way)
    for pipeline in (1, 16):
        other = measure(redis, 'set', pipeline, wait=1, **few)
        rows += both_ways('SET on three nodes ÷ Redis with two replicas and WAIT 1', f'P{pipeline}', side('set', pipeline),
                          lambda other=other, **_: other, goals.REPLICATED_SET)
    redis.end()
    table = 'Three nodes among themselves'
    rows += both_ways(table, 'GET at quorum ÷ GET at one, P16', side('get', 16), side('get', 16, consistency='one'), goals.QUORUM_GET)
    rows += both_ways(table, 'INCR ÷ SET, P16', side('incr', 16), side('set', 16), goals.INCR)
    torc.end()
    return rows


def etcd():
    table = 'Three nodes with -fsync always ÷ etcd of three members, over its HTTP gateway'
    names = {'set': 'SET', 'get': 'GET, linearizable'}
    if not Etcd.is_there():
        return [Row(table, name, 'requests/s', AT_LEAST, goals.ETCD, [], [], 'etcd is not installed') for name in names.values()]
    torc, other = Torc(3, '-fsync', 'always', storage='rocksdb'), Etcd(3)
    few = dict(keys=amount(500, 10_000))
    for store in (torc, other): store.load(few['keys'])
    rows = []
    for verb, name in names.items():
        theirs = measure(other, verb, 1, **few)
        rows += both_ways(table, f'{name}, P1', lambda verb=verb, **way: measure(torc, verb, 1, **few, **way),
                          lambda theirs=theirs, **_: theirs, goals.ETCD)
    torc.end()
    other.end()
    return rows


def idle_memory(torc):
    """Of a start: the system maps more or fewer pages of the program with each."""
    try: return torc.nodes[0].memory()
    finally: torc.end()


def space():
    """Memory: idle, and what a key takes."""
    count, per_key = amount(100_000, 1_000_000), []
    def torc(): return Torc(1, '-replicas', '1', storage='memory')
    idle = [idle_memory(torc()) for _ in range(rounds())]
    for make in (torc, Redis):
        store = make()
        server = (store.nodes if isinstance(store, Torc) else store.servers)[0]
        before = server.memory()
        store.load(count)
        per_key.append((server.memory() - before) / count)
        store.end()
    table, note = 'Memory and start', f'Redis: {per_key[1]:.0f} B'
    return [Row(table, f'memory of a key of 16 B with 100 B, {count:,} keys', 'B', AT_MOST, goals.BYTES_A_KEY, per_key[:1], note=note),
            Row(table, 'memory of an idle node', 'MB', AT_MOST, goals.IDLE_MB, [bytes / 1e6 for bytes in idle])]


def scale():
    """Many connections beside few, and many keys beside few: each pair within Torc."""
    table, many, few = 'Much beside little, one node in memory', amount(1_000, 10_000), 50
    torc = Torc(1, '-replicas', '1', storage='memory')
    torc.load(keys())
    rows = pair(table, f'GET, P1, {many:,} ÷ {few} connections', measure(torc, 'get', 1, clients=many),
                measure(torc, 'get', 1, clients=few), goals.CONNECTIONS)
    torc.end()
    counts = amount(100_000, 10_000_000), 1_000
    nodes = [Torc(1, '-replicas', '1', storage='memory') for _ in counts]
    for node, count in zip(nodes, counts): node.load(count)
    for verb in ('get', 'set'):
        what = f'{verb.upper()}, P16, {counts[0]:,} ÷ {counts[1]:,} keys, CPU'
        try: costly, cheap = interleaved(*(measure(node, verb, 16, keys=count) for node, count in zip(nodes, counts)))
        except tools.Failed as error: rows.append(Row(table, what, 'ns a request', AT_MOST, goals.KEYS, [], [], str(error)))
        else: rows.append(Row(table, what, 'ns a request', AT_MOST, goals.KEYS, costs(costly), costs(cheap)))
    for node in nodes: node.end()
    return rows


def start():
    """From the start of the process to its ready line."""
    count = amount(50_000, 1_000_000)
    torc = Torc(1, '-replicas', '1', '-fsync', 'everysec', storage='rocksdb')
    torc.load(count)
    node, times = torc.nodes[0], {'stop': [], 'kill': []}
    for _ in range(rounds()):
        for how, number in (('stop', signal.SIGTERM), ('kill', signal.SIGKILL)):
            node.end(number)
            began = time.monotonic()
            node.start()
            until(node.is_ready, 120, 'the node is ready')
            times[how].append(time.monotonic() - began)
    torc.end()
    table, words = 'Memory and start', {'stop': 'a clean stop', 'kill': 'kill -9'}
    return [Row(table, f'start with {count:,} keys after {words[how]}', 's', AT_MOST, goals.START_S[how], times[how]) for how in times]


def cold():
    """GET where the data is ten times what the node may keep in memory, beside reads of the same RocksDB without the node."""
    limit, size = amount(2, 16) << 20, 100
    count = 10 * limit // size
    node = Torc(1, '-replicas', '1', '-memory', str(limit), '-fsync', 'everysec', storage='rocksdb')
    samples = cold_reads.write_samples(node, amount(200, 2_000))
    node.load(count, size)
    cold_reads.restart(node)
    cold_reads.check(node, samples)
    table = f'GET of {count:,} keys with {limit >> 20} MiB of memory ÷ RocksDB by itself'
    seeds = itertools.count(1)  # the same keys again would be in memory

    def get(pipeline, clients, of):
        return lambda: measure(node, 'get', pipeline, keys=of, clients=clients, seed=next(seeds))()
    # Four that wait for each answer wake a processor for each: what that takes is seen where the entry is in memory.
    many, few, warm, other = interleaved(
        get(16, 50, count), get(1, 4, count), get(1, 4, WARM_KEYS), cold_reads.raw(node, count, seconds()))
    if misses := sum(run['misses'] for run in many + few + warm): raise tools.Failed(f'{misses} keys were not found')
    node.end()
    what, waiting = 'P16', 'P1, 4 connections'
    return [Row(table, f'{what}, CPU', 'ns a request', AT_MOST, goals.COLD_GET, costs(many), costs(other)),
            Row(table, what, 'requests/s', AT_LEAST, None, rates(many), rates(other)),
            Row(table, f'{waiting}, CPU', 'ns a request', AT_MOST, None, costs(few), costs(other)),
            Row(table, f'{waiting}, CPU, of {WARM_KEYS:,} keys', 'ns a request', AT_MOST, None, costs(warm), costs(other)),
            Row(table, waiting, 'requests/s', AT_LEAST, None, rates(few), rates(other))]


def members():
    """The table of targets of a large ring."""
    try: times = tools.targets(1_000, max(5, rounds()))
    except tools.Failed as error: times, note = [], str(error)
    else: note = ''
    return [Row('A large ring', 'table of targets of 1,000 members', 'ms', AT_MOST, goals.TARGETS_MS, times, note=note)]


def tail():
    """p99.99 of a PING every millisecond, alone and beside SETs as fast as they go."""
    torc = Torc(1, '-replicas', '1', storage='memory')
    ping = dict(mix='ping:1', rate=1000, clients=4, pipeline=64, duration=f'{amount(1, 20)}s', keys=keys())
    idle, beside = [], []
    for _ in range(rounds()):
        idle.append(tools.torc_bench(torc.address, **ping)['latency_us']['p99.99'] / 1e3)
        load = threading.Thread(target=tools.torc_bench, args=(torc.address,), kwargs=dict(
            mix='set:1', keys=keys(), load='no', duration=f'{amount(2, 22)}s'))
        load.start()
        beside.append(tools.torc_bench(torc.address, **ping)['latency_us']['p99.99'] / 1e3)
        load.join()
    torc.end()
    table = 'p99.99 of PING'
    # What the idle node shows is the scheduler's part.
    more = [loaded - alone for loaded, alone in zip(beside, idle)]
    return [Row(table, 'on an idle node', 'ms', AT_MOST, None, idle),
            Row(table, 'beside SET, 50 connections, P16', 'ms', AT_MOST, None, beside),
            Row(table, 'the second less the first, round by round', 'ms', AT_MOST, goals.PING_MS, more)]


def pauses():
    """What a PING waits for the turns of the node, beside any load."""
    table, unit, rows = 'What a PING waits for the turns of the node itself, p99.99', 'ms', []
    try: environment = turns.environment()
    except tools.Failed as error: return [Row(table, 'beside any load', unit, AT_MOST, goals.PING_MS, [], note=str(error))]

    def row(what, torc, load, has_goal=True):
        goal = goals.PING_MS if has_goal else None
        waits = []
        try:
            for _ in range(rounds()):
                watch = turns.Turns(torc.nodes[0])
                load()
                waits.append(watch.wait_ms())
            rows.append(Row(table, what, unit, AT_MOST, goal, waits))
        except tools.Failed as error: rows.append(Row(table, what, unit, AT_MOST, goal, [], note=str(error)))

    def bench(torc, **flags): return lambda: tools.torc_bench(torc.address, **dict(keys=keys(), load='no', duration=duration()) | flags)

    memory = Torc(1, '-replicas', '1', storage='memory', environment=environment)
    row('nothing to do', memory, lambda: time.sleep(seconds()), has_goal=False)
    memory.load(keys())
    row('SET, 50 connections, P16', memory, bench(memory, mix='set:1'))
    row('SET, 50 connections, P64', memory, bench(memory, mix='set:1', pipeline=64), has_goal=False)
    row('SET of new keys, 50 connections, P16', memory, bench(memory, mix='insert:1'))
    row('SET and GET of 1 MiB, two connections', memory, lambda: large_values(memory, 1 << 20, amount(8, 100)))
    row('SET and GET of 16 MiB, two connections', memory, lambda: large_values(memory, 16 << 20, amount(1, 10)))
    memory.end()
    for policy in ('everysec', 'always'):
        disk = Torc(1, '-replicas', '1', '-fsync', policy, storage='rocksdb', environment=environment)
        disk.load(keys())
        row(f'SET with -fsync {policy}, 50 connections, P16', disk, bench(disk, mix='set:1'))
        disk.end()
    source = Torc(1, storage='memory', environment=environment)
    source.load(keys() // 4)

    def copy():
        joining = source.ring.add().await_ready()
        source.ring.await_settled()
        source.ring.remove(joining, signal.SIGINT)
        source.ring.await_settled()
    row('another node joins, copies all, and leaves', source, copy)
    source.end()
    return rows


def large_values(torc, size, count):
    """Two clients that each write and read a value of their own so many times."""
    def client(name):
        link, value = Link(torc.nodes[0].address), os.urandom(1 << 20) * (size >> 20)
        for _ in range(count):
            if tree(link.ask(b'SET', name, value)) != ('+', b'OK') or tree(link.ask(b'GET', name)) != ('$', value): wrong.append(name)
        link.close()
    wrong = []
    clients = [threading.Thread(target=client, args=(b'large:%d' % number,)) for number in range(2)]
    for item in clients: item.start()
    for item in clients: item.join()
    if wrong: raise tools.Failed(f'{wrong[0]} is not what was written')


ALL = {'memory': memory, 'durable': durable, 'ring': ring, 'etcd': etcd, 'space': space, 'scale': scale, 'cold': cold, 'start': start, 'members': members,
       'tail': tail, 'pauses': pauses}
