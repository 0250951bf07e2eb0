"""A tiny Redis client: arguments to bytes, bytes to replies, nothing in between. Replies stay as they came."""
import select
import socket
import time

CLOSED = b'(the connection is closed)'
SILENT = b'(no reply)'


def encode(args):
    """A command as an array of bulk strings."""
    parts = [b'*%d\r\n' % len(args)]
    for arg in args:
        parts.append(b'$%d\r\n' % len(arg))
        parts.append(arg)
        parts.append(b'\r\n')
    return b''.join(parts)


class Replies:
    """Cuts a stream into whole replies. It reads each byte once, however the stream is cut."""

    def __init__(self):
        self.data, self.at, self.open = bytearray(), 0, [1]

    def next(self):
        """The bytes of the next reply, or None where it is not whole yet."""
        while True:
            end = self.data.find(b'\r\n', self.at)
            if end < 0: return None
            kind, inside, after = self.data[self.at:self.at + 1], 0, end + 2
            if kind in (b'*', b'~', b'>'):
                inside = max(0, int(self.data[self.at + 1:end]))
            elif kind in (b'%', b'|'):
                inside = 2 * int(self.data[self.at + 1:end]) + (kind == b'|')
            elif kind in (b'$', b'=', b'!'):
                length = int(self.data[self.at + 1:end])
                if length >= 0: after += length + 2
            elif kind not in (b'+', b'-', b':', b'_', b',', b'#', b'('):
                raise ValueError(f'not a reply: {bytes(self.data[self.at:self.at + 60])!r}')
            if len(self.data) < after: return None
            self.at = after
            self.open[-1] -= 1
            if inside: self.open.append(inside)
            while self.open and not self.open[-1]: self.open.pop()
            if self.open: continue
            whole = bytes(self.data[:self.at])
            del self.data[:self.at]
            self.at, self.open = 0, [1]
            return whole


def tree(raw):
    """A reply as (kind, value): bytes of what is simple, a list of such of what is not."""
    if raw in (CLOSED, SILENT): return ('closed', raw)
    return _node(raw, 0)[0]


def _node(raw, at):
    end = raw.index(b'\r\n', at)
    kind, head, at = raw[at:at + 1].decode(), raw[at + 1:end], end + 2
    if kind in '$=!' and head != b'-1':
        return (kind, raw[at:at + int(head)]), at + int(head) + 2
    if kind in '*~>%' and head != b'-1':
        items = []
        for _ in range(int(head) * (2 if kind == '%' else 1)):
            item, at = _node(raw, at)
            items.append(item)
        return (kind, items), at
    return (kind, head if kind not in '$*' else None), at


class Link:
    """One connection."""

    def __init__(self, address, timeout=20):
        self.address, self.replies, self.is_closed = address, Replies(), False
        self.socket = socket.create_connection(address, timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.setblocking(False)

    def fileno(self): return self.socket.fileno()

    def close(self):
        self.is_closed = True
        self.socket.close()

    def receive(self):
        """Takes what there is; False at the end of the stream."""
        try:
            chunk = self.socket.recv(1 << 20)
        except BlockingIOError:
            return True
        except OSError:
            chunk = b''
        self.replies.data += chunk
        return bool(chunk)

    def ask(self, *args, timeout=20):
        """One command, one reply."""
        return exchange([Errand(self, [encode(args)], 1)], timeout)[0][0]


class Errand:
    """What is to be sent on a link, in pieces, and how many replies are awaited."""

    def __init__(self, link, pieces, count):
        self.link, self.pieces, self.count, self.got = link, [memoryview(piece) for piece in pieces], count, []

    def is_done(self): return len(self.got) >= self.count or self.link.is_closed

    def send(self):
        try:
            sent = self.link.socket.send(self.pieces[0])
        except BlockingIOError:
            return
        except OSError:  # the other side has closed; what it said before is still to be read
            self.pieces.clear()
            return
        if sent == len(self.pieces[0]): self.pieces.pop(0)
        else: self.pieces[0] = self.pieces[0][sent:]

    def read(self):
        if not self.link.receive(): self.link.close()
        while len(self.got) < self.count and (reply := self.link.replies.next()) is not None: self.got.append(reply)


def exchange(errands, timeout=20):
    """Sends and reads on all links at once, so that neither side waits for the other with full buffers. The replies of
    each errand; CLOSED or SILENT stands for each that did not come."""
    end = time.monotonic() + timeout
    while True:
        busy = [errand for errand in errands if not errand.is_done()]
        left = end - time.monotonic()
        if not busy or left <= 0: break
        ready = select.poll()  # not select(), which knows no file descriptors beyond 1,023
        for errand in busy: ready.register(errand.link, select.POLLIN | (select.POLLOUT if errand.pieces else 0))
        events = dict(ready.poll(left * 1000))
        for errand in busy:
            event = events.get(errand.link.fileno(), 0)
            if event & select.POLLOUT: errand.send()
            if event & ~select.POLLOUT: errand.read()
    for errand in errands:
        missing = CLOSED if errand.link.is_closed else SILENT
        errand.got += [missing] * (errand.count - len(errand.got))
    return [errand.got for errand in errands]
