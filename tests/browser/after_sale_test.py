"""After the sale in a real browser on real programs: the paper is scanned, the money goes back, nothing is asked for twice.

Pictures go to MADOGUCHI_BROWSER_EVIDENCE (default: pictures/ beside the build), for people to look at.
"""
import os
import pathlib
import shutil
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from browser import Browser  # noqa: E402
from harness.city import City  # noqa: E402
from harness.process import wait_until  # noqa: E402

BUILD = pathlib.Path(os.environ.get("MADOGUCHI_BUILD", "build/asan")).resolve()
PICTURES = pathlib.Path(os.environ.setdefault("MADOGUCHI_BROWSER_EVIDENCE", str(BUILD / "pictures")))
TARGET_PX = 44


class AfterTheSale(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="after-sale-")
        cls.addClassCleanup(shutil.rmtree, cls.folder, True)
        cls.city = City(BUILD, cls.folder, payment_timeout_ms=4000)
        cls.addClassCleanup(cls.city.__exit__)
        cls.city.start()
        cls.till = cls.city.add_till("KO-01", "shimin-1")
        cls.till.open()
        PICTURES.mkdir(parents=True, exist_ok=True)

    def picture(self, browser, name):
        browser.screenshot(PICTURES / f"after-{name}.png")

    def assert_sound(self, browser):
        self.assertEqual(browser.console_errors(("409", "403", "401")), [])
        small = [t for t in browser.targets() if t["width"] < TARGET_PX or t["height"] < TARGET_PX]
        self.assertEqual(small, [])

    def open_till(self, browser):
        browser.open(self.till.url + "/")
        browser.wait_for("[data-item=juminhyo]")

    def scan(self, code):
        self.till.post("/api/simulated/scanner", code=code)

    def test_a_scanned_receipt_opens_its_sale_and_is_printed_again(self):
        sale = self.till.sell_for_cash("koseki-zenbu", tendered=1000)["last_sale"]
        self.till.sell_for_cash("juminhyo")
        self.till.all_printed()
        with Browser(size=(1024, 768)) as browser:
            self.open_till(browser)
            self.scan(sale["receipt_number"])
            browser.wait_for_text(sale["receipt_number"], ".record")
            browser.wait_for_text("読み取った票")
            browser.click_text("再発行する")
            browser.wait_for_text("領収書 2枚")
            self.picture(browser, "reprinted")
            self.assert_sound(browser)

    def test_a_sale_is_found_by_amount_with_the_keyboard_alone(self):
        sale = self.till.sell_for_cash(("juminhyo", 9), tendered=3000)["last_sale"]
        with Browser(size=(1280, 800), dark=True) as browser:
            self.open_till(browser)
            browser.press("F3")
            browser.wait_for(".record")
            browser.press("F2")
            browser.type("2700")
            browser.wait(lambda: len(browser.all(".table tbody tr")) == 1, "one sale")
            browser.wait_for_text(sale["receipt_number"], ".record")
            self.picture(browser, "found-dark")
            self.assert_sound(browser)

    def test_a_brand_without_void_goes_back_in_part_in_cash_with_a_supervisor(self):
        sale = self.till.sell_cashless("emoney", "edy", ("juminhyo", 3))["last_sale"]
        with Browser(size=(1280, 800)) as browser:
            self.open_till(browser)
            self.scan(sale["receipt_number"])
            browser.wait_for_text("還付を受け付ける", ".record")
            self.picture(browser, "edy")
            browser.click_text("還付を受け付ける")
            browser.wait_for(".refund-part")
            browser.click("[aria-label$='1点分減らす']")
            browser.click("[data-means=cash]")
            browser.click_text("申請の取下げ")
            browser.wait_for_text("¥600 の還付を受け付ける")
            self.picture(browser, "refund-asked")
            self.assert_sound(browser)
            browser.click_text("¥600 の還付を受け付ける")
            browser.click_text("現金で返す")
            browser.wait_for(".approval-who")
            for digit in "2222":
                browser.press(digit)
            self.picture(browser, "refund-approval")
            browser.press("Enter")
            browser.wait_for_text("現金 ¥600 をお客様に返してください")
            browser.wait_for_text("返金済み")
            self.picture(browser, "refund-paid")
            self.assert_sound(browser)
        refund = self.till.sale(sale["sale"])["refund"]
        self.assertEqual([(r["amount_yen"], r["state"]) for r in refund["requests"]], [(600, "paid")])
        self.assertTrue(self.till.get("/api/simulated")["drawer"]["is_open"])

    def test_a_card_in_doubt_is_listed_with_what_to_say_while_the_next_citizen_is_served(self):
        self.city.script("in_doubt", channel="terminal", times=1)
        self.till.start_payment("emoney", "waon", "juminhyo")
        self.till.payment_ended()
        with Browser(size=(1024, 768)) as browser:
            self.open_till(browser)
            browser.wait_for_text("同じカードをもう一度")
            self.picture(browser, "in-doubt")
            browser.press("F8")
            browser.wait_for_text("未確認 1件")
            self.picture(browser, "next-citizen")
            browser.press("F4")
            browser.wait_for_text("お客様へ")
            self.picture(browser, "attention")
            self.assert_sound(browser)
            self.city.touch_cards()
            browser.wait_for_text("ありません", ".attention", timeout_s=20)
        self.till.all_resolved()


if __name__ == "__main__":
    unittest.main()
