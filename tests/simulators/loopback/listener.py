"""A TCP door on 127.0.0.1 that can be shut like a network cable.

The one idea: a connection can be *cut* from any thread. To cut is to make the peer see a reset (RST), never a polite
end. Only the thread that serves a connection closes its socket, so a file descriptor is never closed under somebody's
feet; cutting marks the connection, asks the kernel for a reset on close, and wakes the serving thread.

A second idea: the door keeps a bound but not listening socket on its port for as long as it lives. While the door is
shut the kernel then refuses connections to the port, and no other program can be given it.
"""

import select
import socket
import ssl
import struct
import sys
import threading
import time
import traceback

LOOPBACK = "127.0.0.1"
ACCEPT_BACKLOG = 64        # connections the kernel may hold while all serving threads are taken
SLOT_WAIT_SECONDS = 0.1    # how soon a shut door is noticed while waiting for a free serving thread
PEER_CHECK_SECONDS = 0.02  # how soon a waiting thread notices that its peer has left
DRAIN_SECONDS = 2.0        # a cut connection is gone at once; more than this is a fault of the simulator

RESET_ON_CLOSE = struct.pack("ii", 1, 0)  # struct linger {on, 0 seconds}: close sends RST and discards what is unsent


class ConnectionGone(Exception):
    """The peer left or the connection was cut. A normal event: the serving thread just ends."""


class Connection:
    """One accepted connection. Any thread may send or cut; only the serving thread receives and closes."""

    def __init__(self, sock: socket.socket, idle_seconds: float):
        self.sock = sock
        self.label = ""  # set by the server to say what kind of traffic this is, so that a part can be cut
        self.was_reset = False  # the peer ended by a reset or fell silent, not politely
        self._cut = threading.Event()
        self._sending = threading.Lock()
        sock.settimeout(idle_seconds)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    @property
    def is_cut(self) -> bool:
        return self._cut.is_set()

    def begin_tls(self, context) -> None:
        """Shake hands as a server, in the serving thread, before anything else. A peer that does not is gone."""
        try:
            self.sock = context.wrap_socket(self.sock, server_side=True)
        except OSError as error:  # ssl.SSLError is one
            raise ConnectionGone(str(error)) from error

    def has_client_certificate(self) -> bool:
        """Whether the peer proved itself with a certificate of the authority that the TLS context trusts."""
        return isinstance(self.sock, ssl.SSLSocket) and bool(self.sock.getpeercert())

    def cut(self) -> None:
        self._cut.set()
        try:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
            self.sock.shutdown(socket.SHUT_RD)  # wakes a blocked receive and sends nothing
        except OSError:
            pass  # already closed by its serving thread or reset by the peer: there is nothing left to cut

    def receive(self, limit: int) -> bytes:
        """At least one byte, at most LIMIT. Raises ConnectionGone at the end, on a reset, a cut, or after the idle
        time."""
        try:
            data = self.sock.recv(limit)
        except OSError as error:
            self.was_reset = True
            raise ConnectionGone(str(error)) from error
        if self.is_cut or not data:
            raise ConnectionGone("closed")
        return data

    def receive_exactly(self, count: int) -> bytes:
        parts = bytearray()
        while len(parts) < count:
            parts += self.receive(count - len(parts))
        return bytes(parts)

    def send(self, data: bytes) -> None:
        with self._sending:
            if self.is_cut:
                raise ConnectionGone("cut")
            try:
                self.sock.sendall(data)
            except OSError as error:
                raise ConnectionGone(str(error)) from error

    def end(self) -> None:
        """Say goodbye politely: what was sent arrives, and the serving thread ends."""
        try:
            self.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # already closed by its serving thread or reset by the peer

    def end_sending(self) -> None:
        """Say that nothing more comes; what the peer still sends is received."""
        try:
            self.sock.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # already closed by its serving thread or reset by the peer

    def has_data(self, seconds: float) -> bool:
        """Whether receive() would return or raise within SECONDS."""
        watcher = select.poll()
        watcher.register(self.sock.fileno(), select.POLLIN)
        return bool(watcher.poll(seconds * 1000))

    def peer_has_left(self) -> bool:
        watcher = select.poll()
        try:
            watcher.register(self.sock.fileno(), select.POLLRDHUP)
        except ValueError:  # fileno() is -1: closed by the serving thread
            return True
        return bool(watcher.poll(0))

    def wait(self, seconds: float) -> None:
        """Let SECONDS pass. Raises ConnectionGone as soon as the connection is cut or the peer has left."""
        end = time.monotonic() + seconds
        while True:
            left = end - time.monotonic()
            if left <= 0:
                return
            if self._cut.wait(min(left, PEER_CHECK_SECONDS)) or self.peer_has_left():
                raise ConnectionGone("left while waiting")


