"""A node whose data is larger than its memory: that it says what was written, and what RocksDB alone takes for the same."""
import binascii
import os
import random
import signal
import subprocess
import time

import tools
from processes import until
from wire import Link, tree

HERE = os.path.dirname(os.path.abspath(__file__))
# Of a core: a node that has nothing to do takes some hundredths.
QUIET_S, QUIET_PART = 1.0, 0.15
KEYS_READ = 200_000


def sample(number): return b'sample:%d' % number, b'%d of the samples ' % number * (number % 40 + 1)


def write_samples(torc, count):
    """Gives some keys of their own values that nothing else writes. How many."""
    link = Link(torc.nodes[0].address)
    for number in range(count):
        if tree(link.ask(b'SET', *sample(number))) != ('+', b'OK'): raise tools.Failed('a sample cannot be written')
    link.close()
    return count


def check(torc, count):
    """Reads them: what is wrong is not fast."""
    link, wrong = Link(torc.nodes[0].address), 0
    for number in range(count):
        key, value = sample(number)
        if tree(link.ask(b'GET', key)) != ('$', value): wrong += 1
    link.close()
    if wrong: raise tools.Failed(f'{wrong} of {count} samples have another value than was written')


def restart(torc):
    """Stops the node, which brings all to RocksDB, starts it, and waits until it and its RocksDB have nothing to do."""
    node = torc.nodes[0]
    if code := node.end(signal.SIGTERM, 300): raise tools.Failed(f'the node ended with {code}')
    node.start().await_ready(300)
    until(lambda: is_quiet(torc.pids), 300, 'RocksDB is at rest')


def is_quiet(pids):
    """Whether they took hardly any processor time for a while."""
    before = tools.schedstat(pids)
    time.sleep(QUIET_S)
    return tools.schedstat(pids) - before < QUIET_PART * QUIET_S * 1e9


def stored_key(number):
    """As it stands in RocksDB (docs/storage.md): slot, keyspace 0, key."""
    key = b'key:%012d' % number
    return (binascii.crc_hqx(key, 0) % 16384).to_bytes(2, 'big') + b'\0' + key


def raw(torc, count, seconds):
    """A side: reads of random keys from the node's own RocksDB, by a program that does nothing else."""
    folder = torc.nodes[0].folder
    program, database = os.path.join(folder, 'raw_rocksdb'), os.path.join(folder, 'data', 'db')
    subprocess.run(['cc', '-O2', '-o', program, os.path.join(HERE, 'raw_rocksdb.c'), '-lrocksdb'], check=True)
    draw = random.Random(1)
    keys = b''.join(stored_key(draw.randrange(count)) for _ in range(KEYS_READ))

    def run():
        process = subprocess.run([program, database, str(seconds)], input=keys, capture_output=True, timeout=seconds + 120)
        if process.returncode: raise tools.Failed(process.stderr.decode().strip()[-300:])
        reads, found, wall, processor = map(int, process.stdout.split())
        if found < 0.999 * reads: raise tools.Failed(f'RocksDB alone finds {found} of {reads} keys')
        return {'rate': reads / wall * 1e9, 'server_ns': processor / reads}
    return run
