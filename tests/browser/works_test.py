"""Long work in a real browser: an import that was cut off waits, is resumed, shows how far it is, is cancelled, and resumed again. Pictures
go to MADOGUCHI_BROWSER_EVIDENCE."""
import os
import pathlib
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent / "integration")]

from browser import Browser, Timeout  # noqa: E402
from finance_service import PASSWORD  # noqa: E402
from settlement_work_test import BUILD, LINES, City, what_is_left  # noqa: E402

PICTURES = pathlib.Path(os.environ.setdefault("MADOGUCHI_BROWSER_EVIDENCE", str(BUILD / "pictures")))


class Works(unittest.TestCase):
    def setUp(self):
        self.city = City(people=("sato", "kansa"), screens=BUILD / "share" / "finance")
        self.addCleanup(self.city.__exit__)
        self.city.start()

    def sign_in(self, browser, login="sato"):
        browser.open(self.city.url)
        browser.wait_for("#login").send_keys(login)
        browser.wait_for("#password").send_keys(PASSWORD)
        browser.press("Enter")
        browser.wait_for("[data-testid=nav-imports]")
        browser.click("[data-testid=nav-imports]")

    def picture(self, browser, name):
        PICTURES.mkdir(parents=True, exist_ok=True)
        browser.screenshot(PICTURES / f"works-{name}.png")

    def cancel_while_it_waits_for_the_store(self, browser):
        """Whether it was: the service gives up a store that is held for ten seconds, and a slow machine may need longer."""
        holder = self.city.hold()
        browser.click("[data-testid=waiting-resume]")
        try:
            browser.wait_for("[data-testid=work]")
            self.picture(browser, "running")
            browser.click("[data-testid=work-cancel]")
            browser.wait_for_text("一行も入りません")
            self.picture(browser, "asked")
            browser.click("[data-testid=work-cancel-send]")
            browser.wait_for_text("中止しています")
        except Timeout:
            pass  # what is said below tells which
        holder.close()
        browser.wait_for(".works [role=alert]")
        return "取込を中止しました" in browser.text(".works [role=alert]")

    def test_an_import_that_was_cut_off_is_resumed_cancelled_and_resumed(self):
        self.city.leave_waiting()
        with Browser(size=(1024, 768)) as browser:
            self.sign_in(browser)
            browser.wait_for("[data-testid=waiting-file]")
            browser.wait_for_text("取込が途中で止まりました")
            self.picture(browser, "waiting")
            while not self.cancel_while_it_waits_for_the_store(browser):
                browser.wait_for("[data-testid=waiting-resume]:not([aria-disabled])")
            browser.wait_for("[data-testid=waiting-resume]:not([aria-disabled])")
            self.picture(browser, "cancelled")
            self.assertEqual(len(what_is_left(self.city.database)[2]), 0)

            browser.click("[data-testid=waiting-resume]")
            browser.wait_for_text("large.csv を取り込みました")
            browser.wait_for("[data-testid=import-row]")
            self.picture(browser, "taken")
            self.assertEqual(browser.all("[data-testid=waiting-file]"), [])
        self.assertEqual(len(what_is_left(self.city.database)[2]), LINES)

    def test_who_may_not_import_sees_it_and_can_do_nothing(self):
        self.city.leave_waiting()
        with Browser(size=(1280, 800)) as browser:
            self.sign_in(browser, "kansa")
            browser.wait_for("[data-testid=waiting-file]")
            self.assertEqual(browser.all("[data-testid=waiting-resume], [data-testid=waiting-discard]"), [])


if __name__ == "__main__":
    unittest.main()