class Listener:
    """Accepts on one port and gives each connection to SERVE in a thread of its own, at most MAX_CONNECTIONS at a time;
    more wait in the kernel's queue. Opened shut: call open()."""

    def __init__(self, name, port, serve, max_connections, idle_seconds, receive_buffer_bytes=None):
        self.name = name
        self._serve = serve
        self._idle_seconds = idle_seconds
        self._receive_buffer_bytes = receive_buffer_bytes
        self._slots = threading.BoundedSemaphore(max_connections)
        self._changed = threading.Condition()
        self._connections = set()
        self._door = None
        self._reserved = self._bind(port)
        self.port = self._reserved.getsockname()[1]

    @staticmethod
    def _bind(port: int) -> socket.socket:
        sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sock.bind((LOOPBACK, port))
        except OSError:
            sock.close()
            raise
        return sock

    def open(self) -> None:
        if self._door is not None:
            return
        door = self._bind(self.port)
        if self._receive_buffer_bytes:
            # accepted sockets inherit it
            door.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self._receive_buffer_bytes)
        door.listen(ACCEPT_BACKLOG)
        self._door = door
        threading.Thread(target=self._accept, args=(door,), name=f"{self.name}-accept", daemon=True).start()

    def shut(self) -> None:
        """Refuse new connections and reset those that exist. Returns when they are gone."""
        door, self._door = self._door, None
        if door is not None:
            try:
                door.shutdown(socket.SHUT_RDWR)  # listens no more, and wakes accept(), which closes it
            except OSError:
                pass  # the accepting thread has seen the change and closed it already
        self.cut(lambda connection: True)

    def stop(self) -> None:
        self.shut()
        self._reserved.close()

    def cut(self, chosen) -> None:
        """Reset the connections for which CHOSEN is true; wait until they are gone."""
        with self._changed:
            doomed = {connection for connection in self._connections if chosen(connection)}
            for connection in doomed:
                connection.cut()
            gone = self._changed.wait_for(lambda: not doomed & self._connections, DRAIN_SECONDS)
        if not gone:
            print(f"{self.name}: a connection that was cut is still served after {DRAIN_SECONDS} s", file=sys.stderr)

    def _accept(self, door: socket.socket) -> None:
        with door:
            self._accept_while_open(door)

    def _accept_while_open(self, door: socket.socket) -> None:
        while self._door is door:
            if not self._slots.acquire(timeout=SLOT_WAIT_SECONDS):
                continue
            try:
                sock, _ = door.accept()
            except OSError as error:
                self._slots.release()
                if self._door is door:  # not shut by us: say why, and go on (out of descriptors passes again)
                    print(f"{self.name}: accept: {error}", file=sys.stderr)
                    time.sleep(SLOT_WAIT_SECONDS)
                continue
            connection = Connection(sock, self._idle_seconds)
            with self._changed:
                self._connections.add(connection)
            if self._door is not door:  # shut between accept and here: the cut above did not see this one
                connection.cut()
            threading.Thread(target=self._run, args=(connection,), name=self.name, daemon=True).start()

    def _run(self, connection: Connection) -> None:
        try:
            if not connection.is_cut:
                self._serve(connection)
        except (ConnectionGone, ConnectionError, TimeoutError):
            pass  # the peer's doing, or ours on purpose: nothing failed
        except Exception:  # a fault of the simulator: say it, and show the peer a broken connection, not a wrong answer
            print(f"{self.name}: while serving a connection:", file=sys.stderr)
            traceback.print_exc()
            connection.cut()
        finally:
            connection.sock.close()
            with self._changed:
                self._connections.discard(connection)
                self._changed.notify_all()
            self._slots.release()
