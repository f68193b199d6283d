"""A day at a till: what happens there goes into its journal and into the simulator's books."""
import datetime
import sys
import uuid
import pathlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "integration"))

from gym_till import GymTill, taxes_of  # noqa: E402

import doubt  # noqa: E402
from book import Refund, Sale  # noqa: E402
from cash import Close  # noqa: E402
from chance import OneIn  # noqa: E402
from city import CREDIT, EMONEY, METHODS, PLACES, QR, RAIN, City, is_operators, trustee_of  # noqa: E402

FLOAT_YEN = 30000
LATELY = datetime.timedelta(days=7)
SHARES = ((0.45, None), (0.75, QR), (0.9, EMONEY), (1.0, CREDIT))


class Chances:
    """Of all tills together."""

    def __init__(self, doubts, random):
        self.doubts, self.is_doubtful = doubts, OneIn(4, random)  # of payments by e-money
        self.is_unknown, self.is_void, self.is_mixed = OneIn(50, random), OneIn(40, random), OneIn(12, random)
        self.is_refundable, self.is_part = OneIn(10, random), OneIn(2, random)


class YearTill(GymTill):
    """`items` are what it sells; `pending` the payments that nobody knows the outcome of, `doubtful` those in doubt at the card, `refundable` what may go back later."""

    def prepare(self, items, book, office, chances, random):
        self.items, self.book, self.office, self.chances, self.random = items, book, office, chances, random
        self.pending, self.doubtful, self.refundable = [], [], []

    def new_id(self):
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))

    def choose_brand(self):
        at = self.random.random()
        brands = next(brands for share, brands in SHARES if at < share)
        return None if brands is None else self.random.choice(brands)

    def basket_of(self, sale):
        item = sale.item
        line = {"item": item["code"], "name": item["name"], "unit_price_yen": sale.price, "quantity": sale.quantity,
                "amount_yen": sale.yen, "tax": item["tax"], "account": item["account"], "section": item["section"],
                "issuer": "general", "exemption": None}
        if item.get("facility"):
            line["facility"] = item["facility"]["code"]
        return {"lines": [line], "total_yen": sale.yen, "taxes": taxes_of([line])}

    def begin_sale(self):
        item = self.random.choice(self.items)
        brand, quantity, price = self.choose_brand(), self.random.randint(1, 3), City.price(item, self.date, self.random)
        may_doubt = brand in EMONEY and not is_operators(item, self.date)
        in_doubt = self.chances.doubts.next(self.date) if may_doubt and self.chances.is_doubtful() else None
        brand = in_doubt.brand if in_doubt is not None else brand
        is_mixed = brand is not None and in_doubt is None and self.chances.is_mixed()
        sale = Sale(self.date, item, quantity, price, brand, trustee_of(brand, self.date) if brand else None,
                    is_operators(item, self.date), self.random.randrange(1, quantity * price) if is_mixed else 0)
        sale.doubt = in_doubt
        sale.till, sale.id, sale.basket = self, self.new_id(), self.basket_of(sale)
        self.book.sales.append(sale)
        return sale

    def cash_of(self, sale):
        """The member that says what of a payment by a brand was taken in cash."""
        yen = sale.cash_yen
        return {"cash": {"amount_yen": yen, "tendered_yen": yen, "change_yen": 0}} if yen > 0 else {}

    def start(self, sale):
        sale.payment = self.new_id()
        # As companies' formats hold it: two parts of a card company's, twenty characters of the others'.
        sale.reference = f"{self.random.randrange(10**7):07}-{self.random.randrange(10**6):06}"
        self.append("payment.started", payment=sale.payment, sale=sale.id, method=METHODS[sale.brand], brand=sale.brand,
                    amount_yen=sale.rest_yen, sequence_number=f"{len(self.lines):08d}", clerk="sato", basket=sale.basket, **self.cash_of(sale))

    def approve(self, sale, how="answer"):
        accepted = f"{sale.day}T10:03:11.000+09:00"
        self.append("payment.resolved", payment=sale.payment, result="approved", reason=None, how=how,
                    acquirer_reference=sale.reference, approval_code="A1", slip_number=None, masked_number=None, accepted_at=accepted)
        self.record(sale, {"method": METHODS[sale.brand], "brand": sale.brand, "payment": sale.payment, "amount_yen": sale.rest_yen,
                           "accepted_at": accepted, **self.cash_of(sale)})

    def record(self, sale, payment):
        sale.receipt_number = self.receipt()
        self.drawer_yen += sale.cash_yen
        self.count_sale(sale)
        self.append("sale.recorded", sale=sale.id, receipt_number=sale.receipt_number, received_on=str(sale.day), clerk="sato",
                    **sale.basket, payment=payment)

    def count_sale(self, sale, void=False):
        if sale.brand is None:
            self.add_total("cash", None, 1, sale.yen, void)
            return
        self.add_total(METHODS[sale.brand], sale.brand, 1, sale.rest_yen, void)
        if sale.cash_yen > 0:
            self.add_total("cash", None, 0, sale.cash_yen, void)

    def sell_one(self):
        sale = self.begin_sale()
        if sale.brand is None:
            self.record(sale, {"method": "cash", "tendered_yen": sale.yen, "change_yen": 0})
        else:
            self.start(sale)
            if sale.doubt is not None:
                doubt.leave(self, sale)
                return
            if sale.cash_yen == 0 and self.chances.is_unknown():
                self.append("payment.unknown", payment=sale.payment, cause="no_answer")
                sale.state = "unknown"
                self.pending.append(sale)
                return
            self.approve(sale)
        if self.chances.is_void():
            self.take_void(sale)
        elif not sale.is_operators and self.chances.is_refundable():
            self.refundable.append(sale)

    def take_void(self, sale):
        sale.state = "void"
        self.drawer_yen -= sale.cash_yen
        if sale.brand is not None:
            reversal = self.new_id()
            both = {"reversal": reversal, "payment": sale.payment, "sale": sale.id}
            self.append("reversal.started", **both, amount_yen=sale.rest_yen, clerk="sato", reason="入力の誤り")
            self.append("reversal.resolved", **both, result="reversed", reason=None)
        self.count_sale(sale, void=True)
        self.append("sale.voided", sale=sale.id, receipt_number=sale.receipt_number, clerk="sato", reason="入力の誤り",
                    total_yen=sale.yen, method=METHODS[sale.brand] if sale.brand else "cash", brand=sale.brand,
                    payment=getattr(sale, "payment", None))

    def lately_sold(self, day):
        """The newest sale by each trustee that may go back, of the last days."""
        newest = {sale.trustee: sale for sale in self.book.sales if sale.till is self and sale.state == "sold" and sale.brand is not None
                  and not sale.is_operators and not sale.refunds and sale.doubt is None and day - sale.day <= LATELY}
        return [newest[trustee] for trustee in sorted(newest)]

    def give_back(self, sale):
        """Of a sale of an earlier day, all or a part: cash for what was cash, through the network for the rest. Gives what went back."""
        left_yen = sale.left(is_cash=True) + sale.left(is_cash=False)
        yen = self.random.randrange(1, left_yen) if self.chances.is_part() and left_yen > 1 else left_yen
        cash_yen = min(yen, sale.left(is_cash=True))
        if any(yen - cash_yen == earlier.yen for earlier in sale.refunds if not earlier.is_cash):
            return []  # two lines of one yen would be one line twice to a company
        back = [Refund(sale, self.date, yen, is_cash) for is_cash, yen in ((True, cash_yen), (False, yen - cash_yen)) if yen > 0]
        for refund in back:
            self.refund(refund)
        if yen < left_yen:
            self.refundable.append(sale)
        return back

    def refund(self, back):
        sale = back.sale
        refund = {"refund": self.new_id(), "sale": sale.id, "amount_yen": back.yen, "means": "cash" if back.is_cash else "gateway"}
        self.append("refund.requested", **refund, receipt_number=sale.receipt_number, reason="雨天のため中止", clerk="sato",
                    approved_by="suzuki", lines=[{"line": 1, "amount_yen": back.yen}])
        self.pay_back(refund)
        sale.refunds.append(back)

    def work(self, day, sales):
        """Open, sell, close. Gives what went back through a network."""
        self.begin(FLOAT_YEN, day)
        for sale in [sale for sale in self.pending if sale.day < day]:
            self.pending.remove(sale)
            sale.state = "sold"
            self.approve(sale, how="inquiry")
        doubt.tell(self, day)
        due, self.refundable = self.refundable, []
        if day.day == RAIN:
            sales = 0
            due += [sale for sale in self.lately_sold(day) if sale not in due]
        back = [refund for sale in due for refund in self.give_back(sale)]
        for _ in range(sales):
            self.sell_one()
        off_yen = self.office.next_off()
        self.close(self.drawer_yen + off_yen, reason="原因不明" if off_yen != 0 else None)
        self.office.hear(Close(self, PLACES[self.place], day, self.opened, self.drawer_yen + off_yen - self.float_yen, off_yen))
        return [refund for refund in back if not refund.is_cash]

    def close(self, counted=None, expected=None, reason=None):
        """As the gym's, with what is still unknown."""
        self.unresolved = [sale.payment for sale in self.pending + self.doubtful]
        super().close(counted, expected, reason)
