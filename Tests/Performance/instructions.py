"""Instructions of a node for a request, against limits: scripts/bench-instructions runs this.

A node runs in callgrind, in memory, with one client. Two runs of different length are made of each kind of request; the
difference of what they took, divided by that of their requests, leaves out the start and the connection. Before them the
clock of the node is stopped (still_clock.c): under callgrind everything takes some fifty times as long, and timers would
take more than the requests.
"""
import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), 'Clients'))

import processes  # noqa: E402
import settings  # noqa: E402
import tools  # noqa: E402
from processes import HOST  # noqa: E402

LIMITS = os.path.join(HERE, 'instructions.json')
KINDS = [(verb, wire) for verb in ('get', 'set') for wire in ('resp', 'json')]
FEW, MANY, KEYS = 1_000, 3_000, 500
SLACK = 0.05


class CountedNode(processes.Server):
    """A node in callgrind."""

    def __init__(self):
        super().__init__(processes.free_ports(1)[0])
        self.folder = processes.folder('torc-instructions.')
        self.control, self.dumps = os.path.join(self.folder, 'clock'), 0
        self.set_clock(stands=False)
        self.launch(['env', f'LD_PRELOAD={self.library()}', f'TORC_STILL_CLOCK={self.control}', 'SWIFT_DETERMINISTIC_HASHING=1',
                     # The node's own, which it would begin anew for: callgrind does not go along.
                     'GLIBC_TUNABLES=glibc.malloc.tcache_count=4096',
                     'valgrind', '--tool=callgrind', '--callgrind-out-file=counts', self.program(), '-id', 'counted',
                     '-addr', f'{HOST}:{self.port}', '-data', 'data', '-storage', 'memory', '-replicas', '1'], self.folder)

    def library(self):
        path = os.path.join(self.folder, 'still_clock.so')
        subprocess.run(['cc', '-O1', '-shared', '-fPIC', '-o', path, os.path.join(HERE, 'still_clock.c')], check=True)
        return path

    def program(self):
        """Without its debugging information, which Debian's valgrind cannot read."""
        path = os.path.join(self.folder, 'torc-node')
        subprocess.run(['strip', '-g', '-o', path, os.path.join(settings.binaries, 'torc-node')], check=True)
        return path

    def set_clock(self, stands):
        # In place: the node has the file in its memory.
        with open(self.control, 'r+' if os.path.exists(self.control) else 'w') as file: file.write('1' if stands else '0')

    def is_ready(self):
        if not self.is_alive():
            with open(os.path.join(self.folder, 'log')) as file: raise tools.Failed(f'the node ended: {file.read()[-300:]}')
        with open(self.out) as file: return ' ready on ' in file.read()

    def count(self):
        """Instructions since the last time."""
        self.dumps += 1
        process = subprocess.run(['callgrind_control', '-d', str(self.pid)], capture_output=True, text=True, timeout=60)
        path = os.path.join(self.folder, f'counts.{self.dumps}')
        processes.until(lambda: os.path.exists(path), 20, f'callgrind writes its counts ({process.stdout.strip()[-200:]})')
        found = processes.until(lambda: re.search(r'^totals: (\d+)', open(path).read(), re.M), 20, 'its counts are complete')
        return int(found[1])

    def load(self, verb, wire, requests):
        tools.torc_bench(f'{HOST}:{self.port}', mix=f'{verb}:1', protocol=wire, requests=requests, keys=KEYS, clients=1,
                         pipeline=16, load='no')


def measure():
    """Instructions a request, by its kind."""
    node = CountedNode()
    processes.until(node.is_ready, 60, 'the node is ready')
    tools.torc_bench(f'{HOST}:{node.port}', mix='get:1', requests=1, keys=KEYS, clients=1)  # loads the keys
    node.set_clock(stands=True)
    for verb, wire in KINDS: node.load(verb, wire, FEW)  # what is done once for each key or kind
    node.count()
    counts = {}
    for verb, wire in KINDS:
        taken = []
        for requests in (FEW, MANY):
            node.load(verb, wire, requests)
            taken.append(node.count())
        counts[f'{verb} {wire}'] = round((taken[1] - taken[0]) / (MANY - FEW))
    node.end()
    return counts


def compare(counts, limits):
    """Lines, and whether all is well."""
    lines, is_well = [f'{"":10} {"measured":>10} {"limit":>10}'], True
    for kind, count in counts.items():
        limit = limits.get(kind)
        verdict = 'no limit yet: -update makes it one'
        if limit:
            change = count / limit - 1
            verdict = f'{100 * change:+.1f} %'
            if change > SLACK: verdict += f': more than {100 * SLACK:.0f} % above its limit'
            elif change < -SLACK: verdict += ': -update makes this the limit'
            is_well = is_well and change <= SLACK
        else: is_well = False
        lines.append(f'{kind:10} {count:10,} {limit or 0:10,}  {verdict}')
    return lines, is_well


def missing():
    for tool in ('valgrind', 'callgrind_control', 'cc', 'strip'):
        if not shutil.which(tool): return f'{tool} (scripts/setup bench installs it)'
    for program in ('torc-node', 'torc'):
        if not os.access(os.path.join(settings.binaries, program), os.X_OK):
            return f'{program} in {settings.binaries} (scripts/test builds it, or -bin DIR)'
    return None


def main():
    parser = argparse.ArgumentParser(prog='scripts/bench-instructions', allow_abbrev=False)
    parser.add_argument('-update', action='store_true', help='makes what is measured the limits')
    parser.add_argument('-bin', default=settings.binaries, help='folder of torc-node and torc')
    options = parser.parse_args()
    settings.binaries = os.path.abspath(options.bin)
    if what := missing(): parser.exit(2, f'bench-instructions: missing: {what}\n')
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP): signal.signal(number, processes.end_by_signal)
    try: counts = measure()
    except (tools.Failed, TimeoutError, subprocess.SubprocessError) as error:
        parser.exit(3, f'bench-instructions: {error}\n')
    limits = {}
    if os.path.exists(LIMITS):
        with open(LIMITS) as file: limits = json.load(file)
    lines, is_well = compare(counts, limits)
    print('\n'.join(lines))
    if options.update:
        with open(LIMITS, 'w') as file: file.write(json.dumps(counts, indent=2) + '\n')
    elif not is_well: parser.exit(1, 'bench-instructions: requests take more instructions than their limits\n')


if __name__ == '__main__': main()
