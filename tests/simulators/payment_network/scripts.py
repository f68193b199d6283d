"""How the next payments go: the behaviours, and which payment gets which.

The one idea: a behaviour is two independent choices, what happens to the money and what happens to the answer. The
table below is the whole of it; the two doors act on the two columns and never on a behaviour's name.
"""

import itertools
import random
import threading
from dataclasses import dataclass

from .brands import BRANDS
from .fields import is_amount, is_whole

MAX_SCRIPTS = 1000        # a test that forgets to delete its scripts meets a refusal, not a slow simulator
MAX_DELAY_MS = 600_000    # ten minutes: longer than any till waits
MAX_TIMES = 1_000_000

QR, TERMINAL = "qr", "terminal"
BOTH = frozenset({QR, TERMINAL})

# The money.
CHARGE, DECLINE, NOTHING = "charge", "decline", "nothing"
PENDING, IN_DOUBT_CHARGED, IN_DOUBT_UNCHARGED = "pending", "in_doubt_charged", "in_doubt_uncharged"

# The answer.
WHOLE, NO_ANSWER, LATE, TWICE = "whole", "no_answer", "late", "twice"
ERROR_500, CUT, HALF, GARBAGE = "error_500", "cut", "half", "garbage"


@dataclass(frozen=True)
class Behaviour:
    money: str
    answer: str
    channels: frozenset = BOTH


BEHAVIOURS = {
    "approve": Behaviour(CHARGE, WHOLE),
    "decline": Behaviour(DECLINE, WHOLE),
    "timeout_before": Behaviour(NOTHING, NO_ANSWER),
    "timeout_after": Behaviour(CHARGE, NO_ANSWER),
    "late": Behaviour(CHARGE, LATE),
    "twice": Behaviour(CHARGE, TWICE),
    "error_500": Behaviour(NOTHING, ERROR_500, frozenset({QR})),
    "error_500_after": Behaviour(CHARGE, ERROR_500, frozenset({QR})),
    "drop_before": Behaviour(NOTHING, CUT),
    "drop_after": Behaviour(CHARGE, CUT),
    "half_answer": Behaviour(CHARGE, HALF),
    "garbage": Behaviour(CHARGE, GARBAGE),
    "in_doubt": Behaviour(IN_DOUBT_CHARGED, WHOLE, frozenset({TERMINAL})),
    "in_doubt_uncharged": Behaviour(IN_DOUBT_UNCHARGED, WHOLE, frozenset({TERMINAL})),
    "pending": Behaviour(PENDING, WHOLE, frozenset({QR})),
}

# Why a declined payment was declined; the first of each is the one meant when a script does not say.
FAILURES = {
    QR: ("INSUFFICIENT_BALANCE", "CODE_EXPIRED", "CODE_UNKNOWN", "BRAND_UNAVAILABLE", "REFUSED"),
    TERMINAL: ("Refusal", "Deficient", "UnreachableHost", "Cancel", "InvalidCard", "NotAllowed"),
}

RANDOM_DELAYS_MS = {LATE: (50, 1500), PENDING: (50, 1500)}  # long enough to be felt, short enough for a test


@dataclass(frozen=True)
class Choice:
    """What one payment shall do."""
    money: str
    answer: str
    delay_ms: int
    failure: str
    earlier: str = None  # the payment in doubt whose card is touched for this one
    brand: str = None    # what the card or the code turns out to be; None: what the till said


@dataclass
class Script:
    """CHANNEL, AMOUNT and REFERENCE are None where anything matches."""
    number: int
    behaviour: str
    channel: str
    amount: int
    reference: str
    times: int
    delay_ms: int
    failure: str
    earlier: str = None
    brand: str = None

    def matches(self, channel: str, reference: str, amount: int) -> bool:
        return (self.times > 0 and channel in BEHAVIOURS[self.behaviour].channels
                and self.channel in (None, channel)
                and self.reference in (None, reference)
                and self.amount in (None, amount)
                and (self.failure is None or self.failure in FAILURES[channel]))


