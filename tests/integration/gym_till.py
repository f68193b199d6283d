"""A paper till at a gym that does all that a till can do: reductions, prices put in place, payments partly in cash, refunds, cash
that moves without a sale, counts, tickets and visitors. It keeps its own drawer, as docs/protocol/journal.md says."""
import uuid

from counter_till import CounterTill

DENOMINATIONS = (10000, 5000, 1000, 500, 100, 50, 10, 5, 1)


def counts(yen):
    """YEN in the fewest notes and coins."""
    rows = []
    for denomination in DENOMINATIONS:
        if yen >= denomination:
            rows.append({"yen": denomination, "count": yen // denomination})
            yen %= denomination
    return rows


def line(name, price, quantity=1, tax="standard10", account="14010901", section="bijutsukan", **more):
    """A line of a sale; `reduction` and `exemption` are taken off, what is given in MORE stands in it."""
    full = price * quantity - more.get("reduction", {}).get("yen", 0)
    return {"item": more.pop("item", name), "name": name, "unit_price_yen": price, "quantity": quantity,
            "amount_yen": 0 if more.get("exemption") else full, "tax": tax, "account": account, "section": section,
            "issuer": "general", "exemption": more.pop("exemption", None), **more}


def taxes_of(lines):
    subjects = {}
    for one in lines:
        subjects[one["tax"]] = subjects.get(one["tax"], 0) + one["amount_yen"]
    return [{"tax": tax, "issuer": "general", "subject_yen": yen, "tax_yen": yen * 10 // 110 if tax != "exempt" else 0}
            for tax, yen in subjects.items()]


class GymTill(CounterTill):
    unresolved = ()  # payments that a close finds open

    def begin(self, float_yen=30000, date=None):
        self.date = date or self.date
        self.drawer_day = str(uuid.uuid4())
        self.float_yen = self.drawer_yen = float_yen
        self.in_yen = self.out_yen = self.refund_yen = 0
        self.totals = {}
        self.number = getattr(self, "number", 0) + 1
        self.count("open", float_yen)
        self.opened = self.append("day.opened", day=self.drawer_day, clerk="sato", float_yen=float_yen)

    def add_total(self, method, brand, count, yen, void=False):
        row = self.totals.setdefault((method, brand), {"count": 0, "amount_yen": 0, "void_count": 0, "void_yen": 0})
        row["void_count" if void else "count"] += count
        row["void_yen" if void else "amount_yen"] += yen

    def total_rows(self):
        return [{"method": method, "brand": brand, **row} for (method, brand), row in sorted(self.totals.items(), key=str)]

    # --- sales -------------------------------------------------------------------------------------------------------

    def sell_lines(self, *lines, cash=None, brand=None, **more):
        """All in cash, all by BRAND, or CASH of it in cash and the rest by BRAND."""
        total = sum(one["amount_yen"] for one in lines)
        sale = {"sale": str(uuid.uuid4()), "total_yen": total, "lines": list(lines), "brand": brand, "cash": cash}
        body = {"lines": list(lines), "total_yen": total, "taxes": taxes_of(lines)}
        if brand is None:
            payment = {"method": "cash", "tendered_yen": total, "change_yen": 0} if total else {"method": "none"}
            sale["method"] = payment["method"]
        else:
            payment = self.pay(sale, body, total - (cash or 0), cash)
        sale["cash_yen"] = total if brand is None else cash or 0
        self.drawer_yen += sale["cash_yen"]
        self.add_total(sale["method"], brand, 1, total - sale["cash_yen"] if brand else total)
        if brand and cash:
            self.add_total("cash", None, 0, cash)
        sale["receipt_number"] = self.receipt()
        sale["sequence"] = self.append("sale.recorded", sale=sale["sale"], receipt_number=sale["receipt_number"],
                                       received_on=str(self.date), clerk="sato", **body, payment=payment, **more)
        return sale

    def pay(self, sale, body, amount, cash):
        payment = str(uuid.uuid4())
        sale["method"], sale["payment"] = "qr", payment
        part = {"cash": {"amount_yen": cash, "tendered_yen": cash, "change_yen": 0}} if cash else {}
        self.append("payment.started", payment=payment, sale=sale["sale"], method="qr", brand=sale["brand"],
                    amount_yen=amount, sequence_number=f"{len(self.lines):08d}", clerk="sato", basket=body, **part)
        accepted_at = f"{self.date}T10:03:11.000+09:00"
        self.append("payment.resolved", payment=payment, result="approved", reason=None, how="answer",
                    acquirer_reference="Q" + payment[-12:], approval_code="A1", slip_number=None, masked_number=None,
                    accepted_at=accepted_at)
        return {"method": "qr", "brand": sale["brand"], "payment": payment, "amount_yen": amount,
                "accepted_at": accepted_at, **part}

    # --- refunds -----------------------------------------------------------------------------------------------------

    def ask_back(self, sale, amount, means="cash", lines=None, reason="雨天のため中止"):
        refund = {"refund": str(uuid.uuid4()), "sale": sale["sale"], "amount_yen": amount, "means": means}
        self.append("refund.requested", refund=refund["refund"], sale=sale["sale"],
                    receipt_number=sale["receipt_number"], amount_yen=amount, means=means, reason=reason, clerk="sato",
                    approved_by="suzuki", lines=lines or [{"line": 1, "amount_yen": amount}])
        return refund

    def pay_back(self, refund):
        if refund["means"] == "cash":
            self.drawer_yen -= refund["amount_yen"]
            self.refund_yen += refund["amount_yen"]
        self.append("refund.paid", refund=refund["refund"], sale=refund["sale"], amount_yen=refund["amount_yen"],
                    means=refund["means"], clerk="sato", approved_by="suzuki")

    def take_back(self, refund, reason="申出の取下げ"):
        self.append("refund.withdrawn", refund=refund["refund"], clerk="sato", reason=reason)

    # --- the drawer --------------------------------------------------------------------------------------------------

    def move_float(self, direction, yen):
        change = yen if direction == "lent" else -yen
        self.float_yen += change
        self.drawer_yen += change
        self.append("float.moved", day=self.drawer_day, direction=direction, amount_yen=yen, clerk="sato", reason=None,
                    counts=counts(yen))

    def move_cash(self, direction, yen, reason="両替"):
        self.drawer_yen += yen if direction == "in" else -yen
        self.in_yen += yen if direction == "in" else 0
        self.out_yen += yen if direction == "out" else 0
        self.append("cash.moved", day=self.drawer_day, direction=direction, amount_yen=yen, reason=reason, clerk="sato",
                    approved_by="suzuki")

    def count(self, purpose, yen):
        self.append("cash.counted", day=self.drawer_day, purpose=purpose, clerk="sato", counts=counts(yen), total_yen=yen)

    def inspect(self):
        self.append("day.inspected", day=self.drawer_day, clerk="sato", number=1, first_sequence=self.opened,
                    last_sequence=len(self.lines), float_yen=self.float_yen, cash_in_yen=self.in_yen,
                    cash_out_yen=self.out_yen, expected_cash_yen=self.drawer_yen, zero_count=0, totals=self.total_rows(),
                    unresolved=[])

    def hand_over(self, to):
        self.count("handover", self.drawer_yen)
        self.append("shift.handed_over", day=self.drawer_day, **{"from": "sato"}, to=to, counted_cash_yen=self.drawer_yen,
                    expected_cash_yen=self.drawer_yen, difference_yen=0, difference_reason=None)

    def close(self, counted=None, expected=None, reason=None):
        counted = self.drawer_yen if counted is None else counted
        expected = self.drawer_yen if expected is None else expected
        self.count("close", counted)
        zero = self.totals.get(("none", None), {"count": 0})["count"]
        self.append("day.closed", day=self.drawer_day, clerk="sato", first_sequence=self.opened,
                    last_sequence=len(self.lines), float_yen=self.float_yen, expected_cash_yen=expected,
                    counted_cash_yen=counted, difference_yen=counted - expected, difference_reason=reason, zero_count=zero,
                    totals=self.total_rows(), unresolved=list(self.unresolved), number=self.number, counts=counts(counted),
                    cash_in_yen=self.in_yen, cash_out_yen=self.out_yen, refund_cash_yen=self.refund_yen,
                    float_returned_yen=self.float_yen, deposit_yen=counted - self.float_yen, discarded=0)

    # --- the gate ----------------------------------------------------------------------------------------------------

    def issue_ticket(self, ticket, facility="gym", item="parking"):
        self.append("ticket.issued", ticket=ticket, facility=facility, item=item,
                    entered_at=f"{self.date}T09:00:00.000+09:00", clerk="sato")

    def close_ticket(self, ticket, outcome="left"):
        self.append("ticket.closed", ticket=ticket, outcome=outcome, clerk="sato", reason=None)

    def come_in(self, category, count, facility="gym"):
        self.append("entry.counted", facility=facility, category=category, count=count, clerk="sato")
