"""The terminal's end of the line to its acquirer, with store and forward.

The one idea: what was sent and not answered is undone before anything else is asked. A request without an answer becomes a
reversal in a durable queue; the queue is emptied, in order, before the terminal's next request, and a reversal stays in it
until the host has answered it (the first time as 0420, afterwards as 0421). An answer that comes when its request has
become a reversal is thrown away.

    new ──0200──▶ sent ──0210 00──▶ approved ──(void)──▶ queued ──0420, 0421 …──▶ reversed
                   │ └───0210 xx──▶ declined
                   └──no answer, or a restart──▶ queued
"""

import socket
import struct
import threading
from dataclasses import dataclass

from payment_network.clock import Clock
from payment_network.journal import Journal

from . import iso8583
from .host import REFUND, SALE

SENT, ISSUED, DECLINED, QUEUED, REVERSED = "sent", "approved", "declined", "queued", "reversed"
CONNECT_SECONDS = 2.0
YEN = "392"
ACQUIRER, MERCHANT = "2000001", "MADOGUCHI      "


@dataclass
class Item:
    """One request to the host. KEY is the till's reference of the payment or refund."""
    key: str
    terminal: str
    code: str
    amount: int
    stan: str
    at: str
    state: str = SENT
    reversal_stan: str = ""
    tries: int = 0

    @property
    def request(self) -> dict:
        return {3: self.code, 4: f"{self.amount:012d}", 7: self.at, 11: self.stan, 12: self.at[4:], 13: self.at[:4], 22: "051",
                25: "00", 32: ACQUIRER, 41: self.terminal, 42: MERCHANT, 49: YEN}

    @property
    def reversal(self) -> dict:
        fields = {**self.request, 11: self.reversal_stan, 90: iso8583.original("0200", self.request)}
        return {number: fields[number] for number in fields if number not in (12, 13, 22)}


class Unreachable(Exception):
    """The host was not reached or did not answer; what was asked is undone by a queued reversal."""


class Link:
    """ANSWER_SECONDS: how long an answer is waited for. One conversation at a time."""

    def __init__(self, port: int, journal_path, clock: Clock, answer_seconds: float = 5.0):
        self._port, self._clock, self._answer_seconds = port, clock, answer_seconds
        self._lock = threading.RLock()
        self._items = {}
        self._last_stan = 0
        self._journal = Journal(journal_path)
        for line in self._journal.entries:
            self._apply(line)
        self._journal.entries = []
        for item in list(self._items.values()):  # the power failed between a request and its answer
            if item.state == SENT:
                self._queue(item)

    def close(self) -> None:
        with self._lock:
            self._journal.close()

    def sale(self, key: str, terminal: str, amount: int) -> bool:
        """Whether the host approved the sale; TERMINAL fills the 8 characters of field 41. Raises Unreachable when nothing is
        known and a reversal is on its way."""
        return self._request(key, terminal, SALE, amount)

    def refund(self, key: str, terminal: str, amount: int) -> bool:
        return self._request(key, terminal, REFUND, amount)

    def undo_unless(self, stands) -> None:
        """Reverse every approved request whose key does not stand, STANDS(key), in the books of who asked."""
        with self._lock:
            for item in list(self._items.values()):
                if item.state == ISSUED and not stands(item.key):
                    self._queue(item)

    def void(self, key: str) -> None:
        """The approved request goes back: certainly, though perhaps later."""
        with self._lock:
            item = self._items.get(key)
            if item is not None and item.state == ISSUED:
                self._queue(item)
            self.flush()

    def flush(self) -> bool:
        """Send what is queued. Whether nothing is left."""
        with self._lock:
            for item in [item for item in self._items.values() if item.state == QUEUED]:
                kind = "0421" if item.tries else "0420"
                item.tries += 1
                answer = self._exchange(kind, item.reversal)
                if answer is None:
                    return False
                self._write({"event": REVERSED, "key": item.key})
            return True

    def queued(self) -> int:
        with self._lock:
            return sum(item.state == QUEUED for item in self._items.values())

    def echo(self, terminal: str) -> bool:
        with self._lock:
            fields = {7: self._now(), 11: self._next_stan(), 41: f"{terminal:8.8}", 70: "301"}
            return self._exchange("0800", fields) is not None

    def reconcile(self, terminal: str) -> bool:
        """Whether the host has the same totals."""
        with self._lock:
            terminal = f"{terminal:8.8}"
            if not self.flush():
                return False
            standing = [item for item in self._items.values() if item.terminal == terminal and item.state == ISSUED]
            sales, refunds = ([item.amount for item in standing if item.code == code] for code in (SALE, REFUND))
            answer = self._exchange("0500", {7: self._now(), 11: self._next_stan(), 41: terminal, 74: f"{len(refunds):010d}",
                                             76: f"{len(sales):010d}", 86: f"{sum(refunds):016d}", 88: f"{sum(sales):016d}"})
            return answer is not None and answer[39] == "00"

    def _request(self, key: str, terminal: str, code: str, amount: int) -> bool:
        with self._lock:
            if key in self._items:
                return self._items[key].state == ISSUED
            if not self.flush():  # the host must hear of what went wrong before anything new is asked
                raise Unreachable("a reversal is still waiting")
            self._write({"event": SENT, "key": key, "terminal": f"{terminal:8.8}", "code": code, "amount": amount,
                         "stan": self._next_stan(), "at": self._now()})
            item = self._items[key]
            answer = self._exchange("0200", item.request)
            if answer is None:
                self._queue(item)
                raise Unreachable("no answer: a reversal is queued")
            self._write({"event": ISSUED if answer[39] == "00" else DECLINED, "key": key})
            return item.state == ISSUED

    def _queue(self, item: Item) -> None:
        self._write({"event": QUEUED, "key": item.key, "stan": self._next_stan()})

    def _now(self) -> str:
        return f"{self._clock.now():%m%d%H%M%S}"

    def _next_stan(self) -> str:
        self._last_stan = self._last_stan % 999_999 + 1
        return f"{self._last_stan:06d}"

    def _exchange(self, kind: str, fields: dict):
        """The answer's fields, or None. A connection of its own: an answer that is late reaches nobody."""
        data = iso8583.write(kind, fields)
        try:
            with socket.create_connection(("127.0.0.1", self._port), CONNECT_SECONDS) as sock:
                sock.settimeout(self._answer_seconds)
                sock.sendall(struct.pack(">H", len(data)) + data)
                (length,) = struct.unpack(">H", _exactly(sock, 2))
                told, answer = iso8583.read(_exactly(sock, length))
        except (OSError, iso8583.BadMessage):
            return None
        expected = f"{kind[:2]}{'3' if kind[2] == '2' else '1'}0"
        is_ours = told == expected and answer.get(11) == fields[11] and answer.get(41) == fields[41] and 39 in answer
        return answer if is_ours else None

    def _write(self, line: dict) -> None:
        self._journal.append(line)
        self._apply(line)

    def _apply(self, line: dict) -> None:
        if line["event"] == SENT:
            self._items[line["key"]] = Item(line["key"], line["terminal"], line["code"], line["amount"], line["stan"],
                                            line["at"])
        else:
            item = self._items[line["key"]]
            item.state = line["event"]
            item.reversal_stan = line.get("stan", item.reversal_stan)
        self._last_stan = max(self._last_stan, int(line.get("stan", "0")))


def _exactly(sock: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        piece = sock.recv(count - len(data))
        if not piece:
            raise ConnectionError("the host hung up")
        data += piece
    return data
