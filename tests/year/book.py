"""The simulator's own books. Amounts are whole yen."""
import collections
import datetime

CLOSING_MONTH, CLOSING_DAY = 5, 31


def fiscal_year(day):
    return day.year if day.month >= 4 else day.year - 1


def closing(year):
    return datetime.date(year + 1, CLOSING_MONTH, CLOSING_DAY)


class Refund:
    """YEN that went back on DAY: `is_cash` of the drawer, else through the network."""

    def __init__(self, sale, day, yen, is_cash):
        self.sale, self.day, self.yen, self.is_cash = sale, day, yen, is_cash


class Part:
    """What was paid of a sale in one way. `held` is (yen, tax) that approved 調定 hold of it; None before the first."""

    def __init__(self, sale, is_cash, yen, tax_yen):
        self.sale, self.is_cash, self.yen, self.tax_yen = sale, is_cash, yen, tax_yen
        self.held = None

    @property
    def route(self):
        return "cash" if self.is_cash else self.sale.trustee

    def refunded(self, day):
        """What of it was paid back until DAY while the books of the sale's year were open."""
        last = min(day, closing(fiscal_year(self.sale.day)))
        return sum(refund.yen for refund in self.sale.refunds if refund.day <= last and refund.is_cash == self.is_cash)

    def assess(self, day):
        """It is assessed gross, and what went back since the last time is taken out, with its share of the tax."""
        if self.held is None:
            self.held = (self.yen, self.tax_yen)
        yen, tax_yen = self.held
        less = yen - (self.yen - self.refunded(day))
        if less > 0:
            self.held = (yen - less, tax_yen - tax_yen * less // yen)
        return self.held


class Sale:
    """One sale of one item, as it stands, paid by BRAND but for CASH_YEN; `state` is sold, void or unknown."""

    def __init__(self, day, item, quantity, price, brand, trustee, operators, cash_yen):
        self.day, self.item, self.quantity, self.price = day, item, quantity, price
        self.brand, self.trustee, self.is_operators = brand, trustee, operators
        self.yen = quantity * price
        self.cash_yen = self.yen if brand is None else cash_yen
        self.state = "sold"
        self.refunds = []
        self.payout = None  # id, once a statement has it
        self.credited_on = None
        tax_yen = self.yen * 10 // 110 if item["tax"] == "standard10" else 0
        cash_tax_yen = tax_yen * self.cash_yen // self.yen
        parts = (Part(self, True, self.cash_yen, cash_tax_yen), Part(self, False, self.rest_yen, tax_yen - cash_tax_yen))
        self.parts = [part for part in parts if part.yen > 0]

    @property
    def rest_yen(self):
        """What the brand took."""
        return self.yen - self.cash_yen

    def left(self, is_cash):
        """What was paid so and has not gone back."""
        paid = self.cash_yen if is_cash else self.rest_yen
        return paid - sum(refund.yen for refund in self.refunds if refund.is_cash == is_cash)


class Book:
    def __init__(self):
        self.sales = []
        self.deposits = {}     # (trustee, payout): {"gross", "fee", "carry", "expected", "on"}
        self.open = collections.Counter()  # planted for good: (class, yen)

    def assessable(self, day):
        """The parts of what the city sold until DAY."""
        return [part for sale in self.sales if sale.day <= day and sale.state == "sold" and not sale.is_operators for part in sale.parts]

    def kinds(self):
        """What of the rarer things happened."""
        kinds = {"carried over" for deposit in self.deposits.values() if deposit["carry"] < 0}
        kinds |= {"set off" for deposit in self.deposits.values() if deposit["expected"] < 0}
        for sale in self.sales:
            kinds |= {"mixed"} if len(sale.parts) == 2 and sale.state == "sold" else set()
            kinds |= {"part of a refund"} if sale.refunds and sale.left(is_cash=True) + sale.left(is_cash=False) > 0 else set()
        return kinds

    @staticmethod
    def key(part):
        sale = part.sale
        return fiscal_year(sale.day), sale.item["account"], sale.item["section"], part.route

    def assess(self, day):
        """(year, account, section, route): [yen, tax] of everything received until DAY. What is drafted now is approved: the service's
        drafts must be made on the same days."""
        table = collections.defaultdict(lambda: [0, 0])
        for part in self.assessable(day):
            yen, tax_yen = part.assess(day)
            row = table[self.key(part)]
            row[0] += yen
            row[1] += tax_yen
        return {key: tuple(row) for key, row in table.items() if row != [0, 0]}

    def received(self, day):
        """(year, account, section, route): yen of it that has come until DAY."""
        table = collections.Counter()
        for part in self.assessable(day):
            credited_on = part.sale.credited_on
            if part.is_cash or (credited_on is not None and credited_on <= day):
                table[self.key(part)] += part.yen - part.refunded(day)
        return {key: yen for key, yen in table.items() if yen != 0}

    def balances(self):
        """As the books must say of sales and of what went back; cash that was closed is the offices'."""
        table = collections.Counter()
        for sale in self.sales:
            if sale.state == "sold":
                item = sale.item
                table[f"revenues:{item['account']}:{item['section']}:{item['tax']}:general"] -= sale.yen
                table[f"assets:receivable:{sale.brand}"] += sale.rest_yen
            for refund in sale.refunds:
                table["expenses:refund"] += refund.yen
                table["liabilities:refund-transit"] -= 0 if refund.is_cash else refund.yen
        return {account: yen for account, yen in table.items() if yen != 0}

    def operators(self, day):
        return sum(sale.yen for sale in self.sales if sale.day <= day and sale.state == "sold" and sale.is_operators)

    def unknown(self, day):
        return sum(sale.rest_yen for sale in self.sales if sale.day <= day and sale.state == "unknown")
