"""Comparing the books: what the clerks were told, the tills' journals, the network's own book, the settlement service."""
import json
import sqlite3
from collections import Counter

from harness.process import wait_until


class JournalBook:
    """What one till's journal says, read here with code of its own."""

    def __init__(self, till):
        till.verify()
        self.terminal = till.terminal
        self.lines = till.journal()
        self.sales = {}
        self.voided = set()
        self.payments = {}
        self.amounts = {}
        self.sold_in_doubt = set()  # by the brand's rule a doubt counts as a sale, whatever the card says later
        self.proofs = {}
        self.refunds = {}  # carried out through the network: refund -> "running", "paid" or "refused"
        self.refund_payments = {}
        self.refunded = Counter()  # payment -> yen that went back through the network
        self.faults = []
        for line in self.lines:
            self.take(line["kind"], line["body"])
        self.check_receipt_numbers()

    def take(self, kind, body):
        if kind == "sale.recorded":
            if body["sale"] in self.sales:
                self.faults.append(f"sale {body['sale']} is recorded twice")
            self.sales[body["sale"]] = body
        elif kind == "sale.voided":
            if body["sale"] in self.voided:
                self.faults.append(f"sale {body['sale']} is voided twice")
            self.voided.add(body["sale"])
        elif kind == "payment.started":
            self.payments[body["payment"]] = "open"
            self.amounts[body["payment"]] = body["amount_yen"]
        elif kind == "payment.resolved":
            if self.payments.get(body["payment"]) != "open":
                self.faults.append(f"payment {body['payment']} is resolved twice or was never started")
            self.payments[body["payment"]] = body["result"]
        elif kind == "payment.in_doubt" and body["rule"] == "counts_as_sale":
            self.sold_in_doubt.add(body["payment"])
        elif kind == "payment.proved":
            if body["payment"] in self.proofs or body["payment"] not in self.sold_in_doubt:
                self.faults.append(f"payment {body['payment']} is proved twice or was never sold in doubt")
            self.proofs[body["payment"]] = body["result"]

        elif kind.startswith("refund."):
            self.take_refund(kind.removeprefix("refund."), body)

    def take_refund(self, what, body):
        """Written ahead once, ended once, and never two of one sale at a time."""
        state = self.refunds.get(body["refund"])
        if what == "started":
            if state is not None or any(running == ("running", body["sale"]) for running in self.refunds.values()):
                self.faults.append(f"refund {body['refund']} is started twice, or beside another")
            self.refunds[body["refund"]] = ("running", body["sale"])
            self.refund_payments[body["refund"]] = body["payment"]
        elif what in ("paid", "refused", "withdrawn") and state is not None:
            if state[0] != "running" and not (what == "withdrawn" and state[0] == "refused"):
                self.faults.append(f"refund {body['refund']} ends twice")
            self.refunds[body["refund"]] = (what, state[1])
            if what == "paid":
                self.refunded[self.refund_payments[body["refund"]]] += body["amount_yen"]

    def check_receipt_numbers(self):
        serials = {}
        for sale in self.sales.values():
            day, serial = sale["receipt_number"].rsplit("-", 1)
            serials.setdefault(day, []).append(int(serial))
        for day, numbers in serials.items():
            if sorted(numbers) != list(range(1, len(numbers) + 1)):
                self.faults.append(f"receipt numbers of {day} have gaps or doubles")

    def is_known_uncharged(self, payment):
        """Sold by the rule for a doubt, and since proved not charged: finance has it on its list, with this evidence."""
        return self.proofs.get(payment) == "not_charged"

    def kept_sales(self):
        return [sale for sale in self.sales.values() if sale["sale"] not in self.voided]

    def sale_of(self, payment):
        return next((s for s in self.sales.values() if s["payment"].get("payment") == payment), None)


def compare_with_clerk(book, clerk):
    for sale, (receipt_number, yen) in clerk.acknowledged.items():
        recorded = book.sales.get(sale)
        if recorded is None:
            yield f"{book.terminal}: sale {receipt_number} of {yen} yen was acknowledged and is lost"
        elif (recorded["receipt_number"], recorded["total_yen"]) != (receipt_number, yen):
            yield f"{book.terminal}: sale {receipt_number} was acknowledged as {yen} yen, recorded as {recorded['total_yen']}"


