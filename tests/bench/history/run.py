"""One day of the settlement service with years behind it, and the same day on an empty database.

The history comes the real way but in larger pieces than a day: a month's lines in uploads of 500, a month's statement, a month's bank
record. A day that is measured comes as a day comes.
"""
import argparse
import datetime
import json
import os
import pathlib
import platform
import shutil
import sqlite3
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent / "integration"))

import finance_service  # noqa: E402
from finance_service import FinanceService, bank_record, statement, today  # noqa: E402
from harness.process import wait_until  # noqa: E402

DAYS_A_YEAR = 245  # on which a city hall is open
PAGE = 500         # rows of one answer
DAYS_A_PIECE = 28  # of history
REPEATS = 7        # whole days, one after the other; the median counts
PAY_AFTER = datetime.timedelta(days=2)
PAYER = "ｶ)ﾐﾎﾝｹﾂｻｲ"
LEDGER_SECONDS = 600


def masters_of_old():
    """The sample's, valid since before the history: what no company answers for would be held back every day anew."""
    return finance_service.MASTERS.read_text().replace('"valid_from": "2021-01-04"', '"valid_from": "2010-01-04"')


class City:
    def __init__(self, build, folder, sales):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self.sales = sales
        self.service = FinanceService(build, folder)
        self.service.users = self.service.users[:2]
        self.service.masters = folder / "masters.json"
        self.service.masters.write_text(masters_of_old())
        self.service.__enter__()
        self.user, self.approver = self.service.sign_in("sato"), self.service.sign_in("suzuki")
        self.till = None

    def close(self):
        self.service.process.stop()

    def sell(self, day):
        """The day's lines, not sent yet; the rows of the statement that follows."""
        if self.till is None:
            self.till = self.service.add_till("KO-01", date=day)
            self.till.open_day(day)
        self.till.date = day
        sold = [self.till.sell("paypay", ("juminhyo", 1 + number % 4)) for number in range(self.sales)]
        return [{"reference": sale["payment"], "acquirer": sale["acquirer_reference"], "yen": sale["total_yen"],
                 "payout": f"P{day:%Y%m%d}", "day": day} for sale in sold]

    def bring(self, name, file, layout="aggregator-daily"):
        self.user.post(f"/api/imports?layout={layout}&file={name}", file, "application/octet-stream")

    def wait_for_ledger(self):
        """Asked often: a day on an empty database takes some milliseconds."""
        till = self.till
        wait_until("the ledger", lambda: self.service.ledger_sequence(till.terminal) >= len(till.lines), LEDGER_SECONDS, pause=0.002)

    def pass_days(self, days):
        days = list(days)
        for start in range(0, len(days), DAYS_A_PIECE):
            piece = days[start:start + DAYS_A_PIECE]
            rows = [row for day in piece for row in self.sell(day)]
            self.till.upload()
            self.wait_for_ledger()
            self.bring(f"{piece[0]}.csv", statement(rows, piece[0], piece[-1] + PAY_AFTER))
            credits = {}
            for row in rows:
                credits[row["payout"]] = credits.get(row["payout"], 0) + row["yen"]
            self.bring(f"{piece[0]}.txt", bank_record([(yen, PAYER, payout) for payout, yen in credits.items()], piece[-1] + PAY_AFTER),
                       "zengin-03")
            self.settle()

    def settle(self):
        """調定 drafted, proposed, approved by another person, and exported."""
        self.user.post("/api/assessments/draft", {})
        rows = self.user.get(f"/api/assessments?state=draft&limit={PAGE}")["rows"]
        for user, what in ((self.user, "propose"), (self.approver, "approve")):
            rows = user.post(f"/api/assessments/{what}", {"assessments": [{"id": row["id"], "version": row["version"]} for row in rows]})["rows"]
        for year in sorted({row["fiscal_year"] for row in rows}):
            self.user.post("/api/exports", {"fiscal_year": year})

    def day(self, day):
        """Milliseconds of each step. What the till does, writing and signing, is done before the clock starts."""
        file = statement(self.sell(day), day, day + PAY_AFTER)
        till = self.till
        first = till.sent + 1
        body = b"".join(line + b"\n" for line in till.lines[till.sent:])
        signature = till.signature(first, len(till.lines))

        def take_in():
            answer = till.send_bytes(body, signature)
            assert answer.status == 200, answer
            till.sent = len(till.lines)
            self.wait_for_ledger()

        steps = {"intake and ledger": take_in,
                 "statement imported and matched": lambda: self.bring(f"{day}.csv", file),
                 "調定 drafted": lambda: self.user.post("/api/assessments/draft", {}),
                 "morning page": lambda: self.user.get("/api/today")}
        told = {}
        for name, work in steps.items():
            begun = time.monotonic()
            work()
            told[name] = (time.monotonic() - begun) * 1000
        told["the whole day"] = sum(told.values())
        return told

    def open_items(self):
        return len(self.user.get(f"/api/discrepancies?limit={PAGE}")["rows"])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    parser.add_argument("--work", required=True, type=lambda path: pathlib.Path(path).resolve())
    parser.add_argument("--years", type=int, default=1)
    parser.add_argument("--sales", type=int, default=100, help="of one day")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    count = options.years * DAYS_A_YEAR
    last = today() - datetime.timedelta(days=REPEATS)
    cities = {}
    try:
        for name in ("empty", "history"):
            cities[name] = City(options.build, options.work / name, options.sales)
        begun = time.monotonic()
        cities["history"].pass_days([last - datetime.timedelta(days=count - n) for n in range(count)])
        prepared = time.monotonic() - begun
        days = {name: [] for name in cities}
        for number in range(REPEATS):
            for name, city in cities.items():
                days[name].append(city.day(last + datetime.timedelta(days=number)))
        for name, city in cities.items():
            city.service.run("audit")  # ends with 1, and this program with it, when anything differs
        open_items = {name: city.open_items() for name, city in cities.items()}
        sizes = {name: round(city.service.database.stat().st_size / 1e6) for name, city in cities.items()}
    finally:
        for city in cities.values():
            city.close()
    middle = {name: {step: sorted(day[step] for day in told)[REPEATS // 2] for step in told[0]} for name, told in days.items()}
    rows = [{"step": step, "empty_ms": round(few, 1), "history_ms": round(middle["history"][step], 1),
             "ratio": round(middle["history"][step] / few, 2)} for step, few in middle["empty"].items()]
    told = {"machine": platform.platform(), "cores": os.cpu_count(), "load": os.getloadavg()[0], "sqlite": sqlite3.sqlite_version,
            "days": count, "sales": options.sales, "prepared_s": round(prepared), "database_mb": sizes, "open_items": open_items,
            "first_day_ms": {name: round(told[0]["the whole day"], 1) for name, told in days.items()}, "rows": rows}
    if options.json:
        print(json.dumps(told, ensure_ascii=False))
        return
    print(f"{told['machine']}, {told['cores']} cores, load {told['load']:.1f}; {count:,} days of {options.sales} sales behind it "
          f"(made in {prepared:.0f} s), both audited without a difference, median of {REPEATS} days; open items {open_items}")
    print(f"databases {sizes['empty']} and {sizes['history']} MB; first day {told['first_day_ms']['empty']} and "
          f"{told['first_day_ms']['history']} ms; unlike a real city's: one till, one brand, one drawer that is never closed")
    for row in rows:
        print(f"  {row['step']:34} {row['empty_ms']:8.1f} ms {row['history_ms']:8.1f} ms   × {row['ratio']}")


if __name__ == "__main__":
    main()
