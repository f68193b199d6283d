"""The fields both doors share: what a merchant reference and an amount look like."""

import re

REFERENCE = re.compile(r"[0-9A-Za-z-]{1,64}")
HIGHEST_AMOUNT = 9_999_999


def is_reference(value) -> bool:
    return isinstance(value, str) and REFERENCE.fullmatch(value) is not None


def is_whole(value, lowest: int, highest: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and lowest <= value <= highest


def is_amount(value) -> bool:
    return is_whole(value, 1, HIGHEST_AMOUNT)
