"""A corrected file in a real browser: the service asks whether it replaces the one of these days, shows what changes, and a second person
agrees. Pictures go to MADOGUCHI_BROWSER_EVIDENCE."""
import datetime
import os
import pathlib
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent / "integration")]

from browser import Browser  # noqa: E402
from finance_service import PASSWORD, FinanceService, statement, today  # noqa: E402

BUILD = pathlib.Path(os.environ.get("MADOGUCHI_BUILD", "build/asan")).resolve()
PICTURES = pathlib.Path(os.environ.setdefault("MADOGUCHI_BROWSER_EVIDENCE", str(BUILD / "pictures")))
DAY = today() - datetime.timedelta(days=10)
PAY_ON = today() - datetime.timedelta(days=3)


class ReplacementPages(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="replacement-")
        self.addCleanup(folder.cleanup)
        self.service = FinanceService(BUILD, folder.name, screens=BUILD / "share" / "finance")
        self.service.__enter__()
        self.addCleanup(self.service.__exit__)

    def sign_in(self, browser, login):
        browser.open(self.service.url)
        browser.wait_for("#login").send_keys(login)
        browser.wait_for("#password").send_keys(PASSWORD)
        browser.press("Enter")
        browser.wait_for("[data-testid=nav-imports]")
        browser.click("[data-testid=nav-imports]")

    def picture(self, browser, name):
        PICTURES.mkdir(parents=True, exist_ok=True)
        browser.screenshot(PICTURES / f"replacement-{name}.png")

    def test_a_corrected_file_is_compared_proposed_and_confirmed(self):
        user = self.service.sign_in("sato")
        rows = [(f"payment-{number}", f"Q{number}", 300 * number) for number in (1, 2, 3)]
        user.post("/api/imports?layout=aggregator-daily&file=meisai-1121.csv", statement(rows, DAY, PAY_ON),
                  "application/octet-stream")
        corrected = self.service.folder / "meisai-1121-teisei.csv"
        corrected.write_bytes(statement([rows[0], ("payment-2", "Q2", 610), ("payment-4", "Q4", 450)], DAY, PAY_ON))
        with Browser(size=(1280, 800)) as browser:
            self.sign_in(browser, "sato")
            browser.wait_for("#import-file:not(:disabled)").send_keys(str(corrected))
            browser.wait_for("[data-testid=same-period]")
            browser.wait_for_text("同じ期間のファイルが取り込まれています")
            self.assertEqual(browser.all("[data-testid=take-in]"), [])
            self.picture(browser, "asked")

            browser.click("[data-testid=compare]")
            browser.wait_for("[data-testid=difference]")
            kinds = [row.get_attribute("data-kind") for row in browser.all("[data-testid=difference-row]")]
            self.assertEqual(sorted(kinds), ["added", "changed", "gone"])
            self.assertEqual(len(user.get("/api/imports")["rows"]), 1)
            self.picture(browser, "compared")
            browser.wait_for("[data-testid=supersede-reason]").send_keys("決済会社から訂正の連絡")
            browser.click("[data-testid=supersede]")
            browser.wait_for_text("差し替えを提案しました")
            waiting, = user.get("/api/replacements")["rows"]
            self.assertEqual(waiting["state"], "proposed")
        with Browser(size=(1024, 768)) as browser:
            self.sign_in(browser, "suzuki")
            browser.wait_for("[data-testid=replacement-waiting] [data-testid=difference]")
            self.picture(browser, "second-person")
            browser.wait_for("[data-testid=replacement-reason]").send_keys("連絡の写しと一致")
            browser.click("[data-testid=replacement-confirm]")
            browser.wait_for("[data-testid=replacement-past]")
            browser.wait_for_text("差替え済み")
            self.picture(browser, "done")
            listed = {row["id"]: row["counts"] for row in user.get("/api/imports")["rows"]}
            self.assertEqual(listed, {waiting["earlier"]: False, waiting["later"]: True})


if __name__ == "__main__":
    unittest.main()