class Scripts:
    def __init__(self, seed: int, misbehave: float):
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._scripts = []  # the newest first
        self._chance = random.Random(seed)  # drawn in order of arrival
        self._misbehave = misbehave

    def add(self, behaviour, channel=None, amount=None, reference=None, times=1, delay_ms=0, failure=None,
            earlier=None, brand=None) -> Script:
        """Raises ValueError for what makes no script."""
        _check(behaviour, channel, amount, reference, times, delay_ms, failure)
        if earlier is not None and (channel != TERMINAL or not isinstance(earlier, str)):
            raise ValueError("earlier is a reference or null, on the terminal channel only")
        if brand is not None and brand not in BRANDS:
            raise ValueError("brand is one of the centre's brand codes or null")
        with self._lock:
            self._scripts = [script for script in self._scripts if script.times > 0]
            if len(self._scripts) >= MAX_SCRIPTS:
                raise ValueError(f"there are {MAX_SCRIPTS} scripts already")
            script = Script(next(self._numbers), behaviour, channel, amount, reference, times, delay_ms, failure, earlier,
                            brand)
            self._scripts.insert(0, script)
        return script

    def clear(self) -> int:
        with self._lock:
            count = sum(script.times > 0 for script in self._scripts)
            self._scripts = []
        return count

    def choose(self, channel: str, reference: str, amount: int) -> Choice:
        """The newest matching script, else chance, else an approval."""
        with self._lock:
            for script in self._scripts:
                if script.matches(channel, reference, amount):
                    script.times -= 1
                    return _choice(channel, BEHAVIOURS[script.behaviour], script.delay_ms, script.failure,
                                   script.earlier, script.brand)
            if self._chance.random() >= self._misbehave:
                return _choice(channel, BEHAVIOURS["approve"])
            candidates = [b for name, b in BEHAVIOURS.items() if name != "approve" and channel in b.channels]
            behaviour = self._chance.choice(candidates)
            span = RANDOM_DELAYS_MS.get(behaviour.answer) or RANDOM_DELAYS_MS.get(behaviour.money)
            delay_ms = self._chance.randint(*span) if span else 0
            return _choice(channel, behaviour, delay_ms, self._chance.choice(FAILURES[channel]))


def _choice(channel: str, behaviour: Behaviour, delay_ms: int = 0, failure: str = None, earlier: str = None,
            brand: str = None) -> Choice:
    return Choice(behaviour.money, behaviour.answer, delay_ms, failure or FAILURES[channel][0], earlier, brand)


def _check(behaviour, channel, amount, reference, times, delay_ms, failure) -> None:
    if not isinstance(behaviour, str) or behaviour not in BEHAVIOURS:
        raise ValueError(f"behaviour is one of {', '.join(BEHAVIOURS)}")
    if channel not in (None, QR, TERMINAL):
        raise ValueError("channel is qr, terminal or null")
    if channel is not None and channel not in BEHAVIOURS[behaviour].channels:
        raise ValueError(f"the {channel} channel has no behaviour {behaviour}")
    if amount is not None and not is_amount(amount):
        raise ValueError("amount is 1 to 9999999 or null")
    if reference is not None and not isinstance(reference, str):
        raise ValueError("reference is text or null")
    if not is_whole(times, 1, MAX_TIMES):
        raise ValueError(f"times is 1 to {MAX_TIMES}")
    if not is_whole(delay_ms, 0, MAX_DELAY_MS):
        raise ValueError(f"delay_ms is 0 to {MAX_DELAY_MS}")
    if failure is not None:
        if behaviour != "decline":
            raise ValueError("only decline has a failure")
        known = [name for door in ((channel,) if channel else (QR, TERMINAL)) for name in FAILURES[door]]
        if failure not in known:
            raise ValueError(f"failure is one of {', '.join(known)}")
