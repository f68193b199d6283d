"""One day of the settlement service with years behind it, and the same day on an empty database."""
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

from finance_service import FinanceService, statement, today  # noqa: E402

DAYS_A_YEAR = 245  # on which a city hall is open
PAGE = 500         # rows of one answer
REPEATS = 5        # whole days, one after the other; the median counts


class City:
    def __init__(self, build, folder, sales):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self.sales = sales
        self.service = FinanceService(build, folder)
        self.service.users = self.service.users[:2]
        self.service.__enter__()
        self.user = self.service.sign_in("sato")
        self.till = None

    def close(self):
        self.service.process.stop()

    def sell(self, day):
        """The day's lines, not sent yet, and the statement that follows."""
        if self.till is None:
            self.till = self.service.add_till("KO-01", date=day)
        self.till.open_day(day)
        sold = [self.till.sell("paypay", ("juminhyo", 1 + number % 4)) for number in range(self.sales)]
        rows = [(sale["payment"], sale["acquirer_reference"], sale["total_yen"]) for sale in sold]
        return statement(rows, day, day + datetime.timedelta(days=2), payout=f"P{day:%Y%m%d}")

    def bring(self, day, file):
        self.user.post(f"/api/imports?layout=aggregator-daily&file={day}.csv", file, "application/octet-stream")

    def pass_days(self, days):
        for day in days:
            file = self.sell(day)
            self.service.wait_for_ledger(self.till)
            self.bring(day, file)
        self.user.post("/api/assessments/draft", {})

    def day(self, day):
        """Milliseconds of each step."""
        file = self.sell(day)
        steps = {"intake and ledger": lambda: self.service.wait_for_ledger(self.till),
                 "statement imported and matched": lambda: self.bring(day, file),
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
    finally:
        for city in cities.values():
            city.close()
    middle = {name: {step: sorted(day[step] for day in told)[REPEATS // 2] for step in told[0]} for name, told in days.items()}
    rows = [{"step": step, "empty_ms": round(few, 1), "history_ms": round(middle["history"][step], 1),
             "ratio": round(middle["history"][step] / few, 2)} for step, few in middle["empty"].items()]
    told = {"machine": platform.platform(), "cores": os.cpu_count(), "load": os.getloadavg()[0], "sqlite": sqlite3.sqlite_version,
            "days": count, "sales": options.sales, "prepared_s": round(prepared), "open_items": open_items, "rows": rows}
    if options.json:
        print(json.dumps(told, ensure_ascii=False))
        return
    print(f"{told['machine']}, {told['cores']} cores, load {told['load']:.1f}; {count:,} days of {options.sales} sales behind it "
          f"(made in {prepared:.0f} s), both audited without a difference, median of {REPEATS} days; open items {open_items}")
    print("unlike a real city's: one till, one brand, no bank record, drawers never closed, every 調定 still a draft")
    for row in rows:
        print(f"  {row['step']:34} {row['empty_ms']:8.1f} ms {row['history_ms']:8.1f} ms   × {row['ratio']}")


if __name__ == "__main__":
    main()
