"""The finance system's own form in a real browser: a layout tried out and put to use by two people, a file made, an answer taken in,
and what was refused sent again. Pictures go to MADOGUCHI_BROWSER_EVIDENCE."""
import datetime
import os
import pathlib
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent / "integration")]

from browser import Browser  # noqa: E402
from finance_service import PASSWORD, FinanceService, today  # noqa: E402
from harness.process import ROOT  # noqa: E402

BUILD = pathlib.Path(os.environ.get("MADOGUCHI_BUILD", "build/asan")).resolve()
PICTURES = pathlib.Path(os.environ.setdefault("MADOGUCHI_BROWSER_EVIDENCE", str(BUILD / "pictures")))
SAMPLE = ROOT / "settlement" / "handover" / "samples" / "fixed-200.json"
EXPECTED = ("401", "400")  # answers that the page explains; to the console they are errors
DAY = today() - datetime.timedelta(days=20)


class HandoverPages(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="handover-")
        self.addCleanup(folder.cleanup)
        self.service = FinanceService(BUILD, folder.name, screens=BUILD / "share" / "finance")
        self.service.users = self.service.users[:2]
        self.service.__enter__()
        self.addCleanup(self.service.__exit__)
        user, approver = self.service.sign_in("sato"), self.service.sign_in("suzuki")
        till = self.service.add_till("KO-01", date=DAY)
        till.open_day()
        for brand in ("paypay", "suica", "visa"):
            till.sell(brand, ("juminhyo", 1), ("koseki", 2))
        till.sell_for_cash(("joseki", 3))
        self.service.wait_for_ledger(till)
        user.post("/api/assessments/draft", {})
        rows = user.get("/api/assessments?state=draft")["rows"]
        for who, what in ((user, "propose"), (approver, "approve")):
            rows = who.post(f"/api/assessments/{what}", {"assessments": [{"id": row["id"], "version": row["version"]} for row in rows]})["rows"]
        self.numbers = sorted(row["number"] for row in rows)
        self.export = user.post("/api/exports", {"ids": [row["id"] for row in rows]})["export"]

    def sign_in(self, browser, login, page):
        browser.open(self.service.url)
        browser.wait_for("#login").send_keys(login)
        browser.wait_for("#password").send_keys(PASSWORD)
        browser.press("Enter")
        browser.wait_for("[data-testid=nav-assessments]")
        browser.click("[data-testid=nav-assessments]")
        browser.click(f"[data-testid=page-{page}]")

    def picture(self, browser, name):
        PICTURES.mkdir(parents=True, exist_ok=True)
        browser.screenshot(PICTURES / f"handover-{name}.png")

    def answer(self, browser, *rows):
        path = self.service.folder / f"kekka-{len(rows)}.csv"
        path.write_bytes("\r\n".join(["番号,結果,理由", *rows]).encode("cp932"))
        browser.all("[data-testid=handover-answer]")[-1].send_keys(str(path))

    def test_a_layout_goes_into_use_a_file_goes_out_and_what_is_refused_goes_again(self):
        with Browser(size=(1280, 800)) as browser:
            self.sign_in(browser, "sato", "finance-layouts")
            browser.wait_for("[data-testid=finance-layout-file]").send_keys(str(SAMPLE))
            browser.wait(lambda: "CHOTEI" in browser.run("return document.querySelector('[data-testid=finance-layout-text]').value"), "the layout")
            browser.click("[data-testid=finance-layout-try]")
            browser.wait_for_text("で書いた最初の部分")
            self.picture(browser, "tried")
            browser.wait_for("[data-testid=finance-layout-why]").send_keys("仕様書 第1版 5章")
            browser.click("[data-testid=finance-layout-propose]")
            browser.wait_for_text("提案しました")
            browser.click("[data-testid=finance-layout-open]")
            browser.wait_for_text("自分が提案した書式です")
            self.assertEqual(browser.all("[data-testid=finance-layout-confirm]"), [])
            self.assertEqual(browser.console_errors(EXPECTED), [])
        with Browser(size=(1024, 768), dark=True) as browser:
            self.sign_in(browser, "suzuki", "finance-layouts")
            browser.click("[data-testid=finance-layout-open]")
            browser.wait_for("[data-testid=finance-layout-reason]").send_keys("仕様書と比べた")
            self.picture(browser, "second-person")
            browser.click("[data-testid=finance-layout-confirm]")
            browser.wait_for_text("使用中")
            self.assertEqual(browser.console_errors(EXPECTED), [])
        with Browser(size=(1280, 800)) as browser:
            self.sign_in(browser, "sato", "exports")
            browser.click("[data-testid=export-row]")
            browser.click("[data-testid=handover-make-fixed-200]")
            browser.wait_for("[data-testid=handover-file]")
            self.answer(browser, "1999-000001,0,")
            browser.wait_for_text("何も記録していません")
            self.answer(browser, f"{self.numbers[0]},99,歳入科目が登録されていません", *(f"{number},0," for number in self.numbers[1:]))
            browser.wait_for_text("拒否された調定が")
            self.assertIn("歳入科目が登録されていません", browser.text("[data-testid=handover-refused]"))
            browser.run("document.querySelector('[data-testid=handover]').scrollIntoView()")
            self.picture(browser, "refused")
            browser.click("[data-testid=handover-again-fixed-200]")
            browser.wait(lambda: len(browser.all("[data-testid=handover-file]")) == 2, "the second file")
            self.picture(browser, "again")
            self.assertEqual(browser.console_errors(EXPECTED), [])


if __name__ == "__main__":
    unittest.main()
