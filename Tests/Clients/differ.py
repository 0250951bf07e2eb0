"""Sends a case to two servers, compares reply by reply, and makes what differs small."""
import itertools
import random
import re
import time
from dataclasses import dataclass

import allowed
import wire
from steps import Command, Pause, Raw, Scan, shown

# Each run of a case has keys of its own on all servers, so that nothing needs to be removed.
TAGS = itertools.count(1)


@dataclass
class Difference:
    """The last of the steps is the one whose replies differ."""
    case: object
    steps: list
    redis: bytes
    torc: bytes
    inside: list = None  # of an EXEC: the command whose part differs

    @property
    def signature(self):
        args = self.inside or self.steps[-1].args
        name = 'SCAN' if isinstance(self.steps[-1], Scan) else allowed.full_name(args)
        # What is queued, or not known, is so for one reason whatever it is.
        if self.redis[:7] == b'+QUEUED' or b'unknown command' in self.redis: name = ''
        return name[:40], bool(self.inside), shape(self.redis), shape(self.torc)

    def __str__(self):
        lines = [str(step).replace('{#', '{t') for step in self.steps]
        inside = f' (inside: {" ".join(shown(arg) for arg in self.inside)})' if self.inside else ''
        return '\n'.join([f'seed {self.case.seed}, {self.case.theme}{inside}'] + ['    ' + line for line in lines] + [
            f'    redis: {shown(self.redis, 400)}', f'    torc:  {shown(self.torc, 400)}'])


def shape(raw):
    """What is alike in replies that differ for one reason."""
    if raw.startswith(b'-ERR unknown command'): return raw[:20]
    if raw[:1] == b'-': return re.sub(rb"'[^']*'|[0-9]+", b'*', raw)[:60]
    return raw if raw in (wire.CLOSED, wire.SILENT) else raw[:1] if raw[:3] not in (b'$-1', b'*-1') else raw[:3]


class Side:
    """One server as a case sees it: its connections, each to one of the addresses, of which the seed says the first."""

    def __init__(self, addresses, seed=0): self.addresses, self.first, self.links = addresses, seed, {}

    def link(self, number):
        link = self.links.get(number)
        if link is None or link.is_closed:
            link = self.links[number] = wire.Link(self.addresses[(self.first + number) % len(self.addresses)])
            link.ask(b'PING')  # the first bytes decide the protocol, and white space is not Redis's
        return link

    def close(self):
        for link in self.links.values(): link.close()
        self.links.clear()


