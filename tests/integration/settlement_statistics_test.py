"""統計: one day's sales counted by every definition of docs/statistics.md, with figures computed by hand. Runs the program of
$MADOGUCHI_BUILD with a paper till. Days are fixed: statistics ask for a fiscal year, and not for today.
"""
import csv
import datetime
import io
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from finance_service import MASTERS, FinanceService, bank_record, statement  # noqa: E402
from gym_till import GymTill, line  # noqa: E402
from harness.http import Refused  # noqa: E402

BUILD = os.environ.get("MADOGUCHI_BUILD", "build/asan")
BEFORE = datetime.date(2024, 11, 20)
DAY = datetime.date(2025, 11, 20)  # a Thursday
REFUND_DAY = datetime.date(2025, 12, 1)
CREDITED = DAY + datetime.timedelta(days=2)
KANA = "ｶ)ﾐﾎﾝｹﾂｻｲ"
JUMINHYO = {"tax": "exempt", "account": "14020102", "section": "shimin", "item": "juminhyo"}
KOSEKI = {"tax": "exempt", "account": "14020101", "section": "shimin", "item": "koseki"}
FREE = {"rule": "official", "name": "公用", "reason": "戸籍事務"}


def load_masters(service):
    masters = json.loads(MASTERS.read_text())
    masters["terms"] = [{"code": "agg", "name": "みほん決済", "trustee": "AGG", "closing": "daily", "pay_after": 2,
                         "holiday": "none", "statement_days": 1, "deposit": "gross", "valid_from": "2020-01-01"}]
    masters["bank_holidays"] = []
    masters["facilities"] += [
        {"code": "gym", "name": "東部体育館", "section": "bijutsukan", "revenue": "usage_fee", "valid_from": "2020-04-01"},
        {"code": "arena", "name": "アイスアリーナ", "section": "bijutsukan", "revenue": "operator_fee",
         "operator": "みほん管理株式会社", "valid_from": "2020-04-01"}]
    service.masters = service.folder / "masters.json"
    service.masters.write_text(json.dumps(masters, ensure_ascii=False))


def sell(till):
    till.begin(date=BEFORE)
    till.sell_lines(line("住民票の写し", 300, **JUMINHYO))
    till.close()
    till.begin(date=DAY)
    first = till.sell_lines(line("住民票の写し", 300, 2, **JUMINHYO))
    paid = [till.sell_lines(line("戸籍全部事項証明", 450, **KOSEKI), brand="paypay"),
            till.sell_lines(line("会議室", 1000, item="room", facility="gym"), brand="paypay", cash=400),
            till.sell_lines(line("滑走料", 500, item="skate", facility="arena"), brand="paypay")]
    till.void(till.sell_lines(line("除籍", 750, item="joseki", tax="exempt", account="14020101", section="shimin")))
    till.drawer_yen -= 750
    till.sell_lines(line("住民票の写し", 300, exemption=FREE, **JUMINHYO))
    till.date = REFUND_DAY
    till.pay_back(till.ask_back(first, 100))
    return paid


def start(folder, screens=None):
    """The service with that day's journal, its statement and the bank's record. Leave it by __exit__."""
    service = FinanceService(BUILD, folder, screens)
    service.users = service.users[:1]
    load_masters(service)
    service.__enter__()
    try:
        user = service.sign_in("sato")
        code = json.loads(service.run("enrol-code", "--terminal", "KO-11", "--place", "museum-1", "--json"))["code"]
        till = GymTill(service.folder, service.port, "KO-11", code, "museum-1", BEFORE)
        paid = sell(till)
        service.wait_for_ledger(till)
        rows = [{"reference": sale["payment"], "acquirer": "Q" + sale["payment"][-12:], "payout": payout, "yen": yen}
                for sale, yen, payout in zip(paid, (450, 600, 500), ("P1", "P1", "P2"))]
        for content, name, layout in ((statement(rows, DAY, CREDITED, terminal="KO-11"), "a.csv", "aggregator-daily"),
                                      (bank_record([(1050, KANA, "P1")], CREDITED), "bank.txt", "zengin-03")):
            user.post(f"/api/imports?layout={layout}&file={name}", content, "application/octet-stream")
        user.post("/api/reconcile", {})
    except BaseException:
        service.__exit__()
        raise
    return service, user


