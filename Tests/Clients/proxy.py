"""Stands between a client and a server and changes replies: how the tests are tested."""
import socket
import threading

from wire import Replies


class Proxy:
    """Passes everything on; `change` makes each reply into what goes to the client, or None to close the connection."""

    def __init__(self, address, change):
        self.upstream, self.change = address, change
        self.listener = socket.create_server(('127.0.0.1', 0), backlog=64)
        self.address = self.listener.getsockname()
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self): self.listener.close()

    def _accept(self):
        while True:
            try: client, _ = self.listener.accept()
            except OSError: return
            server = socket.create_connection(self.upstream)
            for side in (client, server): side.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._requests, args=(client, server), daemon=True).start()
            threading.Thread(target=self._replies, args=(server, client), daemon=True).start()

    def _requests(self, client, server):
        try:
            while data := client.recv(1 << 16): server.sendall(data)
        except OSError: pass
        _shut(server)

    def _replies(self, server, client):
        replies = Replies()
        try:
            while data := server.recv(1 << 16):
                replies.data += data
                while (reply := replies.next()) is not None:
                    if (changed := self.change(reply)) is None: raise OSError('closed on purpose')
                    client.sendall(changed)
        except OSError: pass
        _shut(client)
        _shut(server)


def _shut(side):
    try: side.shutdown(socket.SHUT_RDWR)
    except OSError: pass
