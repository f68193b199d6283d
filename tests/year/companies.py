"""The payment companies and the bank: statements in three formats, payouts, credits. Fees are of each line, cut off."""
import collections
import datetime

from book import Deposit
from chance import OneIn
from city import EMONEY, KANA, ONE_DAY

RATES = {"AGG": 20, "EMON": 32, "CARD": 25}  # in thousandths
CARD_NAMES = {"visa": "ＶＩＳＡ", "mastercard": "ＭＡＳＴＥＲ", "jcb": "ＪＣＢ", "amex": "ＡＭＥＸ", "diners": "ＤＩＮＥＲＳ", "discover": "ＤＩＳＣＯＶＥＲ"}
LAYOUTS = {"AGG": "aggregator-daily", "EMON": "emoney-daily", "CARD": "card-monthly"}
IS_NET = {"AGG": False, "EMON": True, "CARD": True}
CARRIES = ("EMON",)  # takes what its payout is below zero out of the next one; the others are set off, and nothing comes of them


MADE_UP_AFTER = datetime.timedelta(days=4)
TRANSFER_FEE_YEN, TRANSFER_FEE_MAX_YEN = 440, 880


class Unsound:
    """Another sum comes than was said: by CHANGE of it."""

    def __init__(self, change, is_made_up=False, is_accepted=False):
        self.change, self.is_made_up, self.is_accepted = change, is_made_up, is_accepted