class Differ:
    """redis: addresses of the oracles by name; torc: addresses of one server, or of several that are one."""

    def __init__(self, redis, torc, say=print):
        self.redis, self.torc, self.say = redis, torc, say
        self.runs, self.commands, self.errors, self.found = 0, 0, 0, {}

    # Running

    def run(self, case, steps=None):
        """All differences of one run: (index of the step, Redis's reply, Torc's, command inside of EXEC)."""
        self.runs += 1
        steps = case.steps if steps is None else steps
        tag = b't%d' % next(TAGS)
        sides = Side([self.redis[case.oracle]]), Side(self.torc, case.seed)
        cut = random.Random(case.seed)
        queued = {}
        try:
            for side in sides:
                if case.whole: side.link(0).ask(b'FLUSHALL')
            for begin, segment in segments(steps):
                for offset, replies in enumerate(zip(*self.play(sides, segment, tag, cut))):
                    yield from self.judge(begin + offset, segment[offset], *replies, tag, queued)
        finally:
            for side in sides: side.close()

    def play(self, sides, segment, tag, cut):
        """The replies of both sides."""
        if isinstance(segment[0], Pause):
            time.sleep(segment[0].seconds)
            return [b''], [b'']
        if isinstance(segment[0], Scan): return [[scan(side, segment[0], tag)] for side in sides]
        data = b''.join(step.render(tag) for step in segment)
        pieces, counts = split(data, cut), [step.replies for step in segment]
        errands = [wire.Errand(side.link(segment[0].link), pieces, sum(counts)) for side in sides]
        for replies in wire.exchange(errands, timeout=30): yield replies
        for errand in errands:
            if wire.SILENT in errand.got: errand.link.close()

    def judge(self, index, step, redis, torc, tag, queued):
        if isinstance(step, Pause): return
        self.commands += 1
        self.errors += redis[:1] == b'-'
        args = step.args if isinstance(step, Command) else [b'']
        inside = queued.setdefault(step.link, [])
        if redis[:7] == b'+QUEUED': inside.append(args)
        ended = redis[:1] in b'*-_' and args[0].upper() == b'EXEC' or args[0].upper() in (b'DISCARD', b'RESET')
        commands = list(inside)
        if ended: inside.clear()
        if getattr(step, 'unordered', False): redis, torc = ordered(redis), ordered(torc)
        if redis == torc: return
        a, b = wire.tree(redis), wire.tree(torc)
        if allowed.is_allowed(args, a, b): return
        both = args[0].upper() == b'EXEC' and a[0] == b[0] == '*' and a[1] and b[1]
        if both and len(a[1]) == len(b[1]) == len(commands):
            for command, mine, yours in zip(commands, a[1], b[1]):
                if mine != yours and not allowed.is_allowed(command, mine, yours):
                    yield index, plain(mine), plain(yours), command
                    return
            return
        yield index, redis.replace(b'{' + tag, b'{t'), torc.replace(b'{' + tag, b'{t'), None

    # Finding

    def examine(self, case):
        """Runs a case; new kinds of differences are made small and kept."""
        for place, (index, redis, torc, inside) in enumerate(list(self.run(case))):
            difference = Difference(case, case.steps[:index + 1], redis, torc, inside)
            if difference.signature in self.found: continue
            small = self.shrink(difference)
            # The first may have come about once only; a later one that cannot be had without it followed from it.
            if not small and not place: small = difference
            if small and small.signature not in self.found:
                self.found[small.signature] = small
                self.say(f'difference {len(self.found)}: {small}')

    def first(self, case, steps):
        for index, redis, torc, inside in self.run(case, steps):
            return Difference(case, steps[:index + 1], redis, torc, inside)
        return None

    def shrink(self, difference, seconds=6):
        """The fewest steps that still end in such a difference, and in no other; None where it cannot be had alone."""
        end, steps, best = time.monotonic() + seconds, difference.steps, None

        def still(candidate):
            nonlocal best
            found = self.first(difference.case, candidate)
            if not found or len(found.steps) != len(candidate) or found.signature != difference.signature: return False
            best = found
            return True

        still(steps)
        size = max(1, (len(steps) - 1) // 2)
        while time.monotonic() < end:
            at, removed = 0, False
            while at < len(steps) - 1 and time.monotonic() < end:
                candidate = steps[:at] + steps[min(at + size, len(steps) - 1):]
                if still(candidate): steps, removed = candidate, True
                else: at += size
            if size == 1 and not removed: break
            size = max(1, size // 2)
        return best


def plain(node):
    """A part of a reply in bytes again, for people."""
    return repr(node[1]).encode() if isinstance(node[1], list) else node[0].encode() + (node[1] if node[1] is not None
                                                                                       else b'-1')


def ordered(raw):
    """An array of strings in the order of its strings."""
    kind, items = wire.tree(raw)
    is_set = kind == '*' and isinstance(items, list) and all(item[0] == '$' and item[1] is not None for item in items)
    return wire.encode(sorted(value for _, value in items)) if is_set else raw


def segments(steps):
    """Runs of steps that go out together: of one connection, with nothing between."""
    begin = 0
    for at in range(1, len(steps) + 1):
        together = at < len(steps) and all(isinstance(step, (Command, Raw)) for step in steps[at - 1:at + 1]) \
            and steps[at].link == steps[at - 1].link
        if together: continue
        yield begin, steps[begin:at]
        begin = at


def split(data, cut):
    """Mostly whole, now and then in pieces that end anywhere."""
    if cut.random() < 0.8 or len(data) < 2: return [data]
    places = sorted({0, len(data), *(cut.randrange(len(data)) for _ in range(cut.choice([1, 3, 10])))})
    return [data[a:b] for a, b in zip(places, places[1:])]


def scan(side, step, tag):
    """A whole iteration: what it returned, sorted, each once."""
    cursor, seen = b'0', set()
    for _ in range(100_000):
        args = [b'SCAN', cursor] + [arg.replace(b'{#', b'{' + tag) for arg in step.args]
        raw = side.link(step.link).ask(*args)
        if raw[:1] != b'*': return raw
        (_, cursor), (_, keys) = wire.tree(raw)[1]
        seen.update(key for _, key in keys)
        if cursor == b'0': return wire.encode(sorted(seen))
    return b'-(an iteration without end)\r\n'
