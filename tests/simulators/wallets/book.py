"""The truth of a wallet: every order it knows, what became of it, and the money that moved.

The one idea: as in payment_network, the book is a list of events that are on the disk before any answer is sent.

    unseen ─┬─▶ paying ──┬─▶ charged ─┬─▶ reversed
            │            ├─▶ declined └─▶ refunded   (once all of it went back; until then it stays charged)
            │            └─▶ closed
            ├─▶ charged, declined
            └─▶ closed                    (cancelled before it was ever seen: nothing can be paid under it any more)

An order that is `paying` waits for its payer and is decided by being asked about: after so many inquiries it is charged
or declined. No time passes in here but the clock's, which a test may set.
"""

import datetime
import threading
from dataclasses import dataclass, field

from payment_network.clock import Clock, from_text, to_text
from payment_network.journal import Journal, JournalError

MAX_ORDERS = 100_000  # the book is held in memory

PAYING, CHARGED, DECLINED, CLOSED, REVERSED, REFUNDED = "paying", "charged", "declined", "closed", "reversed", "refunded"
AT_CANCEL = "at_cancel"
POLLED = "polled"  # an inquiry about an order that is paying

ALLOWED_FROM = {
    PAYING: {None}, CHARGED: {None, PAYING}, DECLINED: {None, PAYING}, CLOSED: {None, PAYING, DECLINED},
    REVERSED: {CHARGED}, REFUNDED: {CHARGED}, POLLED: {PAYING},
}


class NotAllowed(Exception):
    """The order's state does not allow this."""


@dataclass(eq=False)
class Order:
    """Invariants: number and accepted_at exist from a charge on; refunds together never exceed the amount. AMOUNT counts the
    currency's smallest unit and is None for an order that was closed unseen."""
    reference: str
    state: str = None
    amount: int = None
    opened_at: str = None
    accepted_at: str = None
    number: int = None
    failure: str = None
    polls_left: int = 0
    then: str = None  # what PAYING ends in, CHARGED or DECLINED; AT_CANCEL: charged just when a cancel comes in
    refunds: dict = field(default_factory=dict)  # refund reference -> (amount, number)
    note: str = None  # what the wallet's own door wants to know of it later

    @property
    def refunded_amount(self) -> int:
        return sum(amount for amount, _ in self.refunds.values())

    @property
    def kept_amount(self) -> int:
        """What the payer has paid and not got back."""
        return 0 if self.accepted_at is None or self.state == REVERSED else self.amount - self.refunded_amount


class Book:
    """LOCK is held by callers that look first and write after."""

    def __init__(self, path, clock: Clock):
        self.lock = threading.RLock()
        self.clock = clock
        self._orders = {}
        self._refunds = {}  # refund reference -> order
        self._last_number = 0
        self._journal = Journal(path)
        for line, event in enumerate(self._journal.entries, start=1):
            try:
                self._check(event)
                self._apply(event)
            except (KeyError, TypeError, ValueError, NotAllowed) as error:
                self._journal.close()
                raise JournalError(f"{path}: line {line} does not follow from the lines before: {error!r}") from error
        self._journal.entries = []

    def find(self, reference: str):
        with self.lock:
            return self._orders.get(reference)

    def find_refund(self, refund_reference: str):
        with self.lock:
            return self._refunds.get(refund_reference)

    def orders(self) -> list:
        with self.lock:
            return list(self._orders.values())

    def pay(self, reference: str, amount: int, note=None) -> Order:
        return self._write(CHARGED, reference, amount=amount, **noted(note))

    def decline(self, reference: str, amount: int, failure: str, note=None) -> Order:
        return self._write(DECLINED, reference, amount=amount, failure=failure, **noted(note))

    def wait_for_payer(self, reference: str, amount: int, polls: int, then: str, note=None) -> Order:
        return self._write(PAYING, reference, amount=amount, polls=polls, then=then, **noted(note))

    def poll(self, order: Order) -> Order:
        """An inquiry about ORDER: the last one that it waits for decides it."""
        with self.lock:
            if order.state == PAYING:
                if order.polls_left <= 0 and order.then in (CHARGED, DECLINED):
                    self.end_waiting(order, order.then)
                else:
                    self._write(POLLED, order.reference)
            return order

    def end_waiting(self, order: Order, outcome: str) -> Order:
        """The payer acts now."""
        failure = {"failure": "PAYERROR"} if outcome == DECLINED else {}
        return self._write(outcome, order.reference, **failure)

    def close(self, reference: str) -> Order:
        return self._write(CLOSED, reference)

    def reverse(self, order: Order) -> Order:
        return self._write(REVERSED, order.reference)

    def refund(self, order: Order, refund_reference: str, amount: int) -> Order:
        return self._write(REFUNDED, order.reference, refund_reference=refund_reference, amount=amount)

    def age(self, order: Order) -> datetime.timedelta:
        return self.clock.now() - from_text(order.opened_at)

    def stop(self) -> None:
        with self.lock:
            self._journal.close()

    def _write(self, event: str, reference: str, **facts) -> Order:
        """Check, put on the disk, then believe."""
        with self.lock:
            if reference not in self._orders and len(self._orders) >= MAX_ORDERS:
                raise JournalError(f"the book is full: {MAX_ORDERS} orders")
            entry = {"event": event, "reference": reference, "at": to_text(self.clock.now()), **facts}
            if event in (CHARGED, REVERSED, REFUNDED):
                entry["number"] = self._last_number + 1
            self._check(entry)
            self._journal.append(entry)
            return self._apply(entry)

    def _check(self, entry: dict) -> None:
        order = self._orders.get(entry["reference"])
        state = order.state if order else None
        if state not in ALLOWED_FROM[entry["event"]]:
            raise NotAllowed(f"an order that is {state or 'unseen'} cannot become {entry['event']}")
        if entry["event"] == REFUNDED:
            if not 0 < entry["amount"] <= order.amount - order.refunded_amount:
                raise NotAllowed("the refunds would exceed the charge")
            if entry["refund_reference"] in self._refunds:
                raise NotAllowed("the refund reference is used")
        if entry["event"] == REVERSED and order.refunds:
            raise NotAllowed("a part was refunded already")

    def _apply(self, entry: dict) -> Order:
        event = entry["event"]
        order = self._orders.setdefault(entry["reference"], Order(entry["reference"]))
        if order.state is None:
            order.opened_at, order.amount, order.note = entry["at"], entry.get("amount"), entry.get("note")
        self._last_number = max(self._last_number, entry.get("number", 0))
        if event == POLLED:
            order.polls_left -= 1
            return order
        if event == REFUNDED:
            order.refunds[entry["refund_reference"]] = (entry["amount"], entry["number"])
            self._refunds[entry["refund_reference"]] = order
            order.state = REFUNDED if order.refunded_amount == order.amount else CHARGED
            return order
        order.state = event
        if event == PAYING:
            order.polls_left, order.then = entry["polls"], entry["then"]
        elif event == CHARGED:
            order.accepted_at, order.number = entry["at"], entry["number"]
        elif event == DECLINED:
            order.failure = entry["failure"]
        return order


def noted(note) -> dict:
    return {} if note is None else {"note": note}