def compare_with_network(books, rows):
    """Every payment in the network's book must be accounted for in ours, and ours must be in the network's."""
    ours = {payment: (book, state) for book in books for payment, state in book.payments.items()}
    for row in rows:
        reference, yen = row["reference"], row["amount"]
        book, state = ours.pop(reference, (None, None))
        if book is None:
            yield f"the network has {reference} of {yen} yen ({row['state']}), no journal has"
            continue
        sale = book.sale_of(reference)
        is_kept = sale is not None and sale["sale"] not in book.voided
        if row["state"] != "declined" and book.is_known_uncharged(reference):
            yield f"{reference}: {row['state']} there, ours says it was proved not charged"
        if row["state"] == "charged" and not (state == "approved" and is_kept) and state not in ("open", "held"):
            yield f"{reference}: {yen} yen charged, ours says {state}, sale {'voided' if sale else 'none'}"
        if row["refunded_amount"] != book.refunded[reference] and ("running", sale and sale["sale"]) not in book.refunds.values():
            yield f"{reference}: {row['refunded_amount']} yen refunded there, {book.refunded[reference]} yen here"
        if row["state"] in ("reversed", "declined") and is_kept and not (
                row["state"] == "declined" and book.is_known_uncharged(reference)):
            yield f"{reference}: {row['state']} there, but we have a sale of {sale['total_yen']} yen"
        if row["state"] == "in_doubt" and state != "open":
            yield f"{reference}: in doubt there, ours says {state}"
        if is_kept and sale["total_yen"] != yen:
            yield f"{reference}: {yen} yen there, {sale['total_yen']} yen here"
    for reference, (book, state) in ours.items():
        if state in ("approved", "reversed", "held"):
            yield f"{reference}: ours says {state}, the network has never seen it"


def compare_with_service(city, books):
    """Every line is there, byte for byte, and the ledger's sums are the journals' sums."""
    wait_until("the ledger to take in every line", lambda: ledger_is_done(city, books), seconds=60)
    store = sqlite3.connect(f"file:{city.database}?mode=ro", uri=True)
    try:
        for book in books:
            runs = store.execute("SELECT lines FROM journal_run WHERE terminal = ? ORDER BY first", (book.terminal,))
            held = [json.loads(line) for (lines,) in runs for line in bytes(lines).splitlines()]
            if held != book.lines:
                yield f"{book.terminal}: the service holds {len(held)} lines, the till {len(book.lines)}, or they differ"
    finally:
        store.close()
    findings = json.loads(city.run("audit", "--json", expect=None))["findings"]
    for finding in findings:
        yield f"audit: {json.dumps(finding, ensure_ascii=False)}"


def ledger_is_done(city, books):
    health = city.is_up()
    if health is None:
        return False
    store = sqlite3.connect(f"file:{city.database}?mode=ro", uri=True)
    try:
        wanted = Counter({book.terminal: len([s for s in book.sales]) for book in books})
        held = Counter(dict(store.execute("SELECT terminal, COUNT(*) FROM sale GROUP BY terminal")))
        return wanted == held
    finally:
        store.close()


def compare(city, clerks):
    books = [JournalBook(clerk.till) for clerk in clerks]
    faults = [fault for book in books for fault in book.faults]
    for book, clerk in zip(books, clerks):
        faults += compare_with_clerk(book, clerk)
    rows = city.book()
    faults += compare_with_network(books, rows)
    faults += compare_with_service(city, books)
    kept = sum(s["total_yen"] for book in books for s in book.kept_sales())
    cashless_sales = [(book, s) for book in books for s in book.kept_sales()
                      if s["payment"]["method"] in ("qr", "emoney", "credit")]
    cashless = sum(s["total_yen"] for _, s in cashless_sales)
    uncharged = sum(s["total_yen"] for book, s in cashless_sales if book.is_known_uncharged(s["payment"]["payment"]))
    charged = sum(row["amount"] for row in rows if row["state"] in ("charged", "refunded"))
    held = sum(book.amounts[p] for book in books for p, state in book.payments.items() if state == "held")
    print(f"sales {sum(len(b.sales) for b in books)}, voided {sum(len(b.voided) for b in books)}, kept {kept:,} yen; cashless "
          f"{cashless:,} - proved not charged {uncharged:,} + held for refund {held:,} yen, charged in the network's book {charged:,} yen; states "
          f"{dict(Counter(state for b in books for state in b.payments.values()))}")
    if cashless - uncharged + held != charged:
        faults.append(f"cashless {cashless:,} - proved not charged {uncharged:,} + held {held:,} yen here, "
                      f"{charged:,} yen charged there")
    return faults
