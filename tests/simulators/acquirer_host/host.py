"""The host: ISO 8583 over TCP, each message behind two bytes of length.

    0200 → 0210   a sale (processing code 000000) or a refund (200000); repeated as 0201
    0400, 0420 → 0410, 0430   undo what field 90 names; repeated as 0401, 0421; always accepted
    0500 → 0510   totals of the terminal: 00 when they are ours too, else 95
    0800 → 0810   sign on (001), sign off (002), echo (301)

The one idea: a request is decided and on the disk before its answer goes its chosen way.
"""

import struct
import sys
import threading

from loopback import http_json
from loopback.http_json import Answer, BadRequest, error_answer, exact_keys
from loopback.listener import Connection, ConnectionGone, Listener

from . import iso8583
from .book import APPROVED, Book

MAX_CONNECTIONS = 64
IDLE_SECONDS = 600.0
SALE, REFUND = "000000", "200000"
SIGN = {SALE: 1, REFUND: -1}
HIGHEST_AMOUNT = 9_999_999

BEHAVIOURS = {  # (is it decided, what becomes of the answer)
    "drop_before": (False, http_json.CUT),
    "drop_after": (True, http_json.CUT),
    "silent_before": (False, http_json.SILENT),
    "silent_after": (True, http_json.SILENT),
    "late": (True, "late"),
    "other_trace": (True, "other_trace"),
    "garbage": (True, http_json.GARBAGE),
    "decline": (True, http_json.WHOLE),
}
ANSWERS = ("51", "05", "91", "12")  # not enough money, refused, issuer unreachable, invalid
FAULT_KEYS = ("behaviour", "kind", "times", "answer", "delay_ms")


class Host:
    def __init__(self, port, control_port, book_path):
        self.book = Book(book_path)
        self.requests = []  # the types that came, in order
        self._faults = []
        self._lock = threading.Lock()
        self._door = Listener("acquirer", port, self._serve, MAX_CONNECTIONS, IDLE_SECONDS)
        self._control = http_json.json_door("control", control_port, self._control_call)
        self._kinds = {"02": self._financial, "04": self._reversal, "05": self._totals, "08": self._network}

    @property
    def ports(self) -> dict:
        return {"port": self._door.port, "control_port": self._control.port}

    def start(self) -> None:
        self._door.open()
        self._control.open()

    def stop(self) -> None:
        self._door.stop()
        self._control.stop()
        self.book.close()

    def set_up(self, is_up: bool) -> None:
        (self._door.open if is_up else self._door.shut)()

    def add_fault(self, behaviour, kind="0200", times=1, answer="51", delay_ms=0) -> None:
        if behaviour not in BEHAVIOURS or answer not in ANSWERS or not isinstance(times, int) or not isinstance(delay_ms, int):
            raise ValueError(f"behaviour is one of {', '.join(BEHAVIOURS)}; answer one of {', '.join(ANSWERS)}")
        with self._lock:
            self._faults.insert(0, [behaviour, kind[:2], times, answer, delay_ms])

    def _choose(self, kind: str):
        with self._lock:
            self.requests.append(kind)
            for fault in self._faults:
                if fault[2] > 0 and fault[1] == kind[:2]:
                    fault[2] -= 1
                    return fault
        return None

    def _serve(self, connection: Connection) -> None:
        while True:
            (length,) = struct.unpack(">H", connection.receive_exactly(2))
            try:
                kind, fields = iso8583.read(connection.receive_exactly(length))
                act = self._kinds[kind[:2]]
                fault = self._choose(kind)
                is_decided, manner = BEHAVIOURS[fault[0]] if fault else (True, http_json.WHOLE)
                with self.book.lock:
                    answer = act(fields, fault) if is_decided else None
            except (iso8583.BadMessage, KeyError, ValueError) as error:
                print(f"acquirer: connection dropped: {error!r}", file=sys.stderr)
                connection.cut()
                return
            self._tell(connection, f"{kind[:2]}{'3' if kind[2] == '2' else '1'}0", fields, answer, manner, fault)

    @staticmethod
    def _tell(connection, kind, request, answer, manner, fault) -> None:
        if manner == http_json.CUT:
            connection.cut()
            raise ConnectionGone("cut instead of an answer")
        if manner == http_json.SILENT:
            connection.wait(http_json.SILENCE_SECONDS)
            return
        if manner == "late":
            connection.wait(fault[4] / 1000)
        echoed = {number: request[number] for number in (3, 4, 7, 11, 41, 70, 90) if number in request}
        if manner == "other_trace":
            echoed[11] = f"{(int(echoed[11]) + 1) % 1_000_000:06d}"
        data = iso8583.write(kind, {**echoed, **answer})
        if manner == http_json.GARBAGE:
            data = b"\x00\xff" * 8
        connection.send(struct.pack(">H", len(data)) + data)

    # --- what is asked; each returns the fields of its answer ------------------------------------------------------------

    def _financial(self, fields: dict, fault) -> dict:
        key = (fields[41], fields[11], fields[7])
        entry = self.book.find(key)
        if entry is None:
            amount = int(fields[4])
            answer = fault[3] if fault and fault[0] == "decline" else "00"
            if not 1 <= amount <= HIGHEST_AMOUNT or fields.get(49) != "392":
                answer = "12"
            entry = self.book.decide(key, SIGN[fields[3]], amount, answer)
        told = {37: entry.reference or "0" * 12, 39: entry.answer}
        return {**told, 38: entry.approval} if entry.state == APPROVED else told

    def _reversal(self, fields: dict, _fault) -> dict:
        named = fields[90]
        self.book.reverse((fields[41], named[4:10], named[10:20]))
        return {39: "00"}

    def _totals(self, fields: dict, _fault) -> dict:
        theirs = (int(fields[76]), int(fields[88]), int(fields[74]), int(fields[86]))
        return {39: "00" if theirs == self.book.totals(fields[41]) else "95"}

    def _network(self, fields: dict, _fault) -> dict:
        return {39: "00" if fields[70] in ("001", "002", "301") else "12"}

    # --- the control door --------------------------------------------------------------------------------------------------

    def _control_call(self, request) -> Answer:
        if (request.method, request.path) == ("POST", "/control/faults"):
            body = request.json_object()
            exact_keys(body, FAULT_KEYS)
            try:
                self.add_fault(**body)
            except (ValueError, TypeError) as error:
                raise BadRequest(str(error)) from error
            return Answer(200, {})
        if (request.method, request.path) == ("GET", "/control/book"):
            return Answer(200, [{"terminal": entry.key[0], "stan": entry.key[1], "state": entry.state, "net": entry.net}
                                for entry in self.book.entries()])
        return error_answer(404, "NOT_FOUND", "there is no such call")
