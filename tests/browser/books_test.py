"""The finance screens of a till that does all that a till can do, in a real browser: the sale with how its price came about, refunds,
the drawer's day, 収納日報 and 利用料金. The service is the real one; the till's lines are those of tests/integration."""
import os
import pathlib
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
sys.path.insert(0, str(HERE.parent / "integration"))

import finance_service  # noqa: E402
import settlement_whole_till_test as gym  # noqa: E402
from browser import Browser  # noqa: E402

BUILD = pathlib.Path(os.environ.get("MADOGUCHI_BUILD", "build/asan")).resolve()
PICTURES = pathlib.Path(os.environ.setdefault("MADOGUCHI_BROWSER_EVIDENCE", str(BUILD / "pictures")))


def setUpModule():
    gym.setUpModule(screens=BUILD / "share" / "finance")
    gym.user.post("/api/assessments/draft", {})
    PICTURES.mkdir(parents=True, exist_ok=True)


def tearDownModule():
    gym.tearDownModule()


class Books(unittest.TestCase):
    def look(self, page, *texts, name=None, **options):
        """Open PAGE as finance and wait for all TEXTS; then it must be sound, and its picture is kept."""
        with Browser(**options) as browser:
            browser.open(gym.service.url + "/")
            browser.wait_for("#login")
            browser.click("#login")
            browser.type("sato")
            browser.click("#password")
            browser.type(finance_service.PASSWORD)
            browser.press("Enter")
            browser.wait_for("[data-testid=nav-today]")
            browser.run("location.hash = arguments[0]", "#" + page)
            for text in texts:
                browser.wait_for_text(text)
            browser.wait_drawn()
            browser.screenshot(PICTURES / f"books-{name or page.split('?')[0]}.png")
            self.assertEqual(browser.console_errors(("401",)), [])
            return browser.text()

    def test_a_mixed_sale_shows_its_parts_and_its_refund(self):
        text = self.look(f"sales?id={gym.sales['mixed']['sale']}", "現金 ¥600 ＋ コード決済（paypay） ¥950", "Y-1234", "未払い")
        self.assertIn("うち現金 ¥150、ほか ¥950", text)

    def test_a_reduction_is_explained_row_by_row(self):
        text = self.look(f"sales?id={gym.sales['reduced']['sale']}", "1時間1,000円×2", name="sale-reduced")
        self.assertIn("決定 障がい福祉課", text)

    def test_a_price_put_in_place_tells_who_allowed_it(self):
        self.look(f"sales?id={gym.sales['overridden']['sale']}", "定価 ¥500 → ¥300（精算機の故障、承認 suzuki）", name="sale-overridden")

    def test_the_tills_record_of_a_sale_tells_the_clerk_by_name(self):
        text = self.look(f"sales?id={gym.sales['mixed']['sale']}", "レジの記録", "担当者", name="sale-clerk")
        self.assertIn("担当者\n佐藤", text)

    def test_the_refunds_that_wait_come_first(self):
        text = self.look("refunds", "未払い 1件 ¥950", "1行目 50円、2行目 900円")
        self.assertNotIn("取下げ\n", text.split("領収書番号")[1][:200])

    def test_a_day_shows_what_was_counted_and_what_is_paid_in(self):
        text = self.look(f"days?from={gym.DAY}&to={gym.DAY}", "釣銭の渡し間違い", "¥5,390", "引継ぎ")
        self.assertNotIn("レジ自身の記録と合いません", text)
        self.look(f"days?from={gym.DAY}&to={gym.DAY}", "¥5,390", name="days-small", size=(1024, 768), dark=True)

    def test_the_report_is_told_by_facility(self):
        text = self.look(f"receipts?from={gym.DAY}&to={gym.NEXT}", "東部体育館", "利用料金 みほん管理株式会社", "入場者数")
        self.assertIn("¥4,010", text)
        self.look(f"receipts?from={gym.DAY}&to={gym.NEXT}", "東部体育館", name="receipts-small", size=(1024, 768), dark=True)

    def test_the_operators_money_is_listed(self):
        self.look(f"operator-revenue?from={gym.DAY}", "みほん管理株式会社", "1件 ¥660")

    def test_the_morning_page_waits_for_the_refund(self):
        self.look("today", "支払いを待つ還付の申出が1件あります。")


if __name__ == "__main__":
    unittest.main(verbosity=2)
