"""The citizen's window in a real browser, beside a till that serves.

Pictures go to MADOGUCHI_BROWSER_EVIDENCE (default: pictures/ beside the build), for people to look at.
"""
import json
import os
import pathlib
import re
import shutil
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from browser import Browser  # noqa: E402
from harness import http  # noqa: E402
from harness.city import City  # noqa: E402
from harness.process import wait_until  # noqa: E402
from harness.till import QR_CODES  # noqa: E402

BUILD = pathlib.Path(os.environ.get("MADOGUCHI_BUILD", "build/asan")).resolve()
PICTURES = pathlib.Path(os.environ.setdefault("MADOGUCHI_BROWSER_EVIDENCE", str(BUILD / "pictures")))
SCREEN = pathlib.Path(__file__).resolve().parent.parent.parent / "pos" / "web" / "screen"
LANGUAGES = ("ja", "en", "zh", "ko")


class CitizensWindow(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="citizen-")
        cls.addClassCleanup(shutil.rmtree, cls.folder, True)
        cls.city = City(BUILD, cls.folder, payment_timeout_ms=4000)
        cls.addClassCleanup(cls.city.__exit__)
        cls.city.start()
        cls.till = cls.city.add_till("KO-01", "shimin-1")
        PICTURES.mkdir(parents=True, exist_ok=True)

    def setUp(self):
        if self.till.state()["clerk"] is None:
            self.till.open()
        self.till.clear()

    def view(self):
        return self.till.get("/api/citizen")

    def picture(self, browser, name):
        browser.screenshot(PICTURES / f"citizen-{name}.png")

    def test_what_is_rung_up_is_shown_and_paid_with_its_change(self):
        with Browser(size=(1280, 800)) as browser:
            browser.open(self.till.url + "/citizen.html")
            browser.wait_for("main")
            self.picture(browser, "welcome")
            self.till.ring_up("koseki-zenbu", ("kaisei-genkoseki", 3), "joseki")
            browser.wait_for_text("3,450")
            self.picture(browser, "items")
            basket = self.till.state()["basket"]["id"]
            self.till.post("/api/pay/cash", basket=basket, tendered_yen=5000)
            browser.wait_for_text("1,550")
            self.picture(browser, "paid-cash")
            self.assertEqual(browser.console_errors(), [])
            self.assertEqual(browser.layout_faults(), [])

    def test_the_citizen_reads_it_in_another_language_until_the_sale_is_over(self):
        with Browser(size=(1024, 768)) as browser:
            browser.open(self.till.url + "/citizen.html")
            self.till.ring_up(("juminhyo", 2))
            browser.wait_for_text("600")
            for language, name in (("ko", "한국어"), ("zh", "简体中文"), ("en", "English")):
                browser.click_text(name)
                wait_until(f"the window to speak {language}", lambda spoken=language: self.view()["language"] == spoken)
                self.picture(browser, f"items-{language}")
            basket = self.till.state()["basket"]["id"]
            self.till.post("/api/pay/cashless", basket=basket, method="qr", brand="paypay")
            browser.wait_for_text("Show the payment code")
            self.picture(browser, "show-code-en")
            self.till.post("/api/pay/code", code=QR_CODES["paypay"])
            browser.wait_for_text("Thank you")
            self.picture(browser, "paid-en")
        self.till.ring_up("koseki-zenbu")
        self.assertEqual(self.view()["language"], "ja")

    def test_a_payment_that_is_not_known_says_not_to_pay_again(self):
        self.city.script("timeout_after", channel="qr", times=1)
        with Browser(size=(1280, 800), dark=True) as browser:
            browser.open(self.till.url + "/citizen.html")
            self.till.start_payment("qr", "paypay", "inkan")
            wait_until("the charge", lambda: [row for row in self.city.book() if row["state"] == "charged" and row["amount"] == 300])
            self.city.set_payment_network(False)
            try:
                browser.wait_for_text("もう一度お支払いにならないでください", timeout_s=20)
                self.picture(browser, "unknown-dark")
            finally:
                self.city.set_payment_network(True)
        self.till.all_resolved()

    def test_nothing_of_clerk_or_other_citizens_is_told(self):
        self.till.ring_up("koseki-zenbu")
        told = json.dumps(self.view(), ensure_ascii=False)
        for secret in ("佐藤", "sato", "unresolved", "unsent", "expected"):
            self.assertNotIn(secret, told)

    def test_an_unknown_language_is_refused_and_changes_nothing(self):
        with self.assertRaises(http.Refused) as refused:
            self.till.post("/api/citizen/language", language="fr")
        self.assertEqual((refused.exception.status, refused.exception.code), (400, "language"))
        self.assertEqual(self.view()["language"], "ja")


class Words(unittest.TestCase):
    def test_every_sentence_exists_in_all_four_languages(self):
        text = (SCREEN / "citizen_words.js").read_text()
        entries = re.findall(r'^  "?([\w ]+)"?: \{(.*?)\},?$', text, re.MULTILINE | re.DOTALL)
        self.assertGreater(len(entries), 12)
        for name, body in entries:
            languages = re.findall(r"\b(ja|en|zh|ko):", body)
            self.assertEqual(tuple(languages), LANGUAGES, name)


if __name__ == "__main__":
    unittest.main()
