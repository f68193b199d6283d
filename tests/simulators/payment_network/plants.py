"""Faults planted in the statement files, so that a reconciliation can be asked to find exactly these.

The one idea: a table of kinds. Each kind names the keys it needs and a function that changes the draft and gives back
what it changed, from which the answer to the test is made once the lines have their final numbers. A plant that would
change nothing (a reference that is not in the file, a brand that is already there) is refused: it would test nothing.
"""

from dataclasses import replace

from . import brands
from .draft import Draft, Line, StatementError
from .fields import HIGHEST_AMOUNT, is_whole

MAX_PLANTS = 10_000  # more faults than a large city's day has lines
TERMINAL_OF_AN_EXTRA_LINE = "KO-99"


def plant_lines(draft: Draft, plants) -> list:
    """Plant what changes lines or the file. Also checks the whole list, so that a bad plant is found before any
    work."""
    if not isinstance(plants, list) or len(plants) > MAX_PLANTS:
        raise StatementError(f"plant is a list of at most {MAX_PLANTS} faults")
    for plant in plants:
        kind = plant.get("kind") if isinstance(plant, dict) else None
        if not isinstance(kind, str) or kind not in LINE_KINDS and kind not in DEPOSIT_KINDS:
            raise StatementError(f"a planted fault has a kind: {', '.join([*LINE_KINDS, *DEPOSIT_KINDS])}")
        keys, _ = LINE_KINDS.get(kind) or DEPOSIT_KINDS[kind]
        if set(plant) != {"kind", *keys}:
            raise StatementError(f"{kind} has the keys {', '.join(('kind', *keys))}")
    return [LINE_KINDS[plant["kind"]][1](draft, plant) for plant in plants if plant["kind"] in LINE_KINDS]


def plant_deposits(draft: Draft, plants: list) -> list:
    """Plant what changes deposits. Call after plant_lines and when the draft has its payouts."""
    return [DEPOSIT_KINDS[plant["kind"]][1](draft, plant) for plant in plants if plant["kind"] in DEPOSIT_KINDS]


def _find(draft: Draft, plant: dict) -> Line:
    """The first line of the reference: the sale, where sale and reversal stand on one day."""
    for line in draft.lines:
        if line.reference == plant["reference"] != "":
            return line
    raise StatementError(f"{plant['kind']}: no line of {draft.date} has the reference {plant['reference']!r}")


def _amount(plant: dict, key: str) -> int:
    value = plant[key]
    if not is_whole(value, -HIGHEST_AMOUNT, HIGHEST_AMOUNT) or value == 0:
        raise StatementError(f"{plant['kind']}: {key} is a whole number of yen and not 0")
    return value


def _brand(plant: dict) -> str:
    if not isinstance(plant["brand"], str) or plant["brand"] not in brands.BRANDS:
        raise StatementError(f"{plant['kind']}: brand is one of {', '.join(brands.BRANDS)}")
    return plant["brand"]


def _report(plant: dict, before, after):
    """Made when the lines have their numbers. A line that is gone keeps number 0."""
    return lambda: {"kind": plant["kind"], "before": before.shown() if before else None,
                    "after": after.shown() if after else None}


def _missing_line(draft: Draft, plant: dict):
    line = _find(draft, plant)
    del draft.lines[_position(draft, line)]
    return _report(plant, line, None)


def _extra_line(draft: Draft, plant: dict):
    amount, brand = _amount(plant, "amount"), _brand(plant)
    serial = sum(line.reference.startswith("extra-") for line in draft.lines) + 1
    line = Line(f"extra-{draft.date:%Y%m%d}-{serial}", f"X{serial:09d}", brand, TERMINAL_OF_AN_EXTRA_LINE,
                f"{draft.date:%Y/%m/%d} 12:00:00", "売上" if amount > 0 else "返金", amount)
    draft.lines.append(line)
    return _report(plant, None, line)


def _changed(draft: Draft, plant: dict, line: Line, **changes):
    before = replace(line)
    for name, value in changes.items():
        setattr(line, name, value)
    return _report(plant, before, line)


def _wrong_amount(draft: Draft, plant: dict):
    line = _find(draft, plant)
    amount = line.amount + _amount(plant, "by")
    if amount == 0 or (amount > 0) != (line.amount > 0):
        raise StatementError(f"wrong_amount: {line.amount} by {plant['by']} is no amount of a {line.kind}")
    return _changed(draft, plant, line, amount=amount)


def _wrong_brand(draft: Draft, plant: dict):
    line, brand = _find(draft, plant), _brand(plant)
    if line.brand == brand:
        raise StatementError(f"wrong_brand: {plant['reference']} is {brand} already")
    return _changed(draft, plant, line, brand=brand)


def _wrong_fee(draft: Draft, plant: dict):
    line = _find(draft, plant)
    return _changed(draft, plant, line, fee_is_off_by=line.fee_is_off_by + _amount(plant, "by"))


def _duplicate_line(draft: Draft, plant: dict):
    line = _find(draft, plant)
    copy = replace(line)
    draft.lines.insert(_position(draft, line) + 1, copy)
    return _report(plant, line, copy)


def _lost_reference(draft: Draft, plant: dict):
    return _changed(draft, plant, _find(draft, plant), reference="")


def _no_trailer(draft: Draft, plant: dict):
    draft.has_trailer = False
    return lambda: {"kind": plant["kind"]}


def _wrong_count(draft: Draft, plant: dict):
    draft.count_is_off_by += 1
    return lambda: {"kind": plant["kind"], "before": len(draft.lines),
                    "after": len(draft.lines) + draft.count_is_off_by}


def _position(draft: Draft, line: Line) -> int:
    """By identity: a duplicate is equal to its original."""
    return next(index for index, other in enumerate(draft.lines) if other is line)


def _changed_deposit(draft: Draft, plant: dict, by: int):
    for payout in draft.payouts:
        if payout.id == plant["payout"]:
            break
    else:
        known = ", ".join(payout.id for payout in draft.payouts) or "none"
        raise StatementError(f"{plant['kind']}: no payout {plant['payout']!r}; this day has {known}")
    before = payout.deposit
    payout.deposit = before - by if by else 0
    if before == 0 or payout.deposit < 0 or (by and payout.deposit == 0):
        raise StatementError(f"{plant['kind']}: the deposit of {payout.id} is {before}")
    after = payout.deposit
    return lambda: {"kind": plant["kind"], "payout": payout.id, "before": before, "after": after}


def _short_deposit(draft: Draft, plant: dict):
    return _changed_deposit(draft, plant, _amount(plant, "by"))


def _missing_deposit(draft: Draft, plant: dict):
    return _changed_deposit(draft, plant, 0)


LINE_KINDS = {
    "missing_line": (("reference",), _missing_line),
    "extra_line": (("amount", "brand"), _extra_line),
    "wrong_amount": (("reference", "by"), _wrong_amount),
    "wrong_brand": (("reference", "brand"), _wrong_brand),
    "wrong_fee": (("reference", "by"), _wrong_fee),
    "duplicate_line": (("reference",), _duplicate_line),
    "lost_reference": (("reference",), _lost_reference),
    "no_trailer": ((), _no_trailer),
    "wrong_count": ((), _wrong_count),
}
DEPOSIT_KINDS = {
    "short_deposit": (("payout", "by"), _short_deposit),
    "missing_deposit": (("payout",), _missing_deposit),
}
