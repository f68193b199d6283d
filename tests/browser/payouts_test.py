"""Two companies use one payout id: the list has both, each opens its own, and so do the links that lead there."""
import datetime
import json
import os
import pathlib
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent / "integration")]

import finance_service  # noqa: E402
from browser import Browser  # noqa: E402
from finance_service import PASSWORD, FinanceService, bank_record, statement, today  # noqa: E402

BUILD = pathlib.Path(os.environ.get("MADOGUCHI_BUILD", "build/asan")).resolve()
PICTURES = pathlib.Path(os.environ.setdefault("MADOGUCHI_BROWSER_EVIDENCE", str(BUILD / "pictures")))
LAYOUT = HERE.parents[1] / "settlement" / "statements" / "layouts" / "aggregator-daily.json"
DAY = today() - datetime.timedelta(days=10)
COMPANIES = {"AGG": ("みほん決済株式会社", 600), "CARD": ("みほんカード株式会社", 900)}


class Payouts(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="payouts-")
        self.addCleanup(folder.cleanup)
        masters = json.loads(finance_service.MASTERS.read_text())
        for trustee in masters["trustees"]:
            trustee["layout"] = {"AGG": "aggregator-daily", "CARD": "card-daily"}[trustee["code"]]
        self.service = FinanceService(BUILD, folder.name, BUILD / "share" / "finance")
        self.service.masters = self.service.folder / "masters.json"
        self.service.masters.write_text(json.dumps(masters, ensure_ascii=False))
        self.service.__enter__()
        self.addCleanup(self.service.__exit__)
        user = self.service.sign_in("sato")
        layout = {**json.loads(LAYOUT.read_text()), "layout": "card-daily"}
        self.service.put_to_use(layout, statement([("sample", "S", 1)], DAY, DAY), "二社目の明細")
        for code, name in (("AGG", "aggregator-daily"), ("CARD", "card-daily")):
            content = statement([(f"payment-{code}", f"Q-{code}", COMPANIES[code][1])], DAY, DAY)
            user.post(f"/api/imports?layout={name}&file={name}.csv", content, "application/octet-stream")
        user.post("/api/imports?layout=zengin-03&file=bank.txt", bank_record([(5000, "ﾀﾅｶ ﾀﾛｳ", "")], DAY),
                  "application/octet-stream")
        self.user = user

    def wait_for_detail(self, browser, code):
        name, yen = COMPANIES[code]
        browser.wait(lambda: browser.run("return document.querySelector('.detail-line span')?.textContent") == name, f"the payout of {code}")
        self.assertIn(f"{yen}", browser.text(".detail-amount"))
        self.assertIn(f"payment-{code}", browser.text("[data-testid=evidence]"))

    def test_each_of_two_payouts_of_one_id_opens_its_own(self):
        with Browser(size=(1280, 800)) as browser:
            browser.open(self.service.url)
            browser.wait_for("#login").send_keys("sato")
            browser.wait_for("#password").send_keys(PASSWORD)
            browser.press("Enter")
            browser.wait_for("[data-testid=nav-today]")
            browser.run("location.hash = '#payouts'")
            browser.wait(lambda: len(browser.all("[data-testid=payout-row]")) == 2, "both payouts")
            ids = {row.get_attribute("data-id") for row in browser.all("[data-testid=payout-row]")}
            self.assertEqual(ids, {"AGG:P1", "CARD:P1"})
            for code in ("AGG", "CARD"):
                browser.click(f'[data-testid=payout-row][data-id="{code}:P1"]')
                self.wait_for_detail(browser, code)
                self.assertEqual(len(browser.all('tr[aria-selected="true"]')), 1)
            browser.wait_drawn()
            PICTURES.mkdir(parents=True, exist_ok=True)
            browser.screenshot(PICTURES / "payouts-one-id.png")

            short = [row for row in self.user.get("/api/discrepancies")["rows"] if row["class"] == "deposit_short"]
            self.assertEqual(sorted(row["payout_trustee"] for row in short), ["AGG", "CARD"])
            for row in short:
                browser.run("location.hash = arguments[0]", f"#discrepancies?id={row['id']}")
                browser.wait_for_text(row["summary"], ".guidance")
                browser.click('.detail-line a[href^="#payouts?"]')
                self.wait_for_detail(browser, row["payout_trustee"])
            # A bookmark from before names no company: it is not answered with somebody's.
            browser.run("location.hash = '#payouts?id=P1'")
            browser.wait_for_text("複数の決済会社にあります")

    def test_a_person_says_which_payouts_a_credit_pays_and_takes_it_back(self):
        self.user.post("/api/imports?layout=zengin-03&file=bank-2.txt", bank_record([(700, "ｶ)ﾐﾎﾝｹﾂｻｲ", "")], DAY),
                       "application/octet-stream")
        credit = next(row for row in self.user.get("/api/discrepancies")["rows"] if row["class"] == "deposit_over")
        with Browser(size=(1280, 800)) as browser:
            browser.open(self.service.url)
            browser.wait_for("#login").send_keys("sato")
            browser.wait_for("#password").send_keys(PASSWORD)
            browser.press("Enter")
            browser.wait_for("[data-testid=nav-today]")
            browser.run("location.hash = arguments[0]", f"#discrepancies?id={credit['id']}")
            browser.wait_for("[data-testid=spread]")
            browser.click("[data-testid=spread]")
            browser.wait_for("[data-testid='spread-AGG:P1']").send_keys("６００")
            browser.wait_for("[data-testid='spread-CARD:P1']").send_keys("99")
            browser.wait(lambda: browser.text("[data-testid=spread-rest]") == "¥1", "what is left")
            browser.wait_for("[data-testid=spread-reason]").send_keys("振込通知書で確認")
            self.assertEqual(browser.wait_for("[data-testid=spread-send]").get_attribute("aria-disabled"), "true")
            browser.wait_for("[data-testid='spread-CARD:P1']").send_keys("\b\b100")
            browser.wait(lambda: browser.wait_for("[data-testid=spread-send]").get_attribute("aria-disabled") != "true", "the sum to be right")
            browser.wait_drawn()
            browser.screenshot(PICTURES / "payouts-spread.png")
            browser.click("[data-testid=spread-send]")
            browser.wait_for_text("入金を割り当てました")
            browser.run("location.hash = arguments[0]", "#payouts?id=AGG:P1")
            browser.wait_for_text("人が割り当てた入金")
            browser.click("[data-testid=spread-undo]")
            browser.wait_for("[data-testid=spread-undo-reason]").send_keys("会社を取り違えた")
            browser.wait(lambda: browser.wait_for("[data-testid=spread-undo-send]").get_attribute("aria-disabled") != "true", "the reason to be read")
            browser.wait_drawn()
            browser.screenshot(PICTURES / "payouts-spread-undo.png")
            browser.click("[data-testid=spread-undo-send]")
            browser.wait(lambda: browser.all("[data-testid=spreads]") == [], "the decision to be gone")
            self.assertEqual(browser.console_errors(("401",)), [])
        self.assertEqual([row["credited_yen"] for row in self.user.get("/api/payouts")["rows"]], [0, 0])


if __name__ == "__main__":
    unittest.main()
