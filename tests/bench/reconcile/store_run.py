"""The same work from store to store: payments that stand in a settlement database, a statement that is imported into it, and
one run of `reconcile`, beside `reconcile-files` on the same files in the same run.

Our side is written as the ledger writes it (`payment`), not taken in by uploads: what a run reads is what is measured. A cancelled
payment is one that the gateway gave back. Its cancellation has no acquirer's number of its own here as it has in the sales file, so
that the few lines which name neither find no partner: the counts of the two ways are printed, and may differ by those alone.
"""
import csv
import datetime
import shutil
import sqlite3
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
MASTERS = ROOT / "settlement" / "masters" / "sample" / "koriyama.json"
MUNICIPALITY = "072036"
METHODS = {"visa": "credit", "mastercard": "credit", "jcb": "credit", "suica": "emoney", "waon": "emoney", "nanaco": "emoney"}
PAYMENT = ("INSERT INTO payment (terminal, started_sequence, municipality, place, payment, sale, method, brand, amount_yen,"
           " sequence_number, clerk, business_date, started_at_ms, state, state_sequence, abandoned_by, cause, how, resolved_on,"
           " acquirer_reference, approval_code, slip_number, masked_number, accepted_at_ms, sale_sequence)"
           f" VALUES (?, ?, '{MUNICIPALITY}', 'shimin-1', ?, ?, ?, ?, ?, '', 'sato', ?, ?, ?, ?, 0, '', 'answer', ?, ?, 'A1', '', '', ?, 0)")
TILL = ("INSERT INTO ledger_terminal (terminal, municipality, place, sequence, business_date, masters_version, open_day, drawer_yen)"
        f" VALUES (?, '{MUNICIPALITY}', 'shimin-1', ?, ?, 0, 0, 0)")


def payments(sales, last_of):
    """Rows of PAYMENT; LAST_OF learns each till's last sequence and day. A cancellation stands right behind its payment in the file."""
    before = None
    with open(sales, newline="", encoding="ascii") as file:
        for row in csv.DictReader(file):
            if before is not None and int(row["amount"]) < 0 and row["reference"] == before["reference"]:
                yield payment(before, "reversed", last_of)
                before = None
                continue
            if before is not None:
                yield payment(before, "approved", last_of)
            before = row
    if before is not None:
        yield payment(before, "approved", last_of)


def payment(row, state, last_of):
    day, terminal = row["accepted_at"][:10], row["terminal"]
    sequence = last_of.get(terminal, (0, ""))[0] + 3  # started, resolved, recorded
    last_of[terminal] = (sequence, day)
    at_ms = round(datetime.datetime.fromisoformat(row["accepted_at"]).timestamp() * 1000)
    return (terminal, sequence - 2, row["reference"], row["reference"], METHODS.get(row["brand"], "qr"), row["brand"],
            abs(int(row["amount"])), day, at_ms, state, sequence - 1, day, row["acquirer_reference"], at_ms)


class Store:
    def __init__(self, program, files, layout):
        self.program, self.files, self.layout = program, files, layout
        self.prepared, self.database = files.folder / "prepared.db", files.folder / "store.db"

    def prepare(self):
        """The payments, in a database that every round copies."""
        self.remove(self.prepared)
        self.call(self.prepared, "masters", "load", "--file", MASTERS)
        last_of = {}
        with sqlite3.connect(self.prepared) as store:
            store.execute("PRAGMA synchronous = OFF")
            store.executemany(PAYMENT, payments(self.files.sales, last_of))
            store.executemany(TILL, [(terminal, *last) for terminal, last in last_of.items()])
        store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        store.close()

    @staticmethod
    def remove(database):
        for ending in ("", "-wal", "-shm", ".masters-key"):
            Path(f"{database}{ending}").unlink(missing_ok=True)

    def call(self, database, *words):
        done = subprocess.run([self.program, *map(str, words), "--database", database], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            sys.exit(f"bench reconcile: {words[0]} ended with {done.returncode}: {done.stderr.strip()}")

    def run(self, timed):
        self.remove(self.database)
        shutil.copyfile(self.prepared, self.database)
        end = ["--database", self.database, "--municipality", MUNICIPALITY, "--json"]
        taking_in = timed([self.program, "import", "--layout", self.layout.stem, "--file", self.files.statement, "--without-matching", *end])
        matching = timed([self.program, "reconcile", *end], accepted=(0, 1))  # 1: something does not agree
        with sqlite3.connect(f"file:{self.database}?mode=ro", uri=True) as store:
            matches = store.execute("SELECT count(*) FROM matched").fetchone()[0]
        store.close()
        size = self.database.stat().st_size
        self.remove(self.database)
        return {"import": taking_in[:2], "reconcile": matching[:2], "matches": matches, "database_bytes": size}


def measure(program, files, layout, ours, timed, rounds):
    """Medians by name: (seconds, processor seconds)."""
    store = Store(program, files, layout)
    store.prepare()
    results = [{"files": ours.run(), **store.run(timed)} for _ in range(rounds)]
    Store.remove(store.prepared)
    seconds = {"files": statistics.median(row["files"]["seconds"] for row in results)}
    processor = {"files": statistics.median(row["files"]["processor_seconds"] for row in results)}
    for name in ("import", "reconcile"):
        seconds[name] = statistics.median(row[name][0] for row in results)
        processor[name] = statistics.median(row[name][1] for row in results)
    return {"seconds": {name: round(value, 3) for name, value in seconds.items()},
            "processor_seconds": {name: round(value, 3) for name, value in processor.items()},
            "matches": {"files": results[0]["files"]["counts"]["matches"], "store": results[0]["matches"]},
            "database_bytes": results[0]["database_bytes"],
            "ratios": {"reconcile_to_files": round(seconds["reconcile"] / seconds["files"], 1),
                       "import_and_reconcile_to_files": round((seconds["import"] + seconds["reconcile"]) / seconds["files"], 1),
                       "reconcile_to_files_by_processor": round(processor["reconcile"] / processor["files"], 1)},
            "goals": {"reconcile_to_files": 6}}
