"""A headless Chromium for tests of the screens.

    with Browser(size=(1280, 800)) as browser:
        browser.open("http://127.0.0.1:8080/")
        browser.click("[data-item=koseki]")
        browser.wait_for_text("合計")

Nothing sleeps: everything waits for a condition, and a condition that does not come names what stood on the page instead.
When the block is left by an exception, a screenshot, the page's text and the console go to MADOGUCHI_BROWSER_EVIDENCE
(a folder; the current one if unset), so that a failure in CI can be looked at.

Needs Debian's chromium, chromium-driver and python3-selenium; no network but 127.0.0.1.
"""
import contextlib
import math
import os
import pathlib
import tempfile
import time
import traceback

from selenium import webdriver
from selenium.common.exceptions import JavascriptException, StaleElementReferenceException, WebDriverException
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

CHROMIUM = "/usr/bin/chromium"
DRIVER = "/usr/bin/chromedriver"
WAIT_S = 30.0  # only a failure waits so long; a loaded machine needs more than one expects
POLL_S = 0.02

FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
    "--hide-scrollbars",
    "--lang=ja",
]

MODIFIERS = {"Shift": Keys.SHIFT, "Control": Keys.CONTROL, "Alt": Keys.ALT}
NAMED_KEYS = {"Enter": Keys.ENTER, "Escape": Keys.ESCAPE, "Tab": Keys.TAB, "Delete": Keys.DELETE,
              "Backspace": Keys.BACKSPACE, "PageUp": Keys.PAGE_UP, "PageDown": Keys.PAGE_DOWN,
              "ArrowUp": Keys.ARROW_UP, "ArrowDown": Keys.ARROW_DOWN, "ArrowLeft": Keys.ARROW_LEFT,
              "ArrowRight": Keys.ARROW_RIGHT, **{f"F{n}": getattr(Keys, f"F{n}") for n in range(1, 13)}}

# Elements that can be pressed and are to be seen: what a finger must be able to hit.
TARGETS = """
  const seen = (e) => {
    const box = e.getBoundingClientRect(), style = getComputedStyle(e);
    return box.width > 0 && box.height > 0 && style.visibility !== "hidden" && !e.closest(".unseen");
  };
  return [...document.querySelectorAll("button, a[href], input, [role=tab], tr[tabindex]")].filter(seen).map((e) => {
    const box = e.getBoundingClientRect();
    return {name: (e.getAttribute("aria-label") || e.innerText || e.placeholder || e.tagName).trim().slice(0, 30),
            width: Math.round(box.width * 10) / 10, height: Math.round(box.height * 10) / 10};
  });
"""

# Text that does not fit its box, boxes that leave the window, and boxes that scroll. What is made to give way
# (data-gives-way, or a limited number of lines) says the same in full elsewhere.
FAULTS_OF_LAYOUT = """
  const faults = [];
  const name = (e) => `${e.tagName.toLowerCase()}.${[...e.classList].join(".")} "${(e.innerText || "").trim().slice(0, 24)}"`;
  for (const e of document.body.querySelectorAll("*")) {
    if (e.closest("svg, .unseen, noscript, [data-gives-way]") || !e.getClientRects().length) continue;
    const style = getComputedStyle(e), box = e.getBoundingClientRect();
    const cutsX = style.overflowX !== "visible", cutsY = style.overflowY !== "visible";
    if (style.webkitLineClamp !== "none") continue; // cut on purpose, whole elsewhere
    const scrolls = ["auto", "scroll"].includes(style.overflowY) && e.scrollHeight > e.clientHeight + 1;
    if (scrolls) faults.push(`scrolls: ${name(e)}`);
    if (cutsX && e.scrollWidth > e.clientWidth + 1) faults.push(`cut at the side: ${name(e)}`);
    if (cutsY && !scrolls && e.scrollHeight > e.clientHeight + 1 && e.tagName !== "INPUT") faults.push(`cut below: ${name(e)}`);
    if (e.matches("button, p, h1, h2, h3, strong") && !cutsX && e.scrollWidth > e.clientWidth + 1 && style.display !== "inline")
      faults.push(`text leaves its box: ${name(e)}`);
    const scroller = e.parentElement.closest(".table-frame, .catalogue-body, .lines, .panel-body, .record-body, .attention-columns, .day-body, .sign-in-who, .step-body, .payment-body");
    if (!scroller && (box.right > innerWidth + 1 || box.bottom > innerHeight + 1 || box.left < -1 || box.top < -1))
      faults.push(`leaves the window: ${name(e)}`);
  }
  return faults;
"""


class Timeout(AssertionError):
    """A condition did not come in time; the message says what was there instead."""


