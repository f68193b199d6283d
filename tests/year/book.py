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
    """One sale of one item, as it stands, paid by BRAND but for CASH_YEN; `state` is sold, void, unknown
    or none."""

    def __init__(self, day, item, quantity, price, brand, trustee, operators, cash_yen):
        self.day, self.item, self.quantity, self.price = day, item, quantity, price
        self.brand, self.trustee, self.is_operators = brand, trustee, operators
        self.yen = quantity * price
        self.cash_yen = self.yen if brand is None else cash_yen
        self.state = "sold"
        self.refunds = []
        self.doubt = None    # 処理未了
        self.deposit = None  # once a statement has it
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


class Deposit:
    """What a company pays of a statement. What it lays over is paid with `taker`, a later one."""

    def __init__(self, trustee, payout, gross_yen, fee_yen, own_yen, on):
        self.trustee, self.payout, self.gross_yen, self.fee_yen, self.on = trustee, payout, gross_yen, fee_yen, on
        self.own_yen, self.carry_yen = own_yen, 0
        self.sales = []
        self.netted_yen = 0    # refunds among its lines
        self.credits = []      # (day, yen)
        self.taker = None
        self.is_accepted = False  # that less came, as a fee

    @property
    def expected_yen(self):
        return self.own_yen + self.carry_yen

    def credited(self, day):
        return sum(yen for on, yen in self.credits if on <= day)

    def is_whole(self, day):
        """Whether everything has come that was to come; where refunds are more than sales, these are paid by being set off."""
        if self.carry_yen > 0:
            return self.taker is not None and self.taker.is_whole(day)
        if self.expected_yen <= 0:
            return self.on <= day
        return self.credited(day) >= self.expected_yen or (self.is_accepted and self.credited(day) > 0)

    def received(self, day, key):
        """KEY of a part: yen of what the city sold that have come. Of a deposit that is short the oldest sales have come first, whether they
        went back since or not: what is missing is missing, and fees and refunds that were taken out of it are paid by that."""
        groups = collections.defaultdict(lambda: [0, 0])
        for sale in self.sales:
            for part in sale.parts:
                if not part.is_cash and sale.state == "sold" and not sale.is_operators:
                    group = groups[sale.day, key(part)]
                    group[0] += part.yen
                    group[1] += part.refunded(day)
        left_yen = sum(yen for yen, _ in groups.values())
        if not self.is_whole(day):
            came_yen = self.credited(day)
            left_yen = came_yen + self.gross_yen - self.expected_yen + self.netted_yen if came_yen > 0 else 0
        table = collections.Counter()
        for place in sorted(groups):
            yen, back_yen = groups[place]
            came_yen = min(yen, left_yen)
            left_yen -= came_yen
            table[place[1]] += max(0, came_yen - back_yen)
        return table


class Book:
    def __init__(self):
        self.sales = []
        self.deposits = {}     # (trustee, payout): Deposit
        self.open = collections.Counter()  # planted for good: (class, yen)

    def assessable(self, day):
        """The parts of what the city sold until DAY."""
        return [part for sale in self.sales if sale.day <= day and sale.state == "sold" and not sale.is_operators for part in sale.parts]

    def kinds(self):
        """What of the rarer things happened."""
        kinds = {"carried over" for deposit in self.deposits.values() if deposit.carry_yen < 0}
        kinds |= {"set off" for deposit in self.deposits.values() if deposit.expected_yen < 0}
        kinds |= {"short" for deposit in self.deposits.values() if 0 < deposit.credited(datetime.date.max) < deposit.expected_yen}
        for sale in self.sales:
            if sale.doubt is not None and sale.doubt.is_told:
                kinds.add("in doubt, proved" if sale.doubt.is_charged and not sale.doubt.is_reversed else "in doubt, disproved")
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
            if part.is_cash:
                table[self.key(part)] += part.yen - part.refunded(day)
        for deposit in self.deposits.values():
            table.update(deposit.received(day, self.key))
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

    def doubtful(self):
        """By the state that the lists call it, payment: yen of what is in doubt, unknown, or was sold and not charged after all."""
        table = {"in_doubt": {}, "unknown": {}, "disproved": {}}
        for sale in self.sales:
            if sale.state == "unknown":
                table["unknown" if sale.doubt is None else "in_doubt"][sale.payment] = sale.rest_yen
            elif sale.doubt is not None and sale.doubt.is_reversed and sale.doubt.is_told:
                table["disproved"][sale.payment] = sale.rest_yen
        return table
