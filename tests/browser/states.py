"""The states the clerk's screen is designed for, each made on a fake till: name -> how to get there.

    states.py SHARE OUT [name …]      saves OUT/<name>-<width>[-dark|-large].png for every state, to be looked at
"""
import pathlib
import sys

import day_states  # noqa: F401  (they enter STATES when they are read)
import other_states  # noqa: F401
import sale_states  # noqa: F401
from browser import Browser
from designed import STATES
from fake_till import FakeTill

SIZES = [(1280, 800), (1024, 768), (1920, 1080)]


def show(till, browser, name):
    """Bring TILL and BROWSER into the state and wait until it has been drawn."""
    STATES[name](till, browser)
    browser.wait_drawn()


def look(till, browser, size=(1280, 800), dark=False, large=False):
    """Size, theme and type before a state is shown; forgets what an earlier state left in the browser."""
    browser.look(size=size, dark=dark)
    browser.open(till.address + "icon.svg")
    browser.run("localStorage.clear(); localStorage.setItem('madoguchi.large', arguments[0]); sessionStorage.clear()", "yes" if large else "no")


def main(share, out, names):
    looks = [((1280, 800), False, False), ((1280, 800), True, False), ((1024, 768), False, False), ((1024, 768), False, True)]
    with Browser() as browser:
        for name in names or STATES:
            for size, dark, large in looks:
                with FakeTill(share) as till:
                    look(till, browser, size, dark, large)
                    show(till, browser, name)
                    suffix = "-dark" if dark else "-large" if large else ""
                    browser.screenshot(pathlib.Path(out) / f"{name}-{size[0]}{suffix}.png")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
