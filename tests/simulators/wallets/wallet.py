"""A wallet put together: the book, the faults, the door over TLS and the control door. What its messages look like is in
the class that derives from it.

The one idea: a request is decided under the book's lock, and only then does its answer go its chosen way.
"""

import threading
from collections import deque

from loopback import http_json
from loopback.http_json import Answer, BadRequest, Request
from payment_network.clock import Clock

from . import faults
from .book import AT_CANCEL, CHARGED, DECLINED, Book
from .control import Control
from .faults import Faults

REQUESTS_KEPT = 1000


class Wallet:
    failures = ()
    label = "wallet"

    def __init__(self, port, control_port, book_path, tls):
        self.book = Book(book_path, Clock())
        self.faults = Faults(self.failures)
        self.requests = deque(maxlen=REQUESTS_KEPT)  # (operation, reference): no code, no secret
        self._held = []  # payments on their way: what happens when they arrive
        self._held_lock = threading.Lock()
        self._door = http_json.json_door(self.label, port, self.handle, tls)
        self._control_door = http_json.json_door("control", control_port, Control(self).handle)

    @property
    def ports(self) -> dict:
        return {"port": self._door.port, "control_port": self._control_door.port}

    def start(self) -> None:
        self._door.open()
        self._control_door.open()

    def stop(self) -> None:
        self._door.stop()
        self._control_door.stop()
        self.book.stop()

    def handle(self, request: Request) -> Answer:
        raise NotImplementedError

    def customer_pays(self, body: dict) -> Answer:
        """Somebody scans a code of the merchant's with his phone."""
        raise BadRequest("this wallet makes no codes for merchants")

    def note(self, operation: str, reference: str) -> faults.Choice:
        """Every request that reads is noted, and given its fault."""
        self.requests.append({"operation": operation, "reference": reference})
        return self.faults.choose(operation, reference)

    def decide_payment(self, choice: faults.Choice, reference: str, amount: int, note=None) -> None:
        """Under the book's lock: what becomes of a payment that is new."""
        if choice.money == faults.REFUSE:
            self.book.decline(reference, amount, choice.failure, note)
        elif choice.money == faults.WAIT:
            self.book.wait_for_payer(reference, amount, choice.polls, CHARGED, note)
        elif choice.money == faults.WAIT_REFUSE:
            self.book.wait_for_payer(reference, amount, choice.polls, DECLINED, note)
        elif choice.money == faults.WAIT_CANCEL:
            self.book.wait_for_payer(reference, amount, 0, AT_CANCEL, note)
        elif choice.money == faults.HOLD:
            with self._held_lock:
                self._held.append((reference, amount, note))
        else:
            self.book.pay(reference, amount, note)

    def let_go(self) -> list:
        """The payments held up on their way arrive now. What was cancelled before takes nothing."""
        with self._held_lock:
            held, self._held = self._held, []
        with self.book.lock:
            for reference, amount, note in held:
                if self.book.find(reference) is None:
                    self.book.pay(reference, amount, note)
        return [reference for reference, _, _ in held]

    @staticmethod
    def delay(choice: faults.Choice, request: Request) -> None:
        if choice.answer == faults.LATE:
            request.connection.wait(choice.delay_ms / 1000)
