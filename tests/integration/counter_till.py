"""A paper till at a busy counter: sales, voids, payments with every ending, on whatever day a test needs."""
import datetime
import uuid

from paper_till import PaperTill

ITEMS = {  # code: (name, price, tax, account, section), as in settlement/masters/sample/koriyama.json
    "koseki": ("戸籍全部事項証明", 450, "exempt", "14020101", "shimin"),
    "joseki": ("除籍", 750, "exempt", "14020101", "shimin"),
    "juminhyo": ("住民票の写し", 300, "exempt", "14020102", "shimin"),
    "museum": ("美術館常設展 一般", 220, "standard10", "14010901", "bijutsukan"),
    "unknown-account": ("科目のない品目", 100, "exempt", "99999999", "shimin"),
}
METHODS = {"paypay": "qr", "visa": "credit", "suica": "emoney", "no-such-brand": "qr"}


class CounterTill(PaperTill):
    """`date` is the business day; lines go out by `upload`."""

    def __init__(self, folder, port, terminal, code, place="shimin-1", date=datetime.date(2026, 11, 20)):
        super().__init__(folder, port, terminal, place)
        answer = self.enrol(code)
        assert answer.status == 201, answer
        self.sent = 0
        self.receipts = {}
        self.date = date
        self.enrolled()

    @property
    def date(self):
        return datetime.date.fromisoformat(self.day)

    @date.setter
    def date(self, date):
        self.day = str(date)

    def append(self, kind, **body):
        self.write(kind, **body)
        return len(self.lines)

    def upload(self):
        """Send what was not sent, at most 500 lines a run."""
        while self.sent < len(self.lines):
            last = min(self.sent + 500, len(self.lines))
            answer = self.send(self.sent + 1, last)
            assert answer.status == 200, answer
            self.sent = last

    # --- what happens at the counter ------------------------------------------------------------------------------

    def open_day(self, date=None):
        self.date = date or self.date
        self.drawer_day = str(uuid.uuid4())
        self.append("day.opened", day=self.drawer_day, clerk="sato", float_yen=20000)

    @staticmethod
    def basket(items):
        lines, subjects = [], {}
        for code, quantity in items:
            name, price, tax, account, section = ITEMS[code]
            amount = price * quantity
            lines.append({"item": code, "name": name, "unit_price_yen": price, "quantity": quantity, "amount_yen": amount,
                          "tax": tax, "account": account, "section": section, "issuer": "general"})
            subjects[tax] = subjects.get(tax, 0) + amount
        taxes = [{"tax": tax, "issuer": "general", "subject_yen": yen, "tax_yen": yen * 10 // 110 if tax != "exempt" else 0}
                 for tax, yen in subjects.items()]
        return lines, sum(line["amount_yen"] for line in lines), taxes

    def receipt(self):
        serial = self.receipts.get(self.date, 0) + 1
        self.receipts[self.date] = serial
        return f"{self.terminal}-{self.date:%Y%m%d}-{serial:04d}"

    def sell_for_cash(self, *items):
        """The sale's id and the sequence of its line."""
        lines, total, taxes = self.basket(items)
        sale, receipt = str(uuid.uuid4()), self.receipt()
        sequence = self.append("sale.recorded", sale=sale, receipt_number=receipt, received_on=str(self.date),
                               clerk="sato", lines=lines, total_yen=total, taxes=taxes,
                               payment={"method": "cash", "tendered_yen": total, "change_yen": 0})
        return {"sale": sale, "sequence": sequence, "total_yen": total, "receipt_number": receipt, "method": "cash"}

    def start_payment(self, brand, *items):
        lines, total, taxes = self.basket(items)
        payment = {"payment": str(uuid.uuid4()), "sale": str(uuid.uuid4()), "brand": brand, "method": METHODS[brand],
                   "total_yen": total, "basket": {"lines": lines, "total_yen": total, "taxes": taxes}}
        self.append("payment.started", payment=payment["payment"], sale=payment["sale"], method=payment["method"],
                    brand=brand, amount_yen=total, sequence_number=f"{len(self.lines):08d}", clerk="sato",
                    basket=payment["basket"])
        return payment

    def approve_payment(self, payment, how="answer", accepted_on=None, slip=None):
        accepted_at = f"{accepted_on or self.date}T10:03:11.000+09:00"
        payment["acquirer_reference"] = "Q" + payment["payment"][-12:]
        self.append("payment.resolved", payment=payment["payment"], result="approved", reason=None, how=how,
                    acquirer_reference=payment["acquirer_reference"], approval_code="A1", slip_number=slip,
                    masked_number=None, accepted_at=accepted_at)
        basket = payment["basket"]
        payment["receipt_number"] = self.receipt()
        payment["sequence"] = self.append(
            "sale.recorded", sale=payment["sale"], receipt_number=payment["receipt_number"],
            received_on=str(accepted_on or self.date), clerk="sato", lines=basket["lines"], total_yen=basket["total_yen"],
            taxes=basket["taxes"], payment={"method": payment["method"], "brand": payment["brand"],
                                            "payment": payment["payment"], "amount_yen": basket["total_yen"],
                                            "accepted_at": accepted_at})
        return payment

    def sell(self, brand, *items, slip=None):
        return self.approve_payment(self.start_payment(brand, *items), slip=slip)

    def leave_unknown(self, payment, cause="no_answer"):
        self.append("payment.unknown", payment=payment["payment"], cause=cause)

    def leave_in_doubt(self, payment):
        self.append("payment.in_doubt", payment=payment["payment"], acquirer_reference=None)

    def void(self, sale, reason="入力の誤り"):
        if sale["method"] == "cash":
            self.append("sale.voided", sale=sale["sale"], receipt_number=sale["receipt_number"], clerk="sato",
                        reason=reason, total_yen=sale["total_yen"], method="cash", brand=None, payment=None)
            return
        reversal = str(uuid.uuid4())
        self.append("reversal.started", reversal=reversal, payment=sale["payment"], sale=sale["sale"],
                    amount_yen=sale["total_yen"], clerk="sato", reason=reason)
        self.append("reversal.resolved", reversal=reversal, payment=sale["payment"], sale=sale["sale"], result="reversed",
                    reason=None)
        self.append("sale.voided", sale=sale["sale"], receipt_number=sale["receipt_number"], clerk="sato",
                    reason=reason, total_yen=sale["total_yen"], method=sale["method"], brand=sale["brand"],
                    payment=sale["payment"])
