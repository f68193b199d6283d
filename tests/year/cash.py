"""The offices' cash: what each 所属 holds from its closes, how it goes to the bank (払込), and how the bank shows it. Books of its own, by
docs/cash.md: nothing here asks the service for a yen. Amounts are whole yen."""
import collections
import datetime

from book import fiscal_year
from chance import OneIn
from city import ONE_DAY

LIMIT_YEN = 300000  # cash_limit_yen of the sample's masters
BANK = "みほん銀行 郡山支店"
OFF_YEN = (-1000, 500, -100, 10, -10, 50)
SHOWN_WITHIN = 3    # banking days


def is_bank_day(day):
    return day.weekday() < 5 and (day.month, day.day) not in ((12, 31), (1, 1), (1, 2), (1, 3))


def bank_day_after(day, count=1):
    while count > 0:
        day += ONE_DAY
        count -= is_bank_day(day)
    return day


class Close:
    """A 精算: `opened` is the line that opened the day; `off_yen` what was counted more than expected."""

    def __init__(self, till, section, day, opened, deposit_yen, off_yen):
        self.till, self.section, self.day, self.opened = till, section, day, opened
        self.deposit_yen, self.off_yen = deposit_yen, off_yen
        self.not_before = day + ONE_DAY  # a forgetful officer lets it lie
        self.remittance = None


class Remittance:
    """`line` is what the bank shows of it: (day, yen, whether it names it)."""

    def __init__(self, number, closes):
        self.id, self.closes = number, closes
        self.yen = sum(close.deposit_yen for close in closes)
        self.paid_on = self.line = self.reference = None

    @property
    def last_on(self):
        return bank_day_after(self.paid_on, SHOWN_WITHIN)


