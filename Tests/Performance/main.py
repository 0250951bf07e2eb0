"""Measures Torc beside other stores: scripts/bench runs this."""
import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), 'Clients'))

import chart  # noqa: E402
import processes  # noqa: E402
import scenes  # noqa: E402
import settings  # noqa: E402
import tables  # noqa: E402


def output(*command):
    """What a command says; empty where it is not there."""
    try: return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=20).stdout.strip()
    except OSError: return ''


def machine():
    with open('/proc/cpuinfo') as file:
        names = [line.split(':', 1)[1].strip() for line in file if line.startswith('model name')]
    return {
        'cpu': names[0] if names else 'unknown', 'cores': os.cpu_count(), 'kernel': os.uname().release,
        'load_before': round(os.getloadavg()[0], 2), 'date': output('date', '-u', '+%Y-%m-%d'),
    }


def versions():
    redis = output('redis-server', '--version').split()
    etcd = output('etcd', '--version').splitlines()
    return {
        'torc': output(os.path.join(settings.binaries, 'torc-node'), '-version'),
        'commit': output('git', 'rev-parse', '--short', 'HEAD'),
        'changed': bool(output('git', 'status', '--porcelain', '--untracked-files=no', '--', 'Sources', 'Package.swift')),
        'redis': next((word[2:] for word in redis if word.startswith('v=')), None),
        'etcd': etcd[0].split()[-1] if etcd else None,
    }


def missing():
    """What is not there of what nothing can be measured without."""
    for program in ('torc-node', 'torc', 'torc-sim'):
        if not os.access(os.path.join(settings.binaries, program), os.X_OK):
            return f'{program} in {settings.binaries} (swift build -c release --static-swift-stdlib, or -bin DIR)'
    for tool in ('redis-server', 'redis-benchmark'):
        if not shutil.which(tool): return f'{tool} (scripts/setup bench installs it)'
    return None


def write(folder, report):
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, 'performance.json'), 'w') as file: json.dump(report, file, indent=1)
    tables.write(os.path.join(folder, 'performance.md'), report)
    with open(os.path.join(folder, 'performance.svg'), 'w') as file: file.write(chart.svg(report))


def main():
    parser = argparse.ArgumentParser(prog='scripts/bench', allow_abbrev=False)
    parser.add_argument('-short', action='store_true', help='one short run of each: shows that it works')
    parser.add_argument('-seconds', type=float, help='length of a run (5); shorter ones are noisier')
    parser.add_argument('-bin', default=os.path.join(ROOT, '.build', 'release'), help='folder of torc-node, torc and torc-sim')
    parser.add_argument('-out', default=os.path.join(ROOT, 'docs'), help='folder to write to')
    parser.add_argument('-only', help=f'some of {", ".join(scenes.ALL)}, with commas')
    options = parser.parse_args()
    settings.short, settings.seconds, settings.binaries = options.short, options.seconds, os.path.abspath(options.bin)
    names = options.only.split(',') if options.only else list(scenes.ALL)
    unknown = [name for name in names if name not in scenes.ALL]
    if unknown: parser.error(f'-only: there is no {unknown[0]}; there are {", ".join(scenes.ALL)}')
    if what := missing(): parser.exit(2, f'bench: missing: {what}\n')
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP): signal.signal(number, processes.end_by_signal)
    report = {'short': options.short, 'rounds': scenes.rounds(), 'seconds': scenes.seconds(), 'keys': scenes.keys(),
              'machine': machine(), 'versions': versions(), 'rows': [], 'failures': []}
    for name in names:
        print(f'bench: {name}', file=sys.stderr, flush=True)
        try: report['rows'] += [row.report() for row in scenes.ALL[name]()]
        except Exception as error:  # what the others came to must not be lost with it
            traceback.print_exc()
            report['failures'].append(f'{name}: {type(error).__name__}: {error}')
        processes.end_all()
    write(options.out, report)
    print('\n'.join(tables.lines(report)))
    print(f'\nbench: written to {options.out}/performance.md, .svg and .json', file=sys.stderr)
    if report['failures']: parser.exit(1, 'bench: not measured: ' + '; '.join(report['failures']) + '\n')


if __name__ == '__main__': main()
