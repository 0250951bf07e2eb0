"""Tens of thousands of commands go to Torc and to redis-server; the replies are the same, byte for byte, but for what
allowed.py lists."""
import os
import time
import unittest

import allowed
import cases
import settings
import targets
from differ import Differ


class Differential(unittest.TestCase):
    def test_random_commands_have_the_replies_of_redis(self):
        differ = Differ(targets.oracles(), targets.addresses(), lambda text: print(text, flush=True))
        count, end = settings.amount(350, 5000), time.monotonic() + settings.amount(60, 1200)
        done = 0
        for seed in range(settings.seed, settings.seed + count):
            if time.monotonic() > end: break
            case = cases.make(seed)
            # A redis-server that is no cluster has other replies to what is about slots.
            if case.oracle == 'cluster' and not targets.is_torc(): continue
            differ.examine(case)
            done += 1
        used = ', '.join(f'{entry.name} {entry.used}' for entry in allowed.TABLE if entry.used)
        print(f'{done} cases, {differ.commands} commands, {differ.errors} of them refused; '
              f'differences that are allowed: {used or "none"}', flush=True)
        self.assertEqual(len(differ.found), 0, 'differences, see above')
        self.assertGreater(differ.commands, settings.amount(10_000, 100_000) if count == done else 0)

    @unittest.skipUnless(targets.is_torc(), 'about Torc')
    def test_every_allowed_difference_is_in_the_documents(self):
        with open(os.path.join(settings.ROOT, 'docs', 'redis.md')) as file:
            headings = [line.strip('# \n').lower() for line in file if line.startswith('#')]
        for entry in allowed.TABLE: self.assertIn(entry.section, headings, entry.name)
        self.assertEqual(len({entry.name for entry in allowed.TABLE}), len(allowed.TABLE))
