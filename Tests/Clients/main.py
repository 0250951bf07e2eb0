"""Tests Torc with what others wrote for Redis: scripts/test-clients runs this."""
import argparse
import os
import random
import shutil
import signal
import sys
import time
import unittest

import processes
import settings

MODULES = ['test_tester', 'test_differential', 'test_introspection', 'test_connections', 'test_transactions',
           'test_tools', 'test_hostile', 'test_routing']


class Verdicts(unittest.TestResult):
    """A line for each test as it ends, with why where it failed."""

    def __init__(self):
        super().__init__()
        self.passed, self.failed, self.begun = 0, 0, 0.0

    def startTest(self, test):
        super().startTest(test)
        self.begun = time.monotonic()

    def verdict(self, word, test, why=''):
        name = test.id() if hasattr(test, 'id') else str(test)
        print(f'{word} {name} ({time.monotonic() - self.begun:.1f} s) {why}'.rstrip(), flush=True)

    def addSuccess(self, test):
        self.passed += 1
        self.verdict('passed', test)

    def addSkip(self, test, reason): self.verdict('skipped', test, reason)

    def _failed(self, test, error):
        self.failed += 1
        self.verdict('FAILED', test, '\n' + self._exc_info_to_string(error, test).rstrip())

    def addFailure(self, test, error): self._failed(test, error)
    def addError(self, test, error): self._failed(test, error)

    def addSubTest(self, test, subtest, error):
        if error: self._failed(subtest, error)


def missing():
    """What is not there of what is needed."""
    for tool in ('redis-server', 'redis-cli', 'redis-benchmark'):
        if not shutil.which(tool): return f'{tool} (Debian packages redis-server and redis-tools)'
    try:
        import redis  # noqa: F401
    except ImportError:
        return 'redis-py in .build/clients-venv'
    if settings.target == 'torc' and not os.access(os.path.join(settings.binaries, 'torc-node'), os.X_OK):
        return f'torc-node in {settings.binaries} (swift build, or -bin DIR)'
    return None


def arguments():
    parser = argparse.ArgumentParser('scripts/test-clients', description=__doc__, add_help=True)
    parser.add_argument('-short', action='store_true', help='what CI has time for')
    parser.add_argument('-seed', type=int, default=None, help='of all that is random (default: a fresh one)')
    parser.add_argument('-bin', default=settings.binaries,
                        help='the folder of torc-node (default .build/tests/release)')
    parser.add_argument('-target', choices=('torc', 'redis'), default='torc',
                        help='redis: the tests are tried on redis-server itself')
    parser.add_argument('-only', default='', help='names of modules or tests, separated by commas: test_tools, …')
    return parser.parse_args()


def main():
    asked = arguments()
    settings.short, settings.binaries, settings.target = asked.short, os.path.abspath(asked.bin), asked.target
    settings.seed = asked.seed if asked.seed is not None else random.SystemRandom().randrange(10 ** 9)
    if what := missing():
        print(f'test-clients: {what} is missing: run scripts/setup', file=sys.stderr)
        return 2
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP): signal.signal(number, processes.end_by_signal)
    print(f'seed {settings.seed}', flush=True)
    names = [name for name in asked.only.split(',') if name] or MODULES
    result = Verdicts()
    unittest.defaultTestLoader.loadTestsFromNames(names).run(result)
    print(f'{result.passed} passed, {result.failed} failed')
    return 1 if result.failed or not result.passed else 0


if __name__ == '__main__':
    code = main()
    sys.stdout.flush()
    sys.exit(code)
