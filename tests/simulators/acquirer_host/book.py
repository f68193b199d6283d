"""The acquirer's own truth: every sale and refund it has approved, and which were reversed.

The one idea: a request is known by the terminal, its trace number (STAN) and its transmission time, for ever; repeated it
gets the same answer. A reversal of something never seen is remembered, so that the request is refused when it arrives late.
"""

import threading
from dataclasses import dataclass

from payment_network.journal import Journal, JournalError

APPROVED, DECLINED, REVERSED = "approved", "declined", "reversed"
UNSEEN_REVERSED = "unseen_reversed"  # the reversal came first
MAX_ENTRIES = 100_000


@dataclass
class Entry:
    """SIGN is +1 for a sale and -1 for a refund."""
    key: tuple  # (terminal, STAN, MMDDhhmmss)
    state: str
    sign: int
    amount: int
    answer: str          # field 39
    reference: str = ""  # retrieval reference number, field 37
    approval: str = ""   # field 38

    @property
    def net(self) -> int:
        return self.sign * self.amount if self.state == APPROVED else 0


class Book:
    def __init__(self, path):
        self.lock = threading.RLock()
        self._entries = {}
        self._last = 0
        self._journal = Journal(path)
        try:
            for line in self._journal.entries:
                self._apply(line)
        except (KeyError, TypeError) as error:
            self._journal.close()
            raise JournalError(f"{path}: not a book of this host: {error!r}") from error
        self._journal.entries = []

    def find(self, key: tuple):
        with self.lock:
            return self._entries.get(key)

    def entries(self) -> list:
        with self.lock:
            return list(self._entries.values())

    def decide(self, key: tuple, sign: int, amount: int, answer: str) -> Entry:
        """A new request is answered; "00" approves."""
        number = self._last + 1
        return self._write({"event": "decided", "key": list(key), "sign": sign, "amount": amount, "answer": answer,
                            "number": number})

    def reverse(self, key: tuple) -> Entry:
        return self._write({"event": "reversed", "key": list(key)})

    def totals(self, terminal: str):
        """(sales, their sum, refunds, their sum) that stand."""
        with self.lock:
            standing = [entry for entry in self._entries.values() if entry.key[0] == terminal and entry.state == APPROVED]
        sales, refunds = ([entry.amount for entry in standing if entry.sign == sign] for sign in (1, -1))
        return len(sales), sum(sales), len(refunds), sum(refunds)

    def close(self) -> None:
        with self.lock:
            self._journal.close()

    def _write(self, line: dict) -> Entry:
        with self.lock:
            if len(self._entries) >= MAX_ENTRIES:
                raise JournalError(f"the book is full: {MAX_ENTRIES} entries")
            self._journal.append(line)
            return self._apply(line)

    def _apply(self, line: dict) -> Entry:
        key = tuple(line["key"])
        if line["event"] == "decided":
            number, approved = line["number"], line["answer"] == "00"
            self._last = max(self._last, number)
            self._entries[key] = Entry(key, APPROVED if approved else DECLINED, line["sign"], line["amount"], line["answer"],
                                       f"{number:012d}", f"{number % 1_000_000:06d}" if approved else "")
        elif key not in self._entries:
            self._entries[key] = Entry(key, UNSEEN_REVERSED, 0, 0, "12")
        elif self._entries[key].state == APPROVED:
            self._entries[key].state = REVERSED
        return self._entries[key]