class Browser:
    def __init__(self, size=(1280, 800), dark=False, reduced_motion=True, evidence=None):
        options = Options()
        options.binary_location = CHROMIUM
        for flag in FLAGS:
            options.add_argument(flag)
        self._profile = tempfile.TemporaryDirectory(prefix="madoguchi-browser-", ignore_cleanup_errors=True)
        options.add_argument(f"--user-data-dir={self._profile.name}")
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(service=Service(DRIVER), options=options)
        self._evidence = pathlib.Path(evidence or os.environ.get("MADOGUCHI_BROWSER_EVIDENCE", tempfile.gettempdir()))
        self._console = []
        self._last_press = None  # (when, where, what)
        self.look(size=size, dark=dark, reduced_motion=reduced_motion)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if kind is not None:
            self.keep_evidence(traceback.extract_tb(trace)[-1].name if trace else "failure")
        self.close()
        return False

    def close(self):
        with contextlib.suppress(WebDriverException):
            self.driver.quit()
        self._profile.cleanup()

    # How the window looks

    def look(self, size=None, dark=None, reduced_motion=None):
        """Set the size of the page (not of the window around it) and the preferences a person would set."""
        if size is not None:
            self.size = size
            self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                                        {"width": size[0], "height": size[1], "deviceScaleFactor": 1, "mobile": False})
            self.wait(lambda: self.run("return innerWidth === arguments[0] && innerHeight === arguments[1]", *size), f"a page of {size}")
            self.wait_drawn()
        if dark is not None:
            self._dark = dark
        if reduced_motion is not None:
            self._reduced = reduced_motion
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [
            {"name": "prefers-color-scheme", "value": "dark" if self._dark else "light"},
            {"name": "prefers-reduced-motion", "value": "reduce" if self._reduced else "no-preference"}]})

    def screenshot(self, path):
        path = pathlib.Path(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        self.wait_drawn()
        self.driver.save_screenshot(str(path))
        return path

    def keep_evidence(self, name):
        """Screenshot, text and console of this moment, for a person to look at later."""
        with contextlib.suppress(WebDriverException, OSError):
            self.screenshot(self._evidence / f"{name}.png")
            (self._evidence / f"{name}.txt").write_text(
                f"{self.driver.current_url}\n\n{self.text()}\n\nconsole:\n" + "\n".join(self.console()) + "\n", encoding="utf-8")

    # Reading

    def open(self, address):
        self.driver.get(address)

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def text(self, selector="body"):
        """The visible text, "" if there is no such element."""
        return self.run("const e = document.querySelector(arguments[0]); return e ? e.innerText : ''", selector)

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def console(self):
        """Everything the console said so far: errors, warnings, refusals by the security policy."""
        with contextlib.suppress(WebDriverException):
            self._console += [f"{entry['level']} {entry['message']}" for entry in self.driver.get_log("browser")]
        return list(self._console)

    def console_errors(self, ignore=()):
        """Errors, without those that contain one of IGNORE (an answer 409 is an error to the console, not to us)."""
        return [line for line in self.console() if line.startswith("SEVERE") and not any(text in line for text in ignore)]

    def targets(self):
        """[{name, width, height}] of everything that can be pressed."""
        return self.run(TARGETS)

    def layout_faults(self):
        """Sentences about cut text, boxes outside the window, and boxes that scroll."""
        return self.run(FAULTS_OF_LAYOUT)

    # Waiting

    def wait(self, condition, what, timeout_s=WAIT_S):
        """Call CONDITION until it gives something true, and give that back."""
        end = time.monotonic() + timeout_s
        while True:
            with contextlib.suppress(StaleElementReferenceException, JavascriptException):
                result = condition()
                if result:
                    return result
            if time.monotonic() > end:
                raise Timeout(f"{what} did not come within {timeout_s:g} s; the page says:\n{self.text()}")
            time.sleep(POLL_S)

    def wait_drawn(self):
        """Until what was changed so far has been laid out and drawn."""
        self.run("return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def wait_for(self, selector, timeout_s=WAIT_S):
        return self.wait(lambda: next((e for e in self.all(selector) if e.is_displayed()), None), selector, timeout_s)

    def wait_for_text(self, text, selector="body", timeout_s=WAIT_S):
        self.wait(lambda: text in self.text(selector), f"“{text}” in {selector}", timeout_s)

    def wait_gone(self, selector, timeout_s=WAIT_S):
        self.wait(lambda: not self.all(selector), f"the end of {selector}", timeout_s)

    # Doing

    def click(self, selector, timeout_s=WAIT_S):
        """Press what SELECTOR names as soon as it can be pressed."""
        self.wait(lambda: self._press(self.all(selector)), f"something to press at {selector}", timeout_s)

    def click_text(self, text, selector="button, a", timeout_s=WAIT_S):
        """Press the button whose visible text contains TEXT."""
        self.wait(lambda: self._press([e for e in self.all(selector) if text in e.text]), f"a button “{text}”", timeout_s)

    def double_tap_text(self, text, pause_s=0.12):
        """Tap twice where the last button with TEXT stands, whatever comes under the finger in between."""
        button = self.wait(lambda: next((e for e in reversed(self.all("button")) if text in e.text and e.is_displayed()
                                         and e.get_attribute("aria-disabled") is None), None), f"a button “{text}”")
        time.sleep(0.4)  # not the second tap of an earlier one
        ActionChains(self.driver).move_to_element(button).click().pause(pause_s).click().perform()

    def _press(self, elements):
        for element in elements:
            if element.is_displayed() and element.get_attribute("aria-disabled") is None:
                self._pace(element)
                element.click()
                return True
        return False

    def _pace(self, element):
        """Two different keys in one place are not pressed as fast as a double tap: the page would drop the second."""
        box = element.rect
        place = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        if self._last_press is not None:
            when, where, pressed = self._last_press
            if pressed != element and math.dist(place, where) < 30:
                time.sleep(max(0.0, when + 0.4 - time.monotonic()))
        self._last_press = (time.monotonic(), place, element)

    def press(self, *keys):
        """Press keys of the keyboard: "F9", "Enter", "5", "Shift+F9"."""
        for key in keys:
            *modifiers, last = key.split("+") if len(key) > 1 else [key]
            chain = ActionChains(self.driver)
            for modifier in modifiers:
                chain.key_down(MODIFIERS[modifier])
            chain.send_keys(NAMED_KEYS.get(last, last))
            for modifier in modifiers:
                chain.key_up(MODIFIERS[modifier])
            chain.perform()

    def type(self, text):
        ActionChains(self.driver).send_keys(text).perform()
