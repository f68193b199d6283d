"""The device: what it reads, when it stops reading, and what it answers.

The one idea: bytes pass two readers. The first sees every byte as it arrives and acts on real-time commands at once;
the second takes the same bytes out of the receive buffer, command by command, as the printer gets round to them. When
the printer cannot print (paper end, cover open, error, offline) only the second stops: status is still told, the buffer
fills, and then the sender is no longer read, so that not even status requests arrive.

Real-time commands are acted on wherever their bytes appear, also inside image data, and they stay in that data. Epson's
manuals describe exactly this, with the bytes 10 04 01 inside an ESC * image as the example; real printers surprise
drivers with it, so the simulator does too. Other requests (GS I, GS r, GS a) inside image data are only data.

The buffer is the printer's, not the connection's: what was received is printed even when the sender has gone, and what
waits for paper is printed before the next job. A driver that sends a job again prints it twice, here as on paper.
"""

import re
import sys
import threading
import time
from dataclasses import dataclass

from loopback.listener import Connection, ConnectionGone, Listener

from .commands import command_length, is_known
from .status import PrinterState, differs

RECEIVE_BUFFER_BYTES = 4096        # a common size in printers of this kind; small, so that drivers meet a full one
KERNEL_BUFFER_BYTES = 4096         # so that the sender is held up soon after the printer's own buffer is full
MAX_UNFINISHED_BYTES = 1 << 20     # of a command whose end is not known until all its parts have come
MAX_RECEIVED_BYTES = 64 << 20      # kept for the test to look at; beyond it the test is not about receipts any more
IDLE_SECONDS = 600.0               # an unused connection gives the printer back, as network printers do
CHECK_SECONDS = 0.02              # how soon a change made through the control door is noticed by the first reader

NONE, STOP_READING, RESET_AFTER_BYTES, NO_STATUS, HALF_STATUS = BEHAVIOURS = (
    "none", "stop_reading", "reset_after_bytes", "no_status", "half_status")

REALTIME = re.compile(rb"\x10\x04(?P<status>[\x01-\x04])"
                      rb"|\x10\x05(?P<recover>[\x01\x02])"
                      rb"|\x10\x14\x01[\x00\x01](?P<kick>[\x01-\x08])"
                      rb"|\x10\x14\x08(?P<clear>\x01\x03\x14\x01\x06\x02\x08)")
REALTIME_LONGEST = 10
BUFFER_CLEARED = b"\x37\x25\x00"

IDENTITY = {1: b"\x20", 2: b"\x02", 3: b"\x01", 65: b"_1.00\0", 66: b"_EPSON\0", 67: b"_TM-T88V\0",
            68: b"_SIM0000001\0", 69: b"_KANJI JAPANESE\0"}


@dataclass(eq=False)
class Session:
    """One connection: what it asked to be told, and the end of what it sent, where a real-time command may have
    begun."""
    connection: Connection
    number: int
    automatic_status: int = 0
    last_told: bytes = b""
    tail: bytes = b""


