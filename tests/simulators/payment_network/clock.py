"""The simulator's clock: Japan Standard Time with milliseconds, the only time this network knows.

The one idea: a test may put the clock to another moment, and it runs on from there; so a cancel window can close and a
business day can end without waiting for it.
"""

import datetime
import threading

JST = datetime.timezone(datetime.timedelta(hours=9), "JST")
EARLIEST = datetime.datetime(2019, 5, 1, tzinfo=JST)  # the era of the bank's record, Reiwa, begins
LATEST = datetime.datetime(2099, 12, 31, tzinfo=JST)  # its two-digit years are far from used up here


class Clock:
    def __init__(self):
        self._lock = threading.Lock()
        self._ahead = datetime.timedelta(0)

    def now(self) -> datetime.datetime:
        with self._lock:
            moment = datetime.datetime.now(JST) + self._ahead
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)

    def set(self, moment) -> None:
        """Put the clock to MOMENT (aware); None puts it back to real time. Raises ValueError out of range."""
        if moment is not None and not EARLIEST <= moment <= LATEST:
            raise ValueError(f"the clock goes from {EARLIEST.date()} to {LATEST.date()}")
        with self._lock:
            real = datetime.datetime.now(JST)
            self._ahead = datetime.timedelta(0) if moment is None else moment - real


def to_text(moment: datetime.datetime) -> str:
    return moment.astimezone(JST).isoformat(timespec="milliseconds")


def from_text(text: str) -> datetime.datetime:
    """Raises ValueError for what is not ISO 8601 with an offset."""
    moment = datetime.datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} has no offset")
    return moment.astimezone(JST)


def to_date(text: str) -> datetime.date:
    """The JST date of a time written by to_text."""
    return from_text(text).date()
