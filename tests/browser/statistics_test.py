"""統計 at the screen: a chart is walked by keyboard and says what its table says; a measured time is entered."""
import os
import pathlib
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent / "integration")]

import settlement_statistics_test as city  # noqa: E402
from browser import Browser  # noqa: E402
from finance_service import PASSWORD  # noqa: E402

BUILD = pathlib.Path(os.environ.get("MADOGUCHI_BUILD", "build/asan")).resolve()
PICTURES = pathlib.Path(os.environ.setdefault("MADOGUCHI_BROWSER_EVIDENCE", str(BUILD / "pictures")))


class Statistics(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="statistics-")
        self.addCleanup(folder.cleanup)
        self.service, self.user = city.start(folder.name, BUILD / "share" / "finance")
        self.addCleanup(self.service.__exit__)

    def open(self, browser, view):
        browser.run(f"location.hash = '#statistics?year=2025&view={view}'")
        browser.wait_for(f"[data-testid=statistics-{view}]")

    def fits(self, browser):
        self.assertTrue(browser.run("return document.documentElement.scrollWidth <= innerWidth"), "the page is wider than its window")

    def test_charts_are_read_by_keyboard_and_say_what_the_tables_say(self):
        with Browser(size=(1280, 800)) as browser:
            browser.open(self.service.url)
            browser.wait_for("#login").send_keys("sato")
            browser.wait_for("#password").send_keys(PASSWORD)
            browser.press("Enter")
            browser.wait_for("[data-testid=nav-today]")
            self.open(browser, "cashless")
            browser.run("document.querySelector('[data-testid=chart-months] .chart-body').focus()")
            for _ in range(14):  # it ends at the last one
                browser.press("ArrowRight")
            browser.wait_for_text("3月: ", "[data-testid=chart-months] .chart-said")
            for _ in range(4):
                browser.press("ArrowLeft")
            browser.wait_for_text("11月: 現金 ¥1,000、コード決済 ¥1,550", "[data-testid=chart-months] .chart-said")
            self.assertIn("金額 60.8%、件数 75.0%", browser.text("[data-testid=chart-months] .chart-said"))
            row = browser.run("return [...document.querySelectorAll('.statistics-table tr')].find((row) => row.textContent.startsWith('11月')).textContent")
            for words in ("4件", "3件", "75.0%", "¥2,550", "¥1,550", "60.8%"):
                self.assertIn(words, row)
            self.assertIn("0円の発行は件数に含めず", browser.text("[data-testid=definitions]"))
            self.fits(browser)
            browser.screenshot(PICTURES / "statistics-cashless.png")

            for view, words in (("certificates", "350.0%"), ("facilities", "利用料金 みほん管理株式会社"), ("hours", "木"), ("deposits", "中央値")):
                self.open(browser, view)
                browser.wait_for_text(words, f"[data-testid=statistics-{view}]")
                self.fits(browser)

            self.open(browser, "savings")
            for name, text in (("work", "調定票の作成"), ("before", "15"), ("after", "1"), ("cases", "1,200"), ("basis", "10件の平均")):
                browser.wait_for(f"[data-testid=saving-{name}]").send_keys(text)
            browser.click("[data-testid=saving-send]")
            browser.wait_for_text("280時間0分", "[data-testid=saving-row]")
            self.assertEqual(self.user.get("/api/statistics/savings?fiscal_year=2025")["saved_seconds"], 1008000)
            self.assertEqual(browser.console_errors(ignore=("/api/me",)), [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
