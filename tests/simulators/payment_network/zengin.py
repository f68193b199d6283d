"""The bank's record: 全銀 入出金取引明細, record layout 03, records of 200 bytes.

The one idea: a record is a list of fields, each a width and a value, and a record that does not come to 200 bytes is a
fault of this program and not of its data. Bank, branch and account are samples.
"""

import datetime
from dataclasses import dataclass

RECORD_BYTES = 200
END_OF_RECORD = b"\r\n"

BANK_CODE, BANK_NAME = 9999, "ﾐﾎﾝｷﾞﾝｺｳ"
BRANCH_CODE, BRANCH_NAME = 1, "ﾎﾝﾃﾝ"
ORDINARY_ACCOUNT, ACCOUNT_NUMBER, ACCOUNT_NAME = 1, 1234567, "ﾐﾎﾝｼｶｲｹｲｶﾝﾘｼﾔ"
OPENING_BALANCE = 1_000_000
PAYER_NAME = "ｶ)ﾐﾎﾝｹﾂｻｲ"  # the trustee that pays the money over

STATEMENT, JIS, CREDIT_BALANCE, PASSBOOK = "03", 0, 1, 1
DEPOSIT, TRANSFER = 1, 11

ERAS = ((datetime.date(2019, 5, 1), 2018), (datetime.date(1989, 1, 8), 1988))  # first day, year before year 1


@dataclass(frozen=True)
class Deposit:
    day: datetime.date
    amount: int
    edi: str


def digits(value: int, width: int) -> bytes:
    text = f"{value:0{width}d}"
    if value < 0 or len(text) > width:
        raise ValueError(f"{value} does not fit into {width} digits")
    return text.encode("ascii")


def text(value: str, width: int) -> bytes:
    data = value.encode("cp932")
    if len(data) != len(value) or len(data) > width:
        raise ValueError(f"{value!r} is not at most {width} half-width characters")
    return data.ljust(width)


def era_date(day: datetime.date) -> bytes:
    for first_day, year_before in ERAS:
        if day >= first_day:
            return f"{day.year - year_before:02d}{day:%m%d}".encode("ascii")
    raise ValueError(f"{day} is before the eras this bank knows")


def record(*fields: bytes) -> bytes:
    data = b"".join(fields)
    if len(data) != RECORD_BYTES:
        raise AssertionError(f"a record of {len(data)} bytes")
    return data + END_OF_RECORD


def header_record(day: datetime.date) -> bytes:
    return record(b"1", text(STATEMENT, 2), digits(JIS, 1), era_date(day), era_date(day), era_date(day),
                  digits(BANK_CODE, 4), text(BANK_NAME, 15), digits(BRANCH_CODE, 3), text(BRANCH_NAME, 15), b"000",
                  digits(ORDINARY_ACCOUNT, 1), digits(ACCOUNT_NUMBER, 10), text(ACCOUNT_NAME, 40),
                  digits(CREDIT_BALANCE, 1), digits(PASSBOOK, 1), digits(OPENING_BALANCE, 14), text("", 71))


def data_record(number: int, deposit: Deposit) -> bytes:
    others_cheques, presented, dishonoured, bill_kind, bill_number, fellow_branch = (
        digits(0, 12), digits(0, 6), digits(0, 6), digits(0, 1), digits(0, 7), digits(0, 3))
    return record(b"2", digits(number, 8), era_date(deposit.day), era_date(deposit.day), digits(DEPOSIT, 1),
                  digits(TRANSFER, 2), digits(deposit.amount, 12), others_cheques, presented, dishonoured, bill_kind,
                  bill_number, fellow_branch, digits(0, 10), text(PAYER_NAME, 48), text(BANK_NAME, 15),
                  text(BRANCH_NAME, 15), text("", 20), text(deposit.edi, 20), text("", 1))


def trailer_record(deposits: list) -> bytes:
    total = sum(deposit.amount for deposit in deposits)
    return record(b"8", digits(len(deposits), 6), digits(total, 13), digits(0, 6), digits(0, 13),
                  digits(CREDIT_BALANCE, 1), digits(OPENING_BALANCE + total, 14), digits(len(deposits), 7),
                  text("", 139))


def end_record(deposits: list) -> bytes:
    header_trailer_and_end = 3
    return record(b"9", digits(len(deposits) + header_trailer_and_end, 10), digits(1, 5), text("", 184))


def deposit_file(day: datetime.date, deposits: list) -> bytes:
    """The whole file of one account for DAY; a day without deposits is a file with none."""
    return b"".join([header_record(day), *[data_record(n, d) for n, d in enumerate(deposits, start=1)],
                     trailer_record(deposits), end_record(deposits)])
