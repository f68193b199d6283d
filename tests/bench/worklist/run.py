"""What a person waits for on the work list, with many open items and with few."""
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

FEW = 1000
PART = 5000    # lines of one statement, each of a day of its own
REPEATS = 9


def median_ms(work):
    times = []
    for _ in range(REPEATS):
        begun = time.monotonic()
        work()
        times.append((time.monotonic() - begun) * 1000)
    return sorted(times)[REPEATS // 2]


class City:
    """A service with COUNT open items."""

    def __init__(self, build, folder, count):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self.service = FinanceService(build, folder)
        self.service.__enter__()
        self.user = self.service.sign_in("sato")
        for begin in range(0, count, PART):
            rows = [(f"pay-{number:08}", f"Q{number:08}", 100 + number % 5000)
                    for number in range(begin, min(begin + PART, count))]
            file = folder / f"statement-{begin}.csv"
            file.write_bytes(statement(rows, today() - datetime.timedelta(days=begin // PART), today()))
            self.service.run("import", "--layout", "aggregator-daily", "--file", file, expect=None)
        self.rows = self.user.get("/api/discrepancies?limit=500")["rows"]
        total = self.user.get("/api/discrepancies?limit=1")["totals"][0]["count"]
        assert total == count, f"{total} open items instead of {count}"

    def close(self):
        self.service.process.stop()

    def measure(self):
        row = self.rows[len(self.rows) // 2]
        deep = self.user.get("/api/discrepancies?limit=500&order=newest")
        questions = {
            "first page (500)": lambda: self.user.get("/api/discrepancies?limit=500"),
            "second page": lambda: self.user.get(f"/api/discrepancies?limit=500&order=newest&after={deep['next']}"),
            "largest first": lambda: self.user.get("/api/discrepancies?limit=100&order=amount"),
            "search": lambda: self.user.get("/api/discrepancies?limit=100&search=q00000777"),
            "one with its evidence and partners": lambda: self.user.get(f"/api/discrepancies/{row['id']}"),
            "comment": lambda: self.user.post(f"/api/discrepancies/{row['id']}/comment", {"text": "確認中"}),
            "500 assigned at once": lambda: self.user.post("/api/discrepancies/bulk", {
                "deed": "assign", "owner": "sato", "rows": [{"id": one["id"]} for one in self.rows]}),
            "morning page": lambda: self.user.get("/api/today"),
        }
        return {name: median_ms(work) for name, work in questions.items()}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    parser.add_argument("--work", required=True, type=lambda path: pathlib.Path(path).resolve())
    parser.add_argument("--items", type=int, default=100000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    results = {}
    for name, count in (("few", FEW), ("many", options.items)):
        city = City(options.build, options.work / name, count)
        try:
            results[name] = city.measure()
        finally:
            city.close()
    rows = [{"question": question, "few_ms": round(results["few"][question], 1), "many_ms": round(many, 1),
             "ratio": round(many / results["few"][question], 2)} for question, many in results["many"].items()]
    told = {"machine": platform.platform(), "cores": os.cpu_count(), "load": os.getloadavg()[0], "sqlite": sqlite3.sqlite_version,
            "few": FEW, "many": options.items, "rows": rows}
    if options.json:
        print(json.dumps(told, ensure_ascii=False))
        return
    print(f"{told['machine']}, {told['cores']} cores, load {told['load']:.1f}; {FEW:,} and {options.items:,} open items, "
          f"median of {REPEATS}")
    for row in rows:
        print(f"  {row['question']:38} {row['few_ms']:8.1f} ms {row['many_ms']:8.1f} ms   × {row['ratio']}")


if __name__ == "__main__":
    main()
