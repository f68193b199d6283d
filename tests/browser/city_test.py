"""A day in a real browser: a clerk sells by keyboard and by touch, finance approves the 調定. Real programs throughout.

Pictures of each situation go to MADOGUCHI_BROWSER_EVIDENCE (default: pictures/ beside the build), for people to look at.
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

BUILD = pathlib.Path(os.environ.get("MADOGUCHI_BUILD", "build/asan")).resolve()
PICTURES = pathlib.Path(os.environ.setdefault("MADOGUCHI_BROWSER_EVIDENCE", str(BUILD / "pictures")))
TARGET_PX = 44
PASSWORDS = {"sato": "kaikei-2026-test", "suzuki": "shonin-2026-test"}


class CityDay(unittest.TestCase):
    """The tests run in order of their names and share one city: what the clerk sells in the first, finance assesses in the last."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="browser-")
        cls.addClassCleanup(shutil.rmtree, cls.folder, True)
        cls.city = City(BUILD, cls.folder, payment_timeout_ms=4000)
        cls.addClassCleanup(cls.city.__exit__)
        cls.city.start()
        cls.city.add_user("sato", "佐藤 花子", "finance", PASSWORDS["sato"])
        cls.city.add_user("suzuki", "鈴木 一郎", "approver", PASSWORDS["suzuki"])
        cls.till = cls.city.add_till("KO-01", "shimin-1")
        PICTURES.mkdir(parents=True, exist_ok=True)

    def picture(self, browser, name):
        browser.screenshot(PICTURES / f"{name}.png")

    def assert_sound(self, browser, ignore=("409", "403", "401")):
        self.assertEqual(browser.console_errors(ignore), [])

    def assert_touchable(self, browser):
        small = [t for t in browser.targets() if t["width"] < TARGET_PX or t["height"] < TARGET_PX]
        self.assertEqual(small, [])

    def open_till(self, browser):
        browser.open(self.till.url + "/")
        if self.till.state()["clerk"] is None:
            browser.wait_for_text("佐藤")
            self.picture(browser, "till-sign-in")
            browser.click_text("佐藤")
            browser.type("1111")
            browser.press("Enter")
        if self.till.state()["day"]["state"] != "open":
            browser.wait_for_text("つり銭")
            self.picture(browser, "till-day-opening")
            self.till.post("/api/day/open", float_yen=20000)
        browser.wait_for("[data-item=juminhyo]")

    def test_1_a_clerk_sells_for_cash_by_keyboard_alone(self):
        with Browser(size=(1280, 800)) as browser:
            self.open_till(browser)
            browser.press("2", "3", "3", "3", "4")  # 戸籍1 改製原3 除籍1
            browser.wait_for_text("3,450")
            self.picture(browser, "till-basket")
            self.assert_touchable(browser)
            browser.press("F9")
            browser.wait_for_text("お預かり")
            for digit in "5000":
                browser.press(digit)
            browser.press("Enter")
            browser.wait_for_text("1,550")
            self.till.all_printed()
            browser.wait_for_text("印刷済み")
            self.picture(browser, "till-paid-cash")
            self.assert_sound(browser)
        last = self.till.state()["last_sale"]
        self.assertEqual((last["total_yen"], last["tendered_yen"], last["change_yen"]), (3450, 5000, 1550))

    def test_2_a_clerk_takes_a_code_by_touch(self):
        with Browser(size=(1024, 768)) as browser:
            self.open_till(browser)
            browser.press("Enter")  # from the paid view to the next citizen
            browser.click("[data-item=juminhyo]")
            browser.wait_for_text("¥300")
            browser.click_text("コード決済", "button.pay-key")
            browser.click_text("コードを読み取る")
            browser.wait_for_text("スマートフォン")
            self.picture(browser, "till-waiting-code")
            self.assert_touchable(browser)
            self.till.post("/api/simulated/scanner", code="900081810000000000000017")
            browser.wait_for_text("お支払い済み")
            self.picture(browser, "till-paid-qr")
            self.assert_sound(browser)
        self.assertEqual(self.till.sales()[0]["method"], "qr")

    def test_3_an_unknown_result_says_not_to_charge_again(self):
        self.city.script("timeout_after", channel="qr", times=1)
        with Browser(size=(1280, 800), dark=True) as browser:
            self.open_till(browser)
            browser.press("Enter")
            self.till.start_payment("qr", "paypay", "inkan")
            from harness.process import wait_until
            wait_until("the charge", lambda: [r for r in self.city.book() if r["amount"] == 300 and r["state"] == "charged"])
            self.city.set_payment_network(False)
            try:
                browser.wait_for_text("もう一度請求しないでください", timeout_s=20)
                self.picture(browser, "till-unknown-dark")
                self.till.post("/api/pay/set-aside")
                browser.wait_for_text("結果未確認 1件")
            finally:
                self.city.set_payment_network(True)
            self.till.all_resolved()
            browser.wait_for_text("結果未確認 0件")
            self.assert_sound(browser)

    def test_4_paper_out_and_offline_are_seen_and_block_nothing(self):
        self.till.post("/api/simulated/printer", paper="end")
        self.city.set_uplink(False)
        with Browser(size=(1024, 768)) as browser:
            self.open_till(browser)
            self.till.sell_for_cash("kazei")
            self.till.all_printed()
            browser.wait_for_text("用紙")
            self.picture(browser, "till-paper-out-offline")
        self.till.post("/api/simulated/printer", paper="ok")
        self.city.set_uplink(True)
        self.till.all_sent()

    def test_5_finance_proposes_and_another_person_approves(self):
        counted = self.till.post("/api/day/count", counted_cash_yen=0)["expected_cash_yen"]
        self.till.post("/api/day/close", counted_cash_yen=counted, difference_reason=None)
        self.till.all_sent()
        files = pathlib.Path(self.folder) / "files"
        self.city.statements(self.city.today(), files)
        self.city.run("import", "--layout", "aggregator-daily", "--file", next(files.glob("statement-*.csv")))
        self.city.run("assess", "--date", str(self.city.today()))
        sold = sum(s["total_yen"] for s in self.till.sales() if s["state"] == "sold")
        with Browser(size=(1280, 800)) as browser:
            self.sign_in(browser, "sato")
            self.picture(browser, "finance-today")
            self.choose_all(browser, "propose")
            self.picture(browser, "finance-proposed")
            self.assert_sound(browser)
        with Browser(size=(1280, 800)) as browser:
            self.sign_in(browser, "suzuki")
            self.choose_all(browser, "approve")
            self.picture(browser, "finance-approved")
            self.assert_sound(browser)
        approved = self.city.sign_in("suzuki", PASSWORDS["suzuki"]).get("/api/assessments?state=approved&limit=500")["rows"]
        self.assertEqual(sum(row["amount_yen"] for row in approved), sold)
        self.assertEqual(sorted(row["serial"] for row in approved), list(range(1, len(approved) + 1)))

    def sign_in(self, browser, login):
        browser.open(self.city.url + "/")
        browser.click("#login")
        browser.type(login)
        browser.click("#password")
        browser.type(PASSWORDS[login])
        browser.press("Enter")
        browser.wait_for("[data-testid=nav-today]")

    def choose_all(self, browser, action):
        """Mark every 調定 that ACTION applies to, and do it."""
        state = {"propose": "draft", "approve": "proposed"}[action]
        browser.open(f"{self.city.url}/#assessments?state={state}")
        browser.wait_for("[data-testid=assessment-row]")
        browser.click("input[aria-label='すべての行を選ぶ']")
        browser.click(f"[data-testid={action}]")
        browser.wait(lambda: not self.pending(state), f"the end of {action}")

    def pending(self, state):
        finance = self.city.sign_in("suzuki", PASSWORDS["suzuki"])
        return finance.get(f"/api/assessments?state={state}")["rows"]


if __name__ == "__main__":
    unittest.main()