class CashOffice:
    def __init__(self, random):
        self.random = random
        self.closes, self.remittances, self.others = [], [], []
        self.is_off = OneIn(5, random)          # a close
        self.is_forgotten = OneIn(8, random)    # by the officer, for days
        self.hesitates = OneIn(6, random)       # the one who confirms, until the next day
        self.is_mistaken = OneIn(8, random)     # who prepared it, and who confirmed it
        self.is_wrong, self.is_unseen, self.is_unnamed = OneIn(5, random), OneIn(4, random), OneIn(4, random)  # at the bank
        self.happened = collections.Counter()

    def hear(self, close):
        self.closes.append(close)
        if self.is_forgotten():
            close.not_before += datetime.timedelta(days=self.random.randint(3, 8))

    def next_off(self):
        """By how much the next close is off."""
        if not self.is_off():
            return 0
        self.happened["off"] += 1
        return OFF_YEN[self.happened["off"] % len(OFF_YEN)]

    def held(self):
        return [close for close in self.closes if close.deposit_yen != 0 and (close.remittance is None or close.remittance.paid_on is None)]

    def has_something(self, day):
        return is_bank_day(day) and any(close.not_before <= day for close in self.held()) or any(
            one.line is not None and one.line[0] == day for one in self.remittances)

    # --- a day -------------------------------------------------------------------------------------------------------

    def pay_in(self, desk, day):
        """What was prepared before is confirmed, and what lies ready is prepared, of each 所属 and fiscal year."""
        if not is_bank_day(day):
            return
        for remittance in [one for one in self.remittances if one.paid_on is None]:
            self.decide(desk, remittance, day)
        self.take_back_one(desk, day)
        ready = collections.defaultdict(list)
        for close in self.held():
            if close.remittance is None and close.not_before <= day:
                ready[close.section, fiscal_year(close.day)].append(close)
        for closes in ready.values():
            if sum(close.deposit_yen for close in closes) > 0:
                self.prepare(desk, closes, day)

    def prepare(self, desk, closes, day):
        number = desk.prepare_remittance([(close.till.terminal, close.opened) for close in closes], day, BANK)
        remittance = Remittance(number, closes)
        self.remittances.append(remittance)
        for close in closes:
            close.remittance = remittance
        if not self.hesitates():
            self.decide(desk, remittance, day)

    def decide(self, desk, remittance, day):
        if self.is_mistaken():
            self.undo(desk, remittance)
            return
        remittance.reference = desk.confirm_remittance(remittance.id, day, "領収 1号")
        remittance.paid_on = day
        booked_on = bank_day_after(day, self.random.randint(0, 2))
        if self.is_wrong():
            remittance.line = (booked_on, remittance.yen + self.random.choice((90, 1000)), True)
        elif not self.is_unseen():
            remittance.line = (booked_on, remittance.yen, not self.is_unnamed())

    def take_back_one(self, desk, day):
        """One that the bank does not show yet: it went to the wrong account, say."""
        standings = self.standings(day - ONE_DAY)
        late = [one for one in self.remittances if one.paid_on is not None and one.line is not None and one.line[0] >= day
                and standings[one.id] == "waiting"]
        if late and self.is_mistaken():
            self.undo(desk, self.random.choice(late))

    def undo(self, desk, remittance):
        desk.undo_remittance(remittance.id)
        self.remittances.remove(remittance)
        for close in remittance.closes:
            close.remittance = None
        self.happened["undone"] += 1

    def bank(self, day):
        """(yen, payer, EDI) of the lines of DAY."""
        shown = [(one, *one.line) for one in self.remittances if one.line is not None and one.line[0] == day]
        return [(yen, "ｺｵﾘﾔﾏｼ", one.reference if is_named else "") for one, _, yen, is_named in shown]

    def hear_other(self, day, yen):
        """The bank showed YEN that is no 払込 and names nothing."""
        self.others.append((day, yen))

    # --- what must be ------------------------------------------------------------------------------------------------

    def offices(self, today):
        """section: (closes, yen held, of it on a 現金払込書, closes late, yen late, whether over the limit)."""
        table = {}
        for close in self.held():
            is_late = bank_day_after(close.day) < today
            row = table.setdefault(close.section, [0, 0, 0, 0, 0, False])
            row[0] += 1
            row[1] += close.deposit_yen
            row[2] += close.deposit_yen if close.remittance is not None else 0
            row[3] += is_late
            row[4] += close.deposit_yen if is_late else 0
            row[5] = row[1] > LIMIT_YEN
            self.happened["late"] += is_late
        return {section: tuple(row) for section, row in table.items()}

    def standings(self, day):
        """id: how each confirmed 払込 stands at the bank, whose records go to DAY."""
        lines = [(on, yen, None) for on, yen in self.others]
        lines += [(one.line[0], one.line[1], one if one.line[2] else None) for one in self.remittances if one.line is not None]
        lines = [line for line in lines if line[0] <= day]
        confirmed = [one for one in self.remittances if one.paid_on is not None]
        named = {remittance.id: yen for _, yen, remittance in lines if remittance is not None}
        table = {one.id: "proved" if named[one.id] == one.yen else "differs" for one in confirmed if one.id in named}
        unnamed = [one for one in confirmed if one.id not in named]
        nameless = [(on, yen) for on, yen, remittance in lines if remittance is None]

        def fits(one, line):
            return line[1] == one.yen and one.paid_on <= line[0] <= one.last_on

        for one in unnamed:
            mine = [line for line in nameless if fits(one, line)]
            if not mine:
                table[one.id] = "missing" if day > one.last_on else "waiting"
            else:
                is_only = len(mine) == 1 and sum(fits(other, mine[0]) for other in unnamed) == 1
                table[one.id] = "proved_amount" if is_only else "several"
        return table

    def balances(self):
        """As the books must say: vault by place and till, over and short by till, and what went to the bank."""
        table = collections.Counter()
        for close in self.closes:
            terminal = close.till.terminal
            is_paid = close.remittance is not None and close.remittance.paid_on is not None
            table["assets:bank" if is_paid else f"assets:vault:{close.till.place}:{terminal}"] += close.deposit_yen
            table[f"expenses:over-short:{terminal}"] -= close.off_yen
        return {account: yen for account, yen in table.items() if yen != 0}
