"""How the next requests go wrong: the behaviours, and which request gets which.

The one idea: a behaviour is what happens to the money and what happens to the answer, two independent columns. A fault is
asked for an operation ("pay", "query", "cancel", "refund"), so that also the answer to an inquiry or a cancel can be lost;
requests that no fault matches are served as they should be.
"""

import itertools
import threading
from dataclasses import dataclass

from loopback import http_json

MAX_FAULTS = 1000  # a test that forgets to delete its faults meets a refusal
MAX_DELAY_MS = 600_000
OPERATIONS = ("pay", "query", "cancel", "refund", "refund_query")

# What happens to the money.
DO = "do"            # what was asked
NOTHING = "nothing"  # the request is never heard of
HOLD = "hold"        # the request is held up on its way, and acts when the control door lets it go
REFUSE = "refuse"    # a payment: declined, by `failure`
WAIT = "wait"        # a payment: its payer has to confirm; charged after `polls` inquiries
WAIT_REFUSE = "wait_refuse"  # the same; refused in the end
WAIT_CANCEL = "wait_cancel"  # the same; the payer confirms just when a cancel comes in
MISSING = "missing"  # a cancel or inquiry: "no such order", whatever is known, and nothing is done

# What happens to the answer, beyond the manners of loopback.http_json.
ERROR_500, SYSTEM_ERROR, BAD_SIGNATURE, OTHER_ORDER, OTHER_AMOUNT = (
    "error_500", "system_error", "bad_signature", "other_order", "other_amount")
LATE = "late"


@dataclass(frozen=True)
class Behaviour:
    money: str
    answer: str
    operations: tuple = OPERATIONS


PAY = ("pay",)
BEHAVIOURS = {
    "drop_before": Behaviour(NOTHING, http_json.CUT),
    "drop_after": Behaviour(DO, http_json.CUT),
    "timeout_before": Behaviour(NOTHING, http_json.SILENT),
    "timeout_after": Behaviour(DO, http_json.SILENT),
    "late": Behaviour(DO, LATE),
    "twice": Behaviour(DO, http_json.TWICE),
    "garbage": Behaviour(DO, http_json.GARBAGE),
    "half_answer": Behaviour(DO, http_json.HALF),
    "error_500": Behaviour(NOTHING, ERROR_500),
    "error_500_after": Behaviour(DO, ERROR_500),
    "system_error": Behaviour(NOTHING, SYSTEM_ERROR),
    "system_error_after": Behaviour(DO, SYSTEM_ERROR),
    "bad_signature": Behaviour(DO, BAD_SIGNATURE),
    "other_order": Behaviour(DO, OTHER_ORDER),
    "other_amount": Behaviour(DO, OTHER_AMOUNT, ("pay", "query")),
    "no_such_order": Behaviour(MISSING, http_json.WHOLE, ("query", "cancel")),
    "decline": Behaviour(REFUSE, http_json.WHOLE, PAY),
    "user_paying": Behaviour(WAIT, http_json.WHOLE, PAY),
    "user_refuses": Behaviour(WAIT_REFUSE, http_json.WHOLE, PAY),
    "user_pays_at_cancel": Behaviour(WAIT_CANCEL, http_json.WHOLE, PAY),
    "held_up": Behaviour(HOLD, http_json.SILENT, PAY),
}
SERVED = Behaviour(DO, http_json.WHOLE)


@dataclass(frozen=True)
class Choice:
    money: str = DO
    answer: str = http_json.WHOLE
    delay_ms: int = 0
    polls: int = 0
    failure: str = None

    @property
    def manner(self) -> str:
        """As loopback.http_json understands it."""
        return self.answer if self.answer in (http_json.SILENT, http_json.CUT, http_json.HALF, http_json.GARBAGE,
                                              http_json.TWICE) else http_json.WHOLE


@dataclass
class Fault:
    number: int
    behaviour: str
    operation: str
    reference: str  # None: any
    times: int
    delay_ms: int
    polls: int
    failure: str


class Faults:
    """FAILURES: the words that a declined payment of this wallet may be declined with; the first is the default."""

    def __init__(self, failures):
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._faults = []  # the newest first
        self._failures = failures

    def add(self, behaviour, operation="pay", reference=None, times=1, delay_ms=0, polls=0, failure=None) -> Fault:
        """Raises ValueError for what makes no fault."""
        known = BEHAVIOURS.get(behaviour)
        if known is None or operation not in known.operations:
            raise ValueError(f"{operation!r} has no behaviour {behaviour!r}; there are {', '.join(BEHAVIOURS)}")
        if failure is not None and failure not in self._failures:
            raise ValueError(f"failure is one of {', '.join(self._failures)}")
        for name, value, highest in (("times", times, 10_000), ("delay_ms", delay_ms, MAX_DELAY_MS), ("polls", polls, 100)):
            if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= highest:
                raise ValueError(f"{name} is 0 to {highest}")
        with self._lock:
            self._faults = [fault for fault in self._faults if fault.times > 0]
            if len(self._faults) >= MAX_FAULTS:
                raise ValueError(f"there are {MAX_FAULTS} faults already")
            fault = Fault(next(self._numbers), behaviour, operation, reference, times, delay_ms, polls, failure)
            self._faults.insert(0, fault)
        return fault

    def clear(self) -> int:
        with self._lock:
            count = sum(fault.times > 0 for fault in self._faults)
            self._faults = []
        return count

    def choose(self, operation: str, reference: str) -> Choice:
        with self._lock:
            for fault in self._faults:
                if fault.times > 0 and fault.operation == operation and fault.reference in (None, reference):
                    fault.times -= 1
                    behaviour = BEHAVIOURS[fault.behaviour]
                    return Choice(behaviour.money, behaviour.answer, fault.delay_ms, fault.polls,
                                  fault.failure or self._failures[0])
        return Choice()
