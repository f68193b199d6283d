"""The list of designed states, and what every one of them begins with."""

STATES = {}


def state(function):
    """A function of (till, browser) that brings both into the state it is named after. The docstring "scrolls" allows
    more in it than fits."""
    STATES[function.__name__] = function
    return function


def selling(till, browser, *items):
    till.sign_in()
    till.add(*items)
    browser.open(till.address)
    browser.wait_for(".panel")
    browser.wait_for(".item")


EXAMPLE = ["koseki", "joseki", "kaisei", "kaisei", "kaisei"]  # 戸籍1 + 除籍1 + 改製原3 = 3,450円