class Printer:
    """One connection is served at a time, as by a real network printer; the next waits until the first has gone.
    CHANGED guards everything; RECORD(session number, bytes) is called for all that arrives."""

    def __init__(self, port: int, record):
        self._record = record
        self._changed = threading.Condition()
        self._is_on = True
        self._state = PrinterState()
        self._next_state, self._next_state_at = None, 0  # a change that waits until so many bytes are printed
        self._behaviour, self._bytes_left = NONE, 0
        self._buffer = bytearray()
        self._rest_of_command = 0     # bytes of a long command that are still to be taken as they come
        self._needs_more = False      # the command at the front of the buffer is not complete
        self._received = bytearray()
        self._connections = self._printed = self._cuts = self._kicks = 0
        self._unknown = set()
        self._session = None
        self.listener = Listener("printer9100", port, self._serve, 1, IDLE_SECONDS, KERNEL_BUFFER_BYTES)

    def start(self) -> None:
        threading.Thread(target=self._print, name="print", daemon=True).start()
        self.listener.open()

    def stop(self) -> None:
        self.listener.stop()
        with self._changed:
            self._is_on = False
            self._changed.notify_all()

    def set_state(self, values: dict, after_bytes: int) -> dict:
        """Change what the sensors see, now or after so many more printed bytes; the state as it is now."""
        with self._changed:
            if after_bytes:
                self._next_state, self._next_state_at = values, self._printed + after_bytes
            else:
                self._next_state = None
                self._state.change(values)
                self._tell_change()
            self._changed.notify_all()
            return self._state.shown()

    def set_fault(self, behaviour: str, count: int) -> None:
        with self._changed:
            self._behaviour, self._bytes_left = behaviour, count

    def seen(self) -> dict:
        with self._changed:
            return {"received": bytes(self._received), "printed_bytes": self._printed,
                    "waiting_bytes": len(self._buffer), "connections": self._connections,
                    "cuts": self._cuts, "drawer_kicks": self._kicks, "unknown": sorted(self._unknown)}

    def _serve(self, connection: Connection) -> None:
        with self._changed:
            self._connections += 1
            self._session = Session(connection, self._connections)
            self._rest_of_command = min(self._rest_of_command, len(self._buffer))
            if not self._state.stops_printing() and not self._next_length():
                self._buffer.clear()  # the last sender left in the middle of a command: its end will not come
                self._needs_more = False
        try:
            last_heard = time.monotonic()
            while time.monotonic() - last_heard < IDLE_SECONDS:
                if not self._room():
                    connection.wait(CHECK_SECONDS)
                elif connection.has_data(CHECK_SECONDS):
                    limit = self._room()  # asked again: the control door may have closed it while nothing came
                    if limit:
                        self._arrive(self._session, connection.receive(limit))
                        last_heard = time.monotonic()
        finally:
            with self._changed:
                self._session = None

    def _room(self) -> int:
        """How much the printer reads now."""
        with self._changed:
            if self._behaviour == STOP_READING:
                return 0
            room = (MAX_UNFINISHED_BYTES if self._needs_more else RECEIVE_BUFFER_BYTES) - len(self._buffer)
            limit = self._bytes_left if self._behaviour == RESET_AFTER_BYTES else RECEIVE_BUFFER_BYTES
            return max(0, min(room, limit))

    def _arrive(self, session: Session, data: bytes) -> None:
        """The first reader."""
        with self._changed:
            if len(self._received) + len(data) > MAX_RECEIVED_BYTES:
                print(f"printer9100: more than {MAX_RECEIVED_BYTES} bytes received: dropped", file=sys.stderr)
                session.connection.cut()
                return
            self._received += data
            self._record(session.number, data)
            self._buffer += self._act_in_real_time(session, data)
            if self._behaviour == RESET_AFTER_BYTES:
                self._bytes_left -= len(data)
                if self._bytes_left <= 0:
                    self._behaviour = NONE  # once: the driver's next attempt finds a healthy printer
                    session.connection.cut()
            self._changed.notify_all()

    def _act_in_real_time(self, session: Session, data: bytes) -> bytes:
        """Act on the real-time commands that end in DATA; what of DATA goes into the buffer."""
        seen, kept_from, end = session.tail + data, 0, 0
        for match in REALTIME.finditer(seen):
            end = match.end()
            if match["status"]:
                self._send(session, self._state.realtime_status(match["status"][0]))
            elif match["kick"]:
                self._kicks += 1
            else:
                if match["recover"] and self._state.error != "none":
                    self._state.change({"error": "none"})
                    self._tell_change()
                if match["clear"] or match["recover"] == b"\x02":
                    self._buffer.clear()
                    self._rest_of_command, self._needs_more = 0, False
                    kept_from = end - len(session.tail)
                if match["clear"]:
                    self._send(session, BUFFER_CLEARED)
        session.tail = seen[max(end, len(seen) - REALTIME_LONGEST + 1):]
        return data[kept_from:]

    def _print(self) -> None:
        """The second reader: one command after the other while the printer can print."""
        with self._changed:
            while self._is_on:
                length = 0 if self._state.stops_printing() else self._next_length()
                if not length:
                    self._changed.wait()
                    continue
                command = bytes(self._buffer[:length])
                del self._buffer[:length]
                self._printed += length
                if self._rest_of_command:
                    self._rest_of_command -= length
                else:
                    self._execute(command)
                if self._next_state and self._printed >= self._next_state_at:
                    values, self._next_state = self._next_state, None
                    self._state.change(values)
                    self._tell_change()

    def _next_length(self) -> int:
        """How much to take from the buffer; 0 for nothing yet. A command longer than the buffer is taken as it
        comes."""
        if self._rest_of_command or not self._buffer:
            self._needs_more = False
            return min(self._rest_of_command, len(self._buffer))
        length = command_length(self._buffer)
        self._needs_more = length is None or len(self._buffer) < length
        if length is not None and length > RECEIVE_BUFFER_BYTES:
            self._needs_more, self._rest_of_command = False, length
            return len(self._buffer)
        return 0 if self._needs_more else length

    def _execute(self, command: bytes) -> None:
        session, kind, n = self._session, command[:2], command[2] if len(command) > 2 else None
        if not is_known(command):
            self._unknown.add(kind.hex())
        elif kind == b"\x1b@" and session:
            session.automatic_status = 0  # like every setting, it lasts until the printer is initialised
        elif kind == b"\x1da" and session:
            session.automatic_status, session.last_told = n, self._state.automatic_status()
            self._send(session, session.last_told if n else b"")
        elif kind == b"\x1dI":
            self._send(session, IDENTITY.get(n - 48 if 49 <= n <= 51 else n, b""))
        elif kind == b"\x1dr":
            self._send(session, self._state.transmitted_status(n))
        elif kind in (b"\x1bv", b"\x1bu"):
            self._send(session, self._state.transmitted_status(1 if kind == b"\x1bv" else 2))
        elif kind == b"\x1d(" and command[2:7] == b"H\x06\x00\x30\x30":
            self._send(session, b"\x37\x22" + command[7:11] + b"\x00")  # the process id: all before it is printed
        elif kind == b"\x1bp":
            self._kicks += 1
        elif kind in (b"\x1dV", b"\x1bi", b"\x1bm"):
            self._cuts += 1

    def _tell_change(self) -> None:
        """Automatic status back: four bytes when something the sender asked for has changed."""
        session = self._session
        if session and session.automatic_status:
            now = self._state.automatic_status()
            if differs(session.last_told, now, session.automatic_status):
                session.last_told = now
                self._send(session, now)

    def _send(self, session, data: bytes) -> None:
        """All the printer ever says goes through here, so that the status faults cover all of it."""
        if session is None or self._behaviour == NO_STATUS or not data:
            return
        try:
            session.connection.send(data[:len(data) // 2] if self._behaviour == HALF_STATUS else data)
        except ConnectionGone:
            pass  # the sender has left; the serving thread notices by itself
