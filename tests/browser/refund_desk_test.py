"""還付 at the screen: a sale is given back by its line, another person approves, the payee and the bank's file follow, the list says so."""
import datetime
import json
import os
import pathlib
import shutil
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent / "integration")]

import finance_service  # noqa: E402
from browser import Browser  # noqa: E402
from finance_service import PASSWORD, FinanceService  # noqa: E402
from settlement_desk_refund_test import ACCOUNT, PAYEE  # noqa: E402

BUILD = pathlib.Path(os.environ.get("MADOGUCHI_BUILD", "build/asan")).resolve()
PICTURES = pathlib.Path(os.environ.setdefault("MADOGUCHI_BROWSER_EVIDENCE", str(BUILD / "pictures")))


class RefundDesk(unittest.TestCase):
    def setUp(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="refund-desk-"))
        self.addCleanup(shutil.rmtree, folder, True)
        masters = folder / "masters.json"
        masters.write_text(json.dumps({**json.loads(finance_service.MASTERS.read_text()), "transfer_accounts": [ACCOUNT]}, ensure_ascii=False))
        self.service = FinanceService(BUILD, folder, BUILD / "share" / "finance")
        self.service.masters = masters
        self.service.users = finance_service.USERS[:2]
        self.service.__enter__()
        self.addCleanup(self.service.__exit__)
        day = finance_service.today() - datetime.timedelta(days=5)
        till = self.service.add_till("KO-01", date=day)
        till.open_day()
        self.sale = till.sell_for_cash(("juminhyo", 2), ("koseki", 1))
        self.service.wait_for_ledger(till)

    def sign_in(self, browser, login):
        browser.open(self.service.url)
        browser.wait_for("#login").send_keys(login)
        browser.wait_for("#password").send_keys(PASSWORD)
        browser.press("Enter")
        browser.wait_for("[data-testid=nav-today]")

    def fits(self, browser):
        self.assertTrue(browser.run("return document.documentElement.scrollWidth <= innerWidth"), "the page is wider than its window")

    def test_a_refund_goes_from_the_sale_to_the_bank_by_two_people(self):
        with Browser(size=(1440, 1000)) as browser:
            self.sign_in(browser, "sato")
            browser.run(f"location.hash = '#sales?id={self.sale['sale']}'")
            browser.wait_for("[data-testid=refund-open]")
            browser.click("[data-testid=refund-open]")
            browser.click("[data-testid=refund-line] input[type=checkbox]")
            browser.wait_for_text("¥600", "[data-testid=refund-sum]")
            browser.wait_for("[data-testid=refund-reason]").send_keys("二重に請求した")
            browser.screenshot(PICTURES / "refund-request.png")
            self.fits(browser)
            browser.click("[data-testid=refund-send]")
            browser.wait_for_text("承認待ち", "[data-testid=refund-row]")
            browser.wait_for_text("起こした本人は承認できません", "[data-testid=refund-waits]")
            for key in ("bank", "branch", "account_number", "holder"):
                browser.wait_for(f"[data-testid=payee-{key}]").send_keys(PAYEE[key])
            browser.click("[data-testid=payee-send]")
            browser.screenshot(PICTURES / "refund-payee.png")
            self.fits(browser)
            self.assertEqual(browser.console_errors(ignore=("/api/me",)), [])
        with Browser(size=(1440, 1000)) as browser:
            self.sign_in(browser, "suzuki")
            browser.run("location.hash = '#refunds'")
            browser.wait_for("[data-testid=refund-row]").click()
            browser.click("[data-testid=refund-approve]")
            browser.wait_for_text("承認済み・未払い", "[data-testid=refund-row]")
            browser.screenshot(PICTURES / "refund-approved.png")
        with Browser(size=(1440, 1000)) as browser:
            self.sign_in(browser, "sato")
            browser.run("location.hash = '#refunds?view=transfers'")
            browser.click("[data-testid=transfer-make]")
            browser.wait_for_text("振込待ち", "[data-testid=transfer-row]")
            self.assertEqual(browser.all("[data-testid=transfer-done]"), [], "who made the file is not asked whether it was paid")
            self.fits(browser)
        with Browser(size=(1440, 1000)) as browser:
            self.sign_in(browser, "suzuki")
            browser.run("location.hash = '#refunds?view=transfers&id=1'")
            browser.wait_for("[data-testid=transfer-done]")
            browser.screenshot(PICTURES / "refund-transfer.png")
            browser.click("[data-testid=transfer-done]")
            browser.wait_for_text("振込済み", "[data-testid=transfer-row]")
            self.fits(browser)
            self.assertEqual(browser.console_errors(ignore=("/api/me",)), [])
        row = self.service.sign_in("sato").get("/api/refunds?state=paid")["rows"][0]
        self.assertEqual((row["amount_yen"], row["ended_approved_by"], row["means_name"]), (600, "suzuki", "口座振込"))


if __name__ == "__main__":
    unittest.main()
