"""The simulator's own books. Amounts are whole yen."""
import collections
import datetime

CLOSING_MONTH, CLOSING_DAY = 5, 31


def fiscal_year(day):
    return day.year if day.month >= 4 else day.year - 1


def closing(year):
    return datetime.date(year + 1, CLOSING_MONTH, CLOSING_DAY)


class Sale:
    """One sale of one item, as it stands: `refunds` are (day, yen); `state` is sold, void or unknown."""

    def __init__(self, day, item, quantity, price, brand, trustee, operators):
        self.day, self.item, self.quantity, self.price = day, item, quantity, price
        self.brand, self.trustee, self.is_operators = brand, trustee, operators
        self.yen = quantity * price
        self.state = "sold"
        self.refunds = []
        self.payout = None  # id, once a statement has it
        self.credited_on = None

    @property
    def route(self):
        return self.trustee or "cash"

    @property
    def tax_yen(self):
        return self.yen * 10 // 110 if self.item["tax"] == "standard10" else 0

    def refunded(self, day):
        """What was paid back until DAY while the books of the sale's year were open."""
        return sum(yen for when, yen in self.refunds if when <= min(day, closing(fiscal_year(self.day))))


class Book:
    def __init__(self):
        self.sales = []
        self.deposits = {}     # (trustee, payout): {"gross", "fee", "credited", "on"}
        self.open = collections.Counter()  # planted for good: (class, yen)

    def assessed(self, day):
        """(year, account, section, route): [yen, tax] of everything received until DAY."""
        table = collections.defaultdict(lambda: [0, 0])
        for sale in self.sales:
            if sale.day <= day and sale.state == "sold" and not sale.is_operators:
                back = sale.refunded(day)
                row = table[fiscal_year(sale.day), sale.item["account"], sale.item["section"], sale.route]
                row[0] += sale.yen - back
                row[1] += sale.tax_yen if back == 0 else 0  # refunds are of whole sales here
        return {key: tuple(row) for key, row in table.items() if row != [0, 0]}

    def received(self, day):
        """(year, account, section, route): yen of it that has come until DAY."""
        table = collections.Counter()
        for sale in self.sales:
            if sale.day > day or sale.state != "sold" or sale.is_operators:
                continue
            if sale.trustee is None or (sale.credited_on is not None and sale.credited_on <= day):
                table[fiscal_year(sale.day), sale.item["account"], sale.item["section"], sale.route] += sale.yen - sale.refunded(day)
        return {key: yen for key, yen in table.items() if yen != 0}

    def balances(self):
        """As the books must say of sales and of what went back; cash that was closed is the offices'."""
        table = collections.Counter()
        for sale in self.sales:
            if sale.state == "sold":
                item = sale.item
                table[f"revenues:{item['account']}:{item['section']}:{item['tax']}:general"] -= sale.yen
                if sale.brand is not None:
                    table[f"assets:receivable:{sale.brand}"] += sale.yen
            for _, yen in sale.refunds:
                table["expenses:refund"] += yen
                if sale.brand is not None:
                    table["liabilities:refund-transit"] -= yen
        return {account: yen for account, yen in table.items() if yen != 0}

    def operators(self, day):
        return sum(sale.yen for sale in self.sales if sale.day <= day and sale.state == "sold" and sale.is_operators)

    def unknown(self, day):
        return sum(sale.yen for sale in self.sales if sale.day <= day and sale.state == "unknown")
