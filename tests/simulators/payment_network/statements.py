"""The acquirer's statement of a day and the deposits that follow from it, made from the book and from nothing else.

The one idea: a chain. The book's movements of the day give lines; planted faults change lines; fees and payouts follow
from the lines as they now stand; deposits follow from the payouts; planted faults about deposits come last. So every
file is consistent with the one before it except exactly where a fault was planted.
"""

import datetime
import os

from . import brands, zengin
from .book import CHARGED, REFUNDED, REVERSED
from .clock import EARLIEST, LATEST, to_date
from .draft import Draft, Line, Payout, StatementError
from .plants import plant_deposits, plant_lines

COLUMNS = ("明細番号", "加盟店取引ID", "決済会社取引ID", "ブランド", "端末番号", "取引日時", "取引区分", "取引金額", "手数料",
           "入金予定日", "入金番号")
KINDS = {CHARGED: "売上", REVERSED: "取消", REFUNDED: "返金"}
PAYOUT_ORDER = (brands.QR, brands.CARD, brands.EMONEY)
MAX_HOLIDAYS = 400        # more than a year of them is a mistake
SATURDAY = 5


def read_date(text) -> datetime.date:
    try:
        date = datetime.date.fromisoformat(text)
    except (TypeError, ValueError) as error:
        raise StatementError(f"{text!r} is not a date YYYY-MM-DD") from error
    if not EARLIEST.date() <= date <= LATEST.date():
        raise StatementError(f"dates go from {EARLIEST.date()} to {LATEST.date()}")
    return date


def next_business_day(day: datetime.date, holidays: frozenset) -> datetime.date:
    day += datetime.timedelta(days=1)
    while day.weekday() >= SATURDAY or day in holidays:
        day += datetime.timedelta(days=1)
    return day


def lines_of(payments: list, date: datetime.date) -> list:
    """Every movement of DATE in the order it happened; a reversal or refund names the payment it belongs to."""
    found = []
    for payment in payments:
        for movement in payment.movements():
            if to_date(movement.at) == date:
                at = movement.at[:19].replace("-", "/").replace("T", " ")
                line = Line(payment.reference, movement.acquirer_reference, payment.brand, movement.terminal, at,
                            KINDS[movement.kind], movement.amount)
                found.append((movement.at, movement.number, line))
    return [line for _, _, line in sorted(found, key=lambda entry: entry[:2])]


def payouts_of(draft: Draft, pay_date: datetime.date) -> list:
    payouts = []
    for channel in PAYOUT_ORDER:
        lines = [line for line in draft.lines if line.channel == channel]
        if lines:
            amount = sum(line.amount for line in lines)
            payouts.append(Payout(draft.payout_id(lines[0]), pay_date, len(lines), amount,
                                  sum(line.fee for line in lines), max(amount, 0)))
    return payouts


def csv_line(fields) -> bytes:
    quoted = ",".join('"' + str(field).replace('"', '""') + '"' for field in fields)
    return quoted.encode("cp932") + b"\r\n"


def statement_file(draft: Draft, pay_date: datetime.date) -> bytes:
    rows = [csv_line(COLUMNS)]
    for line in draft.lines:
        rows.append(csv_line((line.number, line.reference, line.acquirer_reference, line.brand, line.terminal, line.at,
                              line.kind, line.amount, line.fee, f"{pay_date:%Y/%m/%d}", draft.payout_id(line))))
    if draft.has_trailer:
        count = len(draft.lines) + draft.count_is_off_by
        rows.append(csv_line(("合計", count, sum(line.amount for line in draft.lines))))
    return b"".join(rows)


def write_whole(path: str, data: bytes) -> None:
    """A reader of the folder sees the whole file or none."""
    with open(path + ".part", "wb") as file:
        file.write(data)
    os.replace(path + ".part", path)


def write_statements(payments: list, date_text, directory: str, plant, holiday_texts) -> dict:
    """Write both files of a day into DIRECTORY; say what they hold. Raises StatementError before anything is
    written."""
    if not isinstance(holiday_texts, list) or len(holiday_texts) > MAX_HOLIDAYS:
        raise StatementError(f"holidays is a list of at most {MAX_HOLIDAYS} dates")
    date = read_date(date_text)
    pay_date = next_business_day(date, frozenset(read_date(text) for text in holiday_texts))

    draft = Draft(date, lines_of(payments, date), [])
    planted = plant_lines(draft, plant)
    draft.payouts = payouts_of(draft, pay_date)
    planted += plant_deposits(draft, plant)
    for number, line in enumerate(draft.lines, start=1):
        line.number = number

    deposits = [zengin.Deposit(pay_date, payout.deposit, payout.id) for payout in draft.payouts if payout.deposit > 0]
    statement_path = os.path.join(directory, f"statement-{date:%Y%m%d}.csv")
    deposit_path = os.path.join(directory, f"deposit-{date:%Y%m%d}.txt")
    statement, deposit = statement_file(draft, pay_date), zengin.deposit_file(pay_date, deposits)
    os.makedirs(directory, exist_ok=True)
    write_whole(statement_path, statement)
    write_whole(deposit_path, deposit)
    return {
        "statement": {"path": statement_path, "lines": len(draft.lines),
                      "amount": sum(line.amount for line in draft.lines), "fee": sum(line.fee for line in draft.lines)},
        "deposit": {"path": deposit_path, "count": len(deposits), "amount": sum(d.amount for d in deposits)},
        "payouts": [{"payout": payout.id, "pay_date": payout.pay_date.isoformat(), "lines": payout.lines,
                     "amount": payout.amount, "fee": payout.fee, "deposit": payout.deposit}
                    for payout in draft.payouts],
        "planted": [entry() for entry in planted],
    }
