"""A statement before it is written: lines, the payouts made of them, and what is wrong with the file as a whole.

The one idea: fee and payout are not stored in a line but follow from its brand and amount, so a planted fault in either
carries through as it would if the acquirer itself were mistaken.
"""

import datetime
from dataclasses import dataclass

from . import brands


class StatementError(Exception):
    """The request asks for what cannot be made; nothing was written."""


@dataclass
class Line:
    reference: str
    acquirer_reference: str
    brand: str
    terminal: str
    at: str            # YYYY/MM/DD HH:MM:SS, JST
    kind: str
    amount: int
    fee_is_off_by: int = 0
    number: int = 0    # within the file, given last

    @property
    def fee(self) -> int:
        return brands.fee(self.brand, self.amount) + self.fee_is_off_by

    @property
    def channel(self) -> str:
        return brands.BRANDS[self.brand].payout

    def shown(self) -> dict:
        return {"line": self.number, "reference": self.reference, "acquirer_reference": self.acquirer_reference,
                "brand": self.brand, "kind": self.kind, "amount": self.amount, "fee": self.fee}


@dataclass
class Payout:
    id: str
    pay_date: datetime.date
    lines: int
    amount: int
    fee: int
    deposit: int  # what the bank's record will show; 0 for none


@dataclass
class Draft:
    """What will be written; planted faults change it."""
    date: datetime.date
    lines: list
    payouts: list
    has_trailer: bool = True
    count_is_off_by: int = 0

    def payout_id(self, line: Line) -> str:
        return f"P{self.date:%Y%m%d}-{line.channel}"