SOUNDNESS = (Unsound(lambda yen: -(yen // 3)), Unsound(lambda yen: 120, is_accepted=True), Unsound(lambda yen: -(yen // 2), is_made_up=True),
             Unsound(lambda yen: 90), Unsound(lambda yen: -min(TRANSFER_FEE_YEN, yen // 2), is_accepted=True))


class Line:
    def __init__(self, sale, yen, kind, day):
        self.sale, self.yen, self.kind, self.day = sale, yen, kind, day

    def fee(self, trustee):
        fee = abs(self.yen) * RATES[trustee] // 1000
        return fee if self.yen > 0 else -fee


def lines_of(sale):
    """What a company writes of SALE on its day: nothing of what it never took, and what it gave back by itself."""
    if sale.doubt is not None:
        line = Line(sale, sale.rest_yen, "sale", sale.day)
        return [line] * sale.doubt.is_charged + [Line(sale, -sale.rest_yen, "refund", sale.day)] * sale.doubt.is_reversed
    if sale.state == "void":
        return [Line(sale, sale.rest_yen, "sale", sale.day), Line(sale, -sale.rest_yen, "void", sale.day)]
    return [Line(sale, sale.rest_yen, "sale", sale.day)]


def month_end(day):
    return (day.replace(day=28) + datetime.timedelta(days=4)).replace(day=1) - ONE_DAY


def pay_day(trustee, day):
    if trustee == "CARD":
        return month_end(month_end(day) + ONE_DAY)
    return day + {"AGG": 2, "EMON": 3}[trustee] * ONE_DAY


def payout_of(trustee, day):
    return f"C{day:%Y%m}-01" if trustee == "CARD" else f"{trustee[0]}{day:%Y%m%d}"


def aggregator(lines, payout, pay_on):
    rows = ['"明細番号","加盟店取引ID","決済会社取引ID","ブランド","端末番号","取引日時","取引区分","取引金額","手数料","入金予定日","入金番号"']
    kinds = {"sale": "売上", "void": "取消", "refund": "返金"}
    for number, line in enumerate(lines, 1):
        sale = line.sale
        reference = sale.reference if line.kind == "sale" else f"R{number}-{sale.reference}"
        cells = (number, sale.payment, reference, sale.brand, sale.till.terminal, f"{line.day:%Y/%m/%d} 10:03:11", kinds[line.kind],
                 line.yen, line.fee("AGG"), f"{pay_on:%Y/%m/%d}", payout)
        rows.append(",".join(f'"{cell}"' for cell in cells))
    rows.append(f'"合計","{len(lines)}","{sum(line.yen for line in lines)}"')
    return ("\r\n".join(rows) + "\r\n").encode("cp932")


def emoney(lines, payout, pay_on):
    def record(text):
        return text.encode("ascii").ljust(128)

    out = [record("1" + "00000000" + payout.ljust(16) + f"{pay_on:%Y%m%d}")]
    for line in lines:
        sale = line.sale
        code = {"sale": "01", "void": "02", "refund": "03"}[line.kind]
        out.append(record("2" + code + f"{EMONEY.index(sale.brand) + 1:02}" + f"{line.day:%Y%m%d}100311" + sale.till.terminal.ljust(13)
                          + sale.reference.ljust(20) + sale.payment.ljust(36) + f"{abs(line.yen):010}" + f"{abs(line.fee('EMON')):08}"))
    came, gone = [line.yen for line in lines if line.yen > 0], [line.yen for line in lines if line.yen < 0]
    out.append(record(f"8{len(came):06}{sum(came):012}{len(gone):06}{-sum(gone):012}"))
    out.append(record(f"9{len(out) + 1:06}"))
    return b"\r\n".join(out) + b"\r\n"


def card(lines, payout, pay_on):
    def signed(yen):
        return f"▲{-yen}" if yen < 0 else str(yen)

    head, tail = payout.split("-")
    rows = [f"H,{head},{tail},R{pay_on.year - 2018}.{pay_on.month}.{pay_on.day}"]
    kinds = {"sale": "売上", "void": "取消", "refund": "返品"}
    for line in lines:
        sale, fee = line.sale, line.fee("CARD")
        rows.append(",".join(("D", f"令和{line.day.year - 2018}年{line.day.month}月{line.day.day}日", "10:03", CARD_NAMES[sale.brand],
                              sale.till.terminal, *sale.reference.split("-"), kinds[line.kind], signed(line.yen), signed(fee))))
    yen, fees = sum(line.yen for line in lines), sum(line.fee("CARD") for line in lines)
    rows.append(",".join(("T", str(len(lines)), signed(yen), signed(fees), signed(yen - fees))))
    return ("\r\n".join(rows) + "\r\n").encode("cp932")


FORMATS = {"AGG": aggregator, "EMON": emoney, "CARD": card}


class Companies:
    """Keeps what was not reported yet and what is still to be paid."""

    def __init__(self, book, random):
        self.book, self.random = book, random
        self.waiting = {"AGG": [], "EMON": [], "CARD": []}
        self.is_unsound = OneIn(4, random)  # a deposit
        self.refund_lines = 0
        self.happened, self.to_accept = collections.Counter(), []
        self.is_forgotten = OneIn(40, random)  # a sale, by AGG
        self.due = []  # (day, deposit, yen)
        self.below_zero = []  # deposits that the next one of the company takes

    def hear(self, sales, back):
        for sale in sales:
            if sale.trustee is not None and (sale.doubt is not None or sale.state != "unknown"):
                self.waiting[sale.trustee] += lines_of(sale)
        for refund in back:
            self.waiting[refund.sale.trustee].append(Line(refund.sale, -refund.yen, "refund", refund.day))

    def carry(self, deposit):
        """What DEPOSIT takes of earlier ones, or lays over."""
        if deposit.trustee not in CARRIES:
            return
        deposit.carry_yen = sum(one.own_yen for one in self.below_zero)
        if deposit.expected_yen < 0:
            deposit.carry_yen = -deposit.own_yen
            self.below_zero.append(deposit)
            return
        for one in self.below_zero:
            one.taker = deposit
        self.below_zero = []

    def report(self, trustee, day):
        """The statement of the period that ends on DAY, or None: (layout, file name, bytes)."""
        lines = self.waiting[trustee]
        if trustee == "CARD" and day != month_end(day):
            return None
        self.waiting[trustee] = []
        if not lines:
            return None
        payout, pay_on = payout_of(trustee, day), pay_day(trustee, day)
        lost = [line for line in lines if trustee == "AGG" and line.kind == "sale" and line.sale.state == "sold"
                and self.is_forgotten()]
        for line in lost:  # the company forgets it, for good
            self.book.open["pos_only", line.yen] += 1
        lines = [line for line in lines if line not in lost]
        gross, fees = sum(line.yen for line in lines), sum(line.fee(trustee) for line in lines)
        deposit = Deposit(trustee, payout, gross, fees, gross - fees if IS_NET[trustee] else gross, pay_on)
        for line in lines:
            if line.kind == "sale":
                line.sale.deposit = deposit
                deposit.sales.append(line.sale)
            elif line.kind == "refund":  # a line of its own, which belongs to what the till gave back
                deposit.netted_yen -= line.yen
                self.refund_lines += 1
        self.carry(deposit)
        self.book.deposits[trustee, payout] = deposit
        self.due.append((pay_on, deposit, max(0, deposit.expected_yen)))
        return LAYOUTS[trustee], f"{trustee}-{day}.txt", FORMATS[trustee](lines, payout, pay_on)

    def has_something(self, day):
        """Whether a statement or a credit comes on DAY."""
        ends_month = day - ONE_DAY == month_end(day - ONE_DAY)
        return bool(self.waiting["AGG"] or self.waiting["EMON"] or (ends_month and self.waiting["CARD"])
                    or any(on == day for on, *_ in self.due))

    def bank(self, day):
        """(yen, payer, EDI) of what the companies pay on DAY."""
        due = [one for one in self.due if one[0] == day]
        self.due = [one for one in self.due if one[0] != day]
        shown = []
        for _, deposit, yen in due:
            if yen > 0:
                shown.append((self.pay(deposit, yen, day), KANA[deposit.trustee], deposit.payout))
        return shown

    def pay(self, deposit, yen, day):
        """What comes of YEN; the rest of it later, or never."""
        if not deposit.credits and deposit.carry_yen == 0 and self.is_unsound():
            what = SOUNDNESS[self.happened["unsound"] % len(SOUNDNESS)]
            self.happened["unsound"] += 1
            yen = max(1, yen + what.change(yen))
            if what.is_made_up:
                self.due.append((day + MADE_UP_AFTER, deposit, deposit.expected_yen - yen))
            elif what.is_accepted:
                self.to_accept.append(deposit)
        deposit.credits.append((day, yen))
        return yen

    def open(self, day):
        """(class, yen) of the deposits that are not what was said."""
        table = collections.Counter()
        for deposit in self.book.deposits.values():
            off_yen = deposit.credited(day) - max(0, deposit.expected_yen)
            if deposit.on <= day and off_yen != 0 and not deposit.is_accepted:
                is_fee = -TRANSFER_FEE_MAX_YEN <= off_yen < 0 and deposit.credits
                table["deposit_over" if off_yen > 0 else "transfer_fee_deducted" if is_fee else "deposit_short", abs(off_yen)] += 1
        return table
