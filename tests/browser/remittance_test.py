"""現金・払込 at the screen: closes are marked by keyboard, the slip is made of them, another person confirms, the list says so."""
import os
import pathlib
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent / "integration")]

import settlement_cash_test as city  # noqa: E402
from browser import Browser  # noqa: E402
from finance_service import PASSWORD  # noqa: E402

BUILD = pathlib.Path(os.environ.get("MADOGUCHI_BUILD", "build/asan")).resolve()
PICTURES = pathlib.Path(os.environ.setdefault("MADOGUCHI_BROWSER_EVIDENCE", str(BUILD / "pictures")))


class Remittances(city.CashOffice, unittest.TestCase):
    def sign_in(self, browser, login):
        browser.open(self.service.url)
        browser.wait_for("#login").send_keys(login)
        browser.wait_for("#password").send_keys(PASSWORD)
        browser.press("Enter")
        browser.wait_for("[data-testid=nav-today]")

    def fits(self, browser):
        self.assertTrue(browser.run("return document.documentElement.scrollWidth <= innerWidth"), "the page is wider than its window")

    def test_cash_is_prepared_by_one_and_confirmed_by_another(self):
        self.begin(BUILD / "share" / "finance")
        self.take(self.till("KO-11"), 3000)
        self.take(self.till("KO-12"), 2500, off=-10, reason="釣り違い")
        self.take(self.till("KO-13", "museum-1"), 400, day=city.today())
        with Browser(size=(1280, 800)) as browser:
            self.sign_in(browser, "sato")
            browser.wait_for_text("市民課（限度額超え）", "[data-testid=late-cash]")
            browser.run("location.hash = '#cash'")
            browser.wait_for_text("釣り違い", "[data-testid=cash-held]")
            self.assertIn("限度額 5,000円を超過", browser.text("[data-testid=cash-offices]"))
            self.fits(browser)
            browser.press("x")
            browser.press("j")
            browser.press("x")
            browser.wait_for_text("¥5,490", "[data-testid=prepare-sum]")
            browser.wait_for("[data-testid=prepare-bank]").send_keys(city.BANK)
            browser.screenshot(PICTURES / "cash-held.png")
            browser.click("[data-testid=prepare-send]")
            browser.wait_for_text("領収待ち", "[data-testid=remittance-row]")
            browser.wait_for_text("過不足があります", "[data-testid=cash-remittances]")
            self.assertEqual(browser.all("[data-testid=confirm-send]"), [], "who has no right to confirm is not asked")
            self.fits(browser)
            self.assertEqual(browser.console_errors(ignore=("/api/me",)), [])
        with Browser(size=(1280, 800)) as browser:
            self.sign_in(browser, "suzuki")
            browser.run("location.hash = '#cash?view=remittances'")
            browser.wait_for("[data-testid=confirm-receipt]").send_keys("領収 17号")
            browser.press("Enter")
            browser.wait_for_text("銀行の記録待ち", "[data-testid=remittance-row]")
            row = self.sato.get("/api/remittances")["rows"][0]
            self.assertEqual((row["amount_yen"], row["confirmed_by"]["login"], row["receipt"]), (5490, "suzuki", "領収 17号"))
            browser.screenshot(PICTURES / "cash-remittance.png")
            browser.run("location.hash = '#cash?view=books'")
            browser.wait_for("[data-testid=book-float]")
            self.fits(browser)
            browser.screenshot(PICTURES / "cash-books.png")
            self.assertEqual(browser.console_errors(ignore=("/api/me",)), [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
