"""How long a PING waits for the turns of a node's loop, whatever the scheduler does: turns.c notes how long each turn took
without what its thread waited for a processor, and a PING that comes at a random moment waits for the rest of the turn under
way and for the whole of the next, at whose end it is answered."""
import array
import os
import subprocess

import processes
import tools

HERE = os.path.dirname(os.path.abspath(__file__))
ROW_BYTES = 8
TAIL = 1e-4  # p99.99


def environment():
    """What nodes are to be started with: a function of the node."""
    library = os.path.join(processes.folder('torc-turns.'), 'turns.so')
    command = ['cc', '-O2', '-shared', '-fPIC', '-o', library, os.path.join(HERE, 'turns.c')]
    code, _, errors = processes.run(command, 60)
    if code: raise tools.Failed(f'turns.c: {errors.strip()[-200:]}')
    return lambda node: {'LD_PRELOAD': library, 'TORC_TURNS': path(node)}


def path(node): return os.path.join(node.folder, 'turns')


class Turns:
    """Those of a node from now on."""

    def __init__(self, node):
        self.path = path(node)
        self.begin = os.path.getsize(self.path) // ROW_BYTES * ROW_BYTES if os.path.exists(self.path) else 0

    def wait_ms(self):
        """p99.99 of what a PING waits."""
        with open(self.path, 'rb') as file:
            file.seek(self.begin)
            data = file.read()
        numbers = array.array('I')
        numbers.frombytes(data[:len(data) // ROW_BYTES * ROW_BYTES])
        if not numbers: raise tools.Failed('no turn was noted')
        return tail(numbers[0::2], numbers[1::2]) / 1e6


def tail(idle, turns):
    """The time beyond which a PING waits with a probability of 1 in 10,000.
    :param idle: how long the loop slept before each turn; who comes then waits for that turn
    :param turns: how long each took"""
    end = sum(idle) + sum(turns)
    rest = list(zip(idle, turns, [*turns[1:], 0]))
    low, high = 0.0, 2.0 * max(turns)
    while high - low > 1_000:
        time = (low + high) / 2
        # Of those that come during a turn, the ones for whom what is left of it and the next one are more than that.
        late = sum(min(own, max(0, own + following - time)) + (before if own > time else 0) for before, own, following in rest)
        if late > TAIL * end:
            low = time
            rest = [item for item in rest if item[1] + item[2] > time]
        else: high = time
    return high
