"""One line of a table: what was measured on both sides, round by round, and the goal."""
import statistics

import goals


class Row:
    def __init__(self, table, what, unit, sign, goal, ours, theirs=None, note=''):
        """With `theirs` the row is a ratio of two series of `unit`; without, it is `ours` in `unit`. Empty series: it
        could not be measured, and `note` says why. `goal` is None where a row is for comparison only."""
        self.table, self.what, self.unit, self.sign, self.goal = table, what, unit, sign, goal
        self.ours, self.theirs, self.note = list(ours), None if theirs is None else list(theirs), note

    def spread(self):
        """Median, least and greatest: of a ratio the ratio of the medians, and that of single rounds."""
        if not self.ours or self.theirs == []: return None
        if self.theirs is None: return statistics.median(self.ours), min(self.ours), max(self.ours)
        single = [ours / theirs for ours, theirs in zip(self.ours, self.theirs)]
        return statistics.median(self.ours) / statistics.median(self.theirs), min(single), max(single)

    def report(self):
        spread = self.spread()
        value = spread[0] if spread else None
        return {
            'table': self.table, 'what': self.what, 'unit': self.unit, 'is_ratio': self.theirs is not None,
            'sign': self.sign, 'goal': self.goal, 'value': value, 'least': spread and spread[1],
            'greatest': spread and spread[2], 'reached': goals.reached(self.sign, self.goal, value),
            'ours': self.ours, 'theirs': self.theirs, 'note': self.note,
        }
