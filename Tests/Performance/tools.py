"""The two generators, and what the system says of the servers."""
import csv
import json
import os
import tempfile

import processes
import settings


class Failed(RuntimeError): pass


def schedstat(pids):
    """Nanoseconds of processor time of all threads."""
    total = 0
    for pid in pids:
        for thread in os.listdir(f'/proc/{pid}/task'):
            try:
                with open(f'/proc/{pid}/task/{thread}/schedstat') as file: total += int(file.read().split()[0])
            except FileNotFoundError: pass  # it has just ended
    return total


def bench_command(address, file, **flags):
    words = [os.path.join(settings.binaries, 'torc'), 'bench', '-server', address, '-json', file]
    for name, value in flags.items():
        words.append('-' + name.replace('_', '-'))
        if value is not True: words.append(str(value))
    return words


def torc_bench(address, pids=(), timeout=900, **flags):
    """One run: its report. Errors of the server are a failure: what does not work is not fast."""
    if pids: flags['server_pid'] = ','.join(map(str, pids))
    with tempfile.NamedTemporaryFile(prefix='torc-bench.', suffix='.json') as file:
        code, _, errors = processes.run(bench_command(address, file.name, **flags), timeout)
        if code: raise Failed(errors.strip())
        run = json.load(open(file.name))['run']
    if run['errors']: raise Failed(f'{run["errors"]} errors, the first: {run["error_kinds"][0]["first"]}')
    return run


def redis_benchmark(port, pids, verb, pipeline, requests, keys):
    """Requests a second, and nanoseconds of processor time for each."""
    command = ['redis-benchmark', '-p', str(port), '-c', '50', '-d', '100', '-r', str(keys), '-P', str(pipeline),
               '-n', str(requests), '-t', verb, '--csv']
    before = schedstat(pids)
    code, output, errors = processes.run(command, 900)
    used = schedstat(pids) - before
    lines = [line for line in csv.reader(output.splitlines()) if line and line[0].lower() == verb]
    if code or not lines: raise Failed(f'redis-benchmark: {(errors or output).strip()[-200:]}')
    return float(lines[-1][1]), used / requests


def targets(nodes, rounds):
    """Milliseconds of each computation of the table of targets of so many nodes."""
    command = [os.path.join(settings.binaries, 'torc-sim'), 'targets', '-nodes', str(nodes), '-rounds', str(rounds)]
    code, output, errors = processes.run(command, 300)
    times = [float(line.split(' ms,')[0]) for line in output.splitlines() if ' ms, table ' in line]
    if code or len(times) != rounds: raise Failed(f'torc-sim targets: {(errors or output).strip()[-200:]}')
    return times