class Statistics(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.mkdtemp(prefix="statistics-")
        cls.addClassCleanup(shutil.rmtree, folder, True)
        cls.service, cls.user = start(folder)
        cls.addClassCleanup(cls.service.__exit__)

    def ask(self, subject, year=2025):
        return self.user.get(f"/api/statistics/{subject}?fiscal_year={year}")

    def test_citizens_who_paid_without_cash_are_counted_by_sales_and_by_yen(self):
        answer = self.ask("cashless")
        total = answer["total"]
        self.assertEqual((total["cash"], total["cashless"], total["paid"]),
                         ({"count": 1, "amount_yen": 1000}, {"count": 3, "amount_yen": 1550}, {"count": 4, "amount_yen": 2550}))
        self.assertEqual((total["count_per_mille"], total["amount_per_mille"]), (750, 608), "1550 of 2550 is 60.784 %")
        self.assertEqual(total["zero_count"], 1)
        self.assertEqual([(row["month"], row["paid"]["amount_yen"], row["refunds"]["amount_yen"]) for row in answer["months"]
                          if row["paid"]["count"] or row["refunds"]["count"]], [("2025-11", 2550, 0), ("2025-12", 0, 100)])
        self.assertIsNone(answer["months"][0]["count_per_mille"], "nothing has no share")
        self.assertEqual([(row["name"], row["count"], row["amount_yen"], row["amount_per_mille"]) for row in answer["brands"]],
                         [("現金", 1, 1000, 392), ("PayPay", 3, 1550, 608)])
        self.assertEqual([(row["fiscal_year"], row["paid"]["amount_yen"]) for row in answer["years"]],
                         [(2021, 0), (2022, 0), (2023, 0), (2024, 300), (2025, 2550)])
        self.assertIn("当日取消", "".join(answer["definitions"]))

    def test_certificate_fees_stand_beside_the_same_month_of_the_year_before(self):
        answer = self.ask("certificates")
        november = answer["months"][7]
        self.assertEqual((november["month"], november["count"], november["amount_yen"], november["before"]),
                         ("2025-11", 3, 1050, {"count": 1, "amount_yen": 300}))
        self.assertEqual((november["count_per_mille"], november["amount_per_mille"]), (3000, 3500))
        self.assertEqual({row["item"]["code"]: (row["count"], row["zero_count"]) for row in answer["items"]},
                         {"juminhyo": (2, 1), "koseki": (1, 0), "joseki": (0, 0)})

    def test_facilities_have_their_share_and_an_operators_is_named(self):
        rows = {row["facility"]: row for row in self.ask("facilities")["facilities"]}
        self.assertEqual({code: (row["cash"]["count"], row["cash"]["amount_yen"], row["cashless"]["count"],
                                 row["cashless"]["amount_yen"], row["zero_count"]) for code, row in rows.items()},
                         {None: (2, 600, 1, 450, 1), "gym": (0, 400, 1, 600, 0), "arena": (0, 0, 1, 500, 0)})
        self.assertEqual((rows["gym"]["amount_per_mille"], rows["gym"]["count_per_mille"]), (600, 1000))
        self.assertEqual((rows["arena"]["revenue_name"], rows["arena"]["operator"]), ("利用料金", "みほん管理株式会社"))

    def test_an_hour_of_a_weekday_holds_what_was_sold_in_it(self):
        week = {row["name"]: row for row in self.ask("hours")["weekdays"]}
        self.assertEqual(week["木"]["hours"], [{"hour": 10, "count": 4, "cashless_count": 3}])
        self.assertEqual((week["木"]["days"], week["月"]["days"]), (1, 0))

    def test_days_to_the_deposit_count_what_the_bank_has_shown_whole(self):
        answer = self.ask("deposits")
        self.assertEqual({key: answer["total"][key] for key in ("count", "amount_yen", "waiting_count", "waiting_yen",
                                                                 "median_days", "nine_tenths_days", "days")},
                         {"count": 2, "amount_yen": 1050, "waiting_count": 1, "waiting_yen": 500, "median_days": 2,
                          "nine_tenths_days": 2, "days": [{"days": 2, "count": 2}]})
        self.assertEqual([row["trustee"]["code"] for row in answer["companies"]], ["AGG"])
        self.assertIsNone(self.ask("deposits", 2024)["total"]["median_days"])

    def test_measured_times_are_entered_once_and_taken_back_with_a_reason(self):
        entry = {"fiscal_year": 2025, "work": "調定票の作成", "before_seconds": 900, "after_seconds": 60, "cases": 1200,
                 "basis": "令和7年10月に10件を測った平均"}
        made = self.user.post("/api/statistics/savings", entry)
        answer = self.ask("savings")
        self.assertEqual((answer["saved_seconds"], answer["rows"][0]["saved_seconds"]), (840 * 1200, 840 * 1200))
        self.assertEqual((answer["rows"][0]["by"]["login"], answer["rows"][0]["basis"]), ("sato", entry["basis"]))
        self.refuse("is_there", "入力済み", lambda: self.user.post("/api/statistics/savings", entry))
        for wrong in ({"cases": 0}, {"work": " "}, {"basis": ""}, {"before_seconds": 86401}, {"after_seconds": -1}, {"fiscal_year": 1}):
            self.refuse("invalid_request", "入力|選んで", lambda: self.user.post("/api/statistics/savings", {**entry, "work": "別の作業", **wrong}))
        self.refuse("invalid_request", "理由", lambda: self.user.post(f"/api/statistics/savings/{made['id']}/undo", {"reason": " "}))
        self.user.post(f"/api/statistics/savings/{made['id']}/undo", {"reason": "件数の誤り"})
        self.refuse("not_found", "取り消され", lambda: self.user.post(f"/api/statistics/savings/{made['id']}/undo", {"reason": "もう一度"}))
        self.assertEqual(self.ask("savings")["rows"], [])

    def refuse(self, code, words, deed):
        with self.assertRaises(Refused) as refused:
            deed()
        self.assertEqual(refused.exception.code, code)
        self.assertRegex(refused.exception.message, words)

    def test_a_year_that_is_none_is_refused_in_words(self):
        for year in ("abc", "1999", "2199"):
            self.refuse("invalid_request", "fiscal_year|年度", lambda year=year: self.user.get(f"/api/statistics/cashless?fiscal_year={year}"))

    def paper(self, subject, shape):
        return self.user.get(f"/api/statistics/paper?fiscal_year=2025&subject={subject}&format={shape}", raw=True)

    def test_papers_have_the_same_figures_with_charts_and_definitions(self):
        pdf = self.user.get("/api/statistics/paper?fiscal_year=2025", raw=True)
        text = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
        for words in ("キャッシュレス統計", "令和7年度", "月別の金額（円）と、キャッシュレス比率（金額）", "60.8%", "350.0%", "利用料金",
                      "0円の発行は件数に含めず", "時間帯別の件数", "みほん決済", "作業時間"):
            self.assertIn(words, text.replace("\n", ""))
        self.assertEqual(self.user.get("/api/statistics/paper?fiscal_year=2025", raw=True), pdf, "the same again")
        rows = list(csv.reader(io.StringIO(self.paper("cashless", "csv").decode("utf-8-sig"))))
        self.assertEqual(rows[8], ["11月", "4", "3", "75.0", "2550", "1550", "60.8", "1", "0", "0"])
        self.assertEqual(rows[9][-2:], ["1", "100"])
        self.assertEqual(self.paper("cashless", "csv-cp932").decode("cp932").splitlines()[8].split(",")[1:4], ["4", "3", "75.0"])
        rows = list(csv.reader(io.StringIO(self.paper("brands", "csv").decode("utf-8-sig"))))
        self.assertEqual(rows[1], ["PayPay", "コード決済", "3", "75.0", "1550", "60.8"])
        with zipfile.ZipFile(io.BytesIO(self.paper("facilities", "xlsx"))) as book:
            sheet = book.read("xl/worksheets/sheet1.xml").decode()
        for value in ("<v>42.9</v>", "<v>2550</v>", "<v>60.8</v>"):
            self.assertIn(value, sheet)
        self.refuse("invalid_request", "統計は", lambda: self.paper("weather", "pdf"))

    def test_open_data_shows_no_small_count_and_no_year_under_way(self):
        got = self.user.get("/api/statistics/open-data?fiscal_year=2025&table=months", raw=True)
        self.assertTrue(got.startswith(b"\xef\xbb\xbf"))
        rows = list(csv.DictReader(io.StringIO(got.decode("utf-8-sig"))))
        self.assertEqual(len(rows), 13 * 3, "twelve months and the year, of cash, PayPay and both")
        self.assertEqual({(row["件数"], row["金額（円）"]) for row in rows}, {("0", "0"), ("X", "X")}, "four sales in all")
        self.assertIn(("2025-11", "PayPay", "X"), {(row["年月"], row["ブランド"], row["件数"]) for row in rows})
        self.refuse("too_few", "施設別", lambda: self.user.get("/api/statistics/open-data?fiscal_year=2025&table=facilities", raw=True))
        empty = self.user.get("/api/statistics/open-data?fiscal_year=2020&table=facilities", raw=True)
        self.assertEqual(empty.decode("utf-8-sig").splitlines(), ['"会計年度","施設コード","施設","収入の区分","支払","点数","金額（円）"'])
        self.refuse("invalid_request", "months、facilities", lambda: self.user.get("/api/statistics/open-data?fiscal_year=2025"))
        today = datetime.date.today()
        running = today.year if today.month >= 4 else today.year - 1
        self.refuse("year_not_over", "年度が終わって", lambda: self.user.get(f"/api/statistics/open-data?fiscal_year={running + 1}&table=months", raw=True))

    def test_the_sums_are_made_again_and_the_audit_agrees(self):
        before = {subject: self.ask(subject) for subject in ("cashless", "facilities", "hours")}
        self.service.run("rebuild")
        self.assertEqual({subject: self.ask(subject) for subject in before}, before)
        self.service.run("audit")


if __name__ == "__main__":
    unittest.main(verbosity=2)
