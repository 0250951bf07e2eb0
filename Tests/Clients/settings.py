"""What the run was asked for; main.py sets it before any test begins."""
import os

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), '..', '..'))

short = False   # what CI has time for
seed = 1
binaries = os.path.join(ROOT, '.build', 'tests', 'release')
seconds = None  # of one measurement; None: as long as it should be
target = 'torc'  # or 'redis': the tests themselves are tested, against redis-server


def amount(short_one, long_one): return short_one if short else long_one
