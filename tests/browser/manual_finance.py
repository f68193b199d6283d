"""The pictures of the finance manual, taken from the real service with the journal of a paper till."""
import datetime
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
sys.path.insert(0, str(HERE.parent / "integration"))

from browser import Browser  # noqa: E402
from finance_service import PASSWORD, FinanceService, bank_record, statement, today  # noqa: E402

SIZE = (1280, 800)
DAY = today() - datetime.timedelta(days=10)
PAY_ON = today() - datetime.timedelta(days=3)


class FinancePhotographer:
    """A day with one of each: agreed, garbled, missing, of another amount, and its deposit at the bank."""

    def __init__(self, build, out, folder):
        self.out = pathlib.Path(out)
        self.taken = []
        self.service = FinanceService(build, folder, pathlib.Path(build) / "share" / "finance")

    def run(self):
        with self.service:
            self.sell()
            self.user = self.service.sign_in("sato")
            self.take_in()
            with Browser(size=SIZE) as browser:
                self.sign_in(browser)
                for scene in (self.morning, self.imports, self.replacement, self.partners, self.bulk, self.payouts, self.assessments,
                              self.collection, self.statistics, self.refund, self.closing):
                    scene(browser)
        return self.taken

    def sell(self):
        till = self.service.add_till("KO-01", date=DAY)
        till.open_day()
        self.cash = till.sell_for_cash(("koseki", 1), ("joseki", 4))
        self.sales = [till.sell("paypay", ("juminhyo", count)) for count in (1, 2, 3, 4, 5)]
        self.service.wait_for_ledger(till)

    def take_in(self):
        rows = [(sale["payment"], f"Q{number}", sale["total_yen"]) for number, sale in enumerate(self.sales[:3])]
        rows.append((self.sales[3]["payment"], "Q3", self.sales[3]["total_yen"] - 10))
        rows.append(("0000-garbled", "Q4", self.sales[4]["total_yen"]))
        self.user.post("/api/imports?layout=aggregator-daily&file=meisai-1121.csv", statement(rows, DAY, PAY_ON),
                       "application/octet-stream")
        self.user.post("/api/imports?layout=zengin-03&file=ginko-1121.txt", bank_record([(1000, "ｶ)ﾐﾎﾝﾍﾟｲ", "P1")], PAY_ON),
                       "application/octet-stream")
        self.user.post("/api/assessments/draft", {})

    def sign_in(self, browser):
        browser.open(self.service.url + "/")
        browser.wait_for("#login")
        browser.click("#login")
        browser.type("sato")
        browser.click("#password")
        browser.type(PASSWORD)
        browser.press("Enter")
        browser.wait_for("[data-testid=nav-today]")

    def go(self, browser, page, *texts):
        browser.run("location.hash = arguments[0]", "#" + page)
        for text in texts:
            browser.wait_for_text(text)
        browser.wait_drawn()

    def take(self, browser, name):
        browser.screenshot(self.out / f"{name}.png")
        self.taken.append(name)

    def about(self, sale):
        return next(row for row in self.user.get("/api/discrepancies")["rows"] if row["payment"] == sale["payment"])

    def morning(self, browser):
        self.go(browser, f"today?date={DAY}", "照合", "調定")
        self.take(browser, "finance-today")

    def imports(self, browser):
        self.go(browser, "imports", "meisai-1121.csv")
        self.take(browser, "finance-imports")

    def replacement(self, browser):
        rows = [(sale["payment"], f"Q{number}", sale["total_yen"]) for number, sale in enumerate(self.sales)]
        file = self.service.folder / "meisai-1121-teisei.csv"
        file.write_bytes(statement(rows, DAY, PAY_ON))
        browser.wait_for("#import-file:not(:disabled)").send_keys(str(file))
        browser.wait_for("[data-testid=compare]")
        browser.click("[data-testid=compare]")
        browser.wait_for("[data-testid=difference]")
        browser.wait_drawn()
        self.take(browser, "finance-replacement")

    def partners(self, browser):
        self.go(browser, f"discrepancies?id={self.about(self.sales[4])['id']}", "相手の候補", "金額が同じ")
        self.take(browser, "finance-partners")

    def bulk(self, browser):
        browser.press("x")
        browser.press("j")
        browser.press("x")
        browser.wait_for_text("まとめて処置する")
        browser.wait_drawn()
        self.take(browser, "finance-bulk")

    def payouts(self, browser):
        self.go(browser, "payouts", "P1")
        self.take(browser, "finance-payouts")

    def assessments(self, browser):
        self.go(browser, "assessments", "行に印をつけると")
        self.take(browser, "finance-assessments")

    def collection(self, browser):
        rows = self.user.get("/api/assessments?state=draft")["rows"]
        for user, what in ((self.user, "propose"), (self.service.sign_in("suzuki"), "approve")):
            chosen = [{"id": row["id"], "version": row["version"]} for row in rows]
            rows = user.post(f"/api/assessments/{what}", {"assessments": chosen})["rows"]
        self.go(browser, "collection", "収入未済の内訳", "合計")
        self.take(browser, "finance-collection")

    def statistics(self, browser):
        year = DAY.year if DAY.month >= 4 else DAY.year - 1
        self.go(browser, f"statistics?year={year}", "キャッシュレス比率（件数）", "月別の金額")
        self.take(browser, "finance-statistics")

    def refund(self, browser):
        self.go(browser, f"sales?date={DAY}&id={self.cash['sale']}", "還付を起こす")
        browser.click("[data-testid=refund-open]")
        browser.click("[data-testid=refund-line] input[type=checkbox]")
        browser.wait_for("[data-testid=refund-reason]").send_keys("重ねて請求した")
        browser.wait_drawn()
        self.take(browser, "finance-refund")

    def closing(self, browser):
        year = DAY.year if DAY.month >= 4 else DAY.year - 1
        self.go(browser, f"closing?fiscal_year={year}", "確認すること", "判断していない要確認")
        self.take(browser, "finance-closing")
