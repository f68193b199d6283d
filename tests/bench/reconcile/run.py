#!/usr/bin/env python3
"""Read two files of N lines, match, classify, write: ours against peers and a bare scan, in the same run.

Every program gets the same generated files and must come to the same counts; a benchmark with a wrong answer fails. The
rounds are interleaved, so that a busy moment of the machine hits all alike, and the median of three counts.
"""
import argparse
import json
import math
import os
import platform
import re
import resource
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

import store_run

HERE = Path(__file__).resolve().parent
LAYOUT = HERE.parents[2] / "settlement" / "statements" / "layouts" / "aggregator-daily.json"
ROUNDS = 3
SLOW_PEER_LINES = 2_000_000  # beyond, a peer that takes minutes gets one round
SQLITE_LINES_MAX = 2_000_000  # beyond, sqlite3 takes many minutes and says nothing new
SEED = 20261122
GOALS = {"pandas": 20, "duckdb": 8, "scan": 4}

SQL = """
.mode csv
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -2000000;
CREATE TABLE sales (reference, acquirer, brand, terminal, accepted_at, amount INTEGER);
CREATE TABLE lines (number, reference, acquirer, brand, terminal, accepted_at, kind, amount INTEGER, fee, pay_date, payout,
                    shop, note);
.import --skip 1 {sales} sales
.import --skip 1 {statement} lines
DELETE FROM lines WHERE amount IS NULL;
CREATE INDEX sales_reference ON sales (reference, amount < 0);
CREATE TEMP TABLE pairs AS SELECT s.rowid AS sale, l.rowid AS line, s.amount = l.amount AS equal, s.brand <> l.brand AS brand
  FROM lines l JOIN sales s ON s.reference = l.reference AND (s.amount < 0) = (l.amount < 0) WHERE l.reference <> '';
CREATE TEMP TABLE sales_left AS SELECT rowid AS sale, * FROM sales WHERE rowid NOT IN (SELECT sale FROM pairs);
CREATE TEMP TABLE lines_left AS SELECT rowid AS line, * FROM lines WHERE rowid NOT IN (SELECT line FROM pairs);
CREATE INDEX temp.sales_left_acquirer ON sales_left (acquirer);
INSERT INTO pairs SELECT s.sale, l.line, s.amount = l.amount, s.brand <> l.brand
  FROM lines_left l JOIN sales_left s ON s.acquirer = l.acquirer AND (s.amount < 0) = (l.amount < 0);
SELECT json_object('matches', sum(equal), 'amount_differs', sum(NOT equal), 'brand_differs', sum(brand),
  'pos_only', (SELECT count(*) FROM sales) - count(*), 'statement_only', (SELECT count(*) FROM lines) - count(*)) FROM pairs;
"""


def fail(message):
    print(f"bench reconcile: {message}", file=sys.stderr)
    sys.exit(1)


def output_of(command, accepted=(0,), **keywords):
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, text=True, check=False, **keywords)
    if done.returncode not in accepted:
        fail(f"{command[0]} ended with {done.returncode}")
    return done.stdout


def timed(command, **keywords):
    start = time.perf_counter()
    text = output_of(command, **keywords)
    return time.perf_counter() - start, text


def timed_with_processor(command, **keywords):
    """Seconds by the clock, seconds of the processors (all threads, in the program and in the kernel for it), output.
    The second hardly depends on what else the machine does."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds, text = timed(command, **keywords)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, text


class Files:
    """The generated files of one size, made once."""

    def __init__(self, work, lines, order):
        folder = work / f"{order}-{lines}"
        self.sales, self.statement, self.utf8 = folder / "sales.csv", folder / "statement.csv", folder / "utf8.csv"
        self.lines, self.order, self.folder = lines, order, folder
        if not (folder / "done").exists():
            folder.mkdir(parents=True, exist_ok=True)
            output_of([work / "generate", lines, SEED, order, self.sales, self.statement])
            (folder / "done").touch()
        for path in (self.sales, self.statement):  # into the page cache, for whoever comes first
            with open(path, "rb") as file:
                while file.read(1 << 24):
                    pass

    def in_utf8(self):
        if not self.utf8.exists():
            beside = self.utf8.with_suffix(".part")
            with open(self.statement, encoding="cp932", newline="") as source, \
                    open(beside, "w", encoding="utf-8", newline="") as target:
                shutil.copyfileobj(source, target, 1 << 24)
            beside.rename(self.utf8)
        return self.utf8

    def bytes(self):
        return self.sales.stat().st_size + self.statement.stat().st_size


def compile_tools(work):
    for name in ("generate", "scan"):
        source, target = HERE / f"{name}.c", work / name
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            output_of(["cc", "-O2", "-std=c17", "-D_DEFAULT_SOURCE", "-o", target, source])


class Ours:
    def __init__(self, program, files, threads):
        self.out = files.folder / "out"
        self.command = [program, "reconcile-files", "--sales", files.sales, "--statement", files.statement, "--format",
                        LAYOUT, "--out", self.out, "--threads", threads, "--json"]
        self.bytes, self.lines = files.bytes(), 2 * files.lines

    def run(self):
        shutil.rmtree(self.out, ignore_errors=True)  # or the disk would have to free the result of the run before
        seconds, processor, text = timed_with_processor(self.command)
        summary = json.loads(text)
        classes = summary["classes"]
        counts = {"matches": summary["matches"]["count"], "amount_differs": classes["金額相違"]["count"],
                  "brand_differs": classes["ブランド相違"]["count"],
                  "pos_only": classes["POSのみ"]["count"] + classes["期ずれ"]["count"] - classes["期ずれ"]["remarks"],
                  "statement_only": classes["明細のみ"]["count"] + classes["取消のみ"]["count"]}
        return {"seconds": seconds, "processor_seconds": processor, "counts": counts, "stages": {
            stage: summary[f"{stage}_seconds"] for stage in ("read", "match", "write")}}

    def memory_per_line(self, small):
        """Bytes beside the mapped files, and beside what the program needs for SMALL files; Linux counts in KiB."""
        return round((self.peak() - small.peak() - self.bytes + small.bytes) / (self.lines - small.lines), 1)

    def peak(self):
        reader = ("import resource, subprocess, sys; subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True); "
                  "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)")
        return int(output_of([sys.executable, "-c", reader, *self.command]))


class Scan:
    def __init__(self, work, files):
        self.command, self.lines = [work / "scan", files.sales, files.statement], files.lines

    def run(self):
        seconds, processor, text = timed_with_processor(self.command)
        if int(text) < 2 * self.lines * 99 // 100:
            fail(f"the scan counted {text.strip()} lines only")
        return {"seconds": seconds, "processor_seconds": processor}


class Pandas:
    def __init__(self, files):
        self.command = ["/usr/bin/python3", HERE / "pandas_peer.py", files.sales, files.statement]

    def run(self):
        return json.loads(output_of(self.command))


class Sqlite:
    def __init__(self, files):
        self.database = files.folder / "peer.db"
        self.script = SQL.format(sales=files.sales, statement=files.statement)

    def run(self):
        self.database.unlink(missing_ok=True)
        seconds, text = timed(["sqlite3", self.database], input=self.script, stderr=subprocess.DEVNULL)
        self.database.unlink(missing_ok=True)
        return {"seconds": seconds, "counts": json.loads(text.strip().splitlines()[-1].strip('"').replace('""', '"')),
                "version": output_of(["sqlite3", "--version"]).split()[0]}


class Duckdb:
    def __init__(self, files, modules, threads):
        self.environment = {**os.environ, "DUCKDB_MODULES": str(Path(modules or HERE).resolve())}
        self.command = ["node", HERE / "duckdb_peer.mjs", files.sales, files.in_utf8(), threads]

    @staticmethod
    def is_installed(modules):
        probe = "require('module').createRequire(process.argv[1] + '/').resolve('@duckdb/node-api')"
        return shutil.which("node") is not None and subprocess.run(
            ["node", "-e", probe, str(Path(modules or HERE).resolve())], stderr=subprocess.DEVNULL, check=False).returncode == 0

    def run(self):
        return json.loads(output_of(self.command, env=self.environment))


def machine():
    text = Path("/proc/cpuinfo").read_text()
    model = re.search(r"model name\s*: (.*)", text)
    return {"processor": model.group(1) if model else platform.machine(), "processors": os.cpu_count(),
            "avx2": " avx2 " in text, "system": platform.platform(), "load": round(os.getloadavg()[0], 1)}


def contenders(arguments, work, files):
    programs = {"ours": Ours(arguments.program, files, 2), "scan": Scan(work, files),
                "ours_one_thread": Ours(arguments.program, files, 1), "pandas": Pandas(files)}
    skipped = {}
    if arguments.quick:
        del programs["pandas"]
        skipped["pandas"] = skipped["sqlite"] = skipped["duckdb"] = "--quick"
        return programs, skipped
    if files.lines <= SQLITE_LINES_MAX:
        programs["sqlite"] = Sqlite(files)
    else:
        skipped["sqlite"] = f"takes many minutes beyond {SQLITE_LINES_MAX:,} lines"
    if Duckdb.is_installed(arguments.duckdb_modules):
        programs["duckdb"] = Duckdb(files, arguments.duckdb_modules, 2)
    else:
        skipped["duckdb"] = "@duckdb/node-api is not installed (npm install @duckdb/node-api, then --duckdb-modules DIR)"
    for name in arguments.without:
        if programs.pop(name, None) is not None:
            skipped[name] = "--without"
    return programs, skipped


def measure(programs, lines, rounds):
    """All results by name; a disagreement ends the run."""
    results = {name: [] for name in programs}
    agreed = None
    for number in range(rounds):
        for name, program in programs.items():
            is_slow = name not in ("ours", "ours_one_thread", "scan")
            if number > 0 and is_slow and lines > SLOW_PEER_LINES:
                continue
            result = program.run()
            results[name].append(result)
            counts = result.get("counts")
            agreed = agreed or counts
            if counts is not None and counts != agreed:
                fail(f"{name} counts {counts}, and ours {agreed}: one of them is wrong")
    return results, agreed


def report(arguments):
    work = Path(arguments.work).resolve()
    work.mkdir(parents=True, exist_ok=True)
    compile_tools(work)
    files = Files(work, arguments.lines, arguments.order)
    programs, skipped = contenders(arguments, work, files)
    results, counts = measure(programs, files.lines, arguments.rounds)
    seconds = {name: round(statistics.median(row["seconds"] for row in rows), 4) for name, rows in results.items()}
    ratios = {name: round(seconds[name] / seconds["ours"], 1) for name in ("pandas", "duckdb", "sqlite") if name in seconds}
    ratios["scan"] = round(seconds["ours"] / seconds["scan"], 2)
    processor = {name: round(statistics.median(row["processor_seconds"] for row in rows), 4)
                 for name, rows in results.items() if "processor_seconds" in rows[0]}
    ratios["scan_by_processor"] = round(processor["ours_one_thread"] / processor["scan"], 2)
    small = Ours(arguments.program, Files(work, 10, arguments.order), 2)
    versions = {name: rows[0]["version"] for name, rows in results.items() if "version" in rows[0]}
    return {"name": "reconcile", "machine": machine(), "versions": {"python": platform.python_version(), **versions},
            "sizes": {"lines": files.lines, "order": files.order, "bytes": files.bytes(), "rounds": arguments.rounds},
            "counts": counts, "seconds": seconds, "processor_seconds": processor, "stages": results["ours"][-1]["stages"],
            "memory_bytes_per_line": programs["ours"].memory_per_line(small), "ratios": ratios, "goals": GOALS,
            "skipped": skipped}


def from_store(arguments):
    work = Path(arguments.work).resolve()
    work.mkdir(parents=True, exist_ok=True)
    compile_tools(work)
    files = Files(work, arguments.lines, arguments.order)
    result = store_run.measure(Path(arguments.program).resolve(), files, LAYOUT, Ours(arguments.program, files, 2), timed_with_processor,
                               arguments.rounds)
    return {"name": "reconcile-store", "machine": machine(), "lines": files.lines, "bytes": files.bytes(), "rounds": arguments.rounds, **result}


def print_store(result):
    machine_words, seconds, processor = result["machine"], result["seconds"], result["processor_seconds"]
    print(f"reconcile, from store to store: {result['lines']:,} payments in SQLite, a statement of {result['lines']:,} lines, "
          f"median of {result['rounds']} rounds")
    print(f"  machine   {machine_words['processor']}, {machine_words['processors']} processors, load {machine_words['load']}")
    for name, words in (("files", "reconcile-files on the same files"), ("import", "the statement into the store"),
                        ("reconcile", "matched in the store")):
        print(f"  {words:<36} {seconds[name]:9.3f} s by the clock, {processor[name]:9.3f} s of processor")
    print(f"  matched: {result['matches']['files']:,} on files, {result['matches']['store']:,} in the store; the database then has "
          f"{result['database_bytes'] / 1e6:,.0f} MB")
    ratios = result["ratios"]
    print(f"  matched in the store takes {ratios['reconcile_to_files']} × the files alone (goal ≤ {result['goals']['reconcile_to_files']}), "
          f"{ratios['reconcile_to_files_by_processor']} × their processor time; with the import {ratios['import_and_reconcile_to_files']} ×")


FIT_PARTS = (16, 8, 4, 2, 1)


def straight_line(sizes, seconds):
    """The least-squares line of the seconds over both files' lines, how well it explains them, and the point that is furthest off it."""
    mean_x, mean_y = statistics.mean(sizes), statistics.mean(seconds)
    slope = sum((x - mean_x) * (y - mean_y) for x, y in zip(sizes, seconds)) / sum((x - mean_x) ** 2 for x in sizes)
    expected = [mean_y + slope * (x - mean_x) for x in sizes]
    residue = sum((y - e) ** 2 for y, e in zip(seconds, expected))
    return {"slope_ns_a_line": round(slope / 2 * 1e9, 1), "intercept_seconds": round(mean_y - slope * mean_x, 4),
            "r_squared": round(1 - residue / sum((y - mean_y) ** 2 for y in seconds), 5),
            "worst_deviation": round(max(abs(y - e) / max(e, 1e-9) for y, e in zip(seconds, expected) if e > 0), 3)}


def fit(arguments):
    """Processor seconds of five sizes, and the slope of their logarithms over those of the sizes: 1 is linear."""
    work = Path(arguments.work).resolve()
    work.mkdir(parents=True, exist_ok=True)
    compile_tools(work)
    sizes = [max(1, arguments.lines // part) for part in FIT_PARTS]
    programs = [Ours(arguments.program, Files(work, lines, arguments.order), 1) for lines in sizes]
    empty = Ours(arguments.program, Files(work, 10, arguments.order), 1)
    rounds = [[program.run()["processor_seconds"] for program in (empty, *programs)] for _ in range(arguments.rounds)]
    start, *seconds = [min(column) for column in zip(*rounds)]  # what disturbs only adds
    points = [(math.log(lines), math.log(max(value - start, 1e-6))) for lines, value in zip(sizes, seconds)]
    mean_x = sum(x for x, _ in points) / len(points)
    mean_y = sum(y for _, y in points) / len(points)
    slope = sum((x - mean_x) * (y - mean_y) for x, y in points) / sum((x - mean_x) ** 2 for x, _ in points)
    line = straight_line(sizes, seconds)
    return {"name": "reconcile-fit", "machine": machine(), "order": arguments.order, "rounds": arguments.rounds, "sizes": sizes,
            "processor_seconds": [round(value, 4) for value in seconds], "start_seconds": round(start, 4),
            "nanoseconds_per_line": [round((value - start) / (2 * lines) * 1e9) for lines, value in zip(sizes, seconds)],
            "exponent": round(slope, 3), **line}


def print_fit(result):
    print(f"reconcile: processor time over five sizes, lines in {result['order']} order, one thread, best of {result['rounds']} rounds, load {result['machine']['load']}")
    for lines, seconds, each in zip(result["sizes"], result["processor_seconds"], result["nanoseconds_per_line"]):
        print(f"  {lines:>12,} lines {seconds:9.3f} s  {each:5} ns a line")
    print(f"  straight line: {result['slope_ns_a_line']} ns a line, R² {result['r_squared']}, worst deviation {result['worst_deviation']:.1%}; "
          f"time grows with lines ^ {result['exponent']} (1 is linear)")


def print_words(result):
    sizes = result["sizes"]
    print(f"reconcile: two files of {sizes['lines']:,} lines, {sizes['bytes'] / 1e6:,.0f} MB, lines in {sizes['order']} order, "
          f"median of {sizes['rounds']} rounds")
    machine_words = result["machine"]
    print(f"  machine   {machine_words['processor']}, {machine_words['processors']} processors, load {machine_words['load']}, "
          f"{machine_words['system']}")
    print("  versions  " + ", ".join(f"{name} {version}" for name, version in result["versions"].items()))
    print("  all count " + ", ".join(f"{name} {count:,}" for name, count in result["counts"].items()))
    for name, seconds in sorted(result["seconds"].items(), key=lambda item: item[1]):
        print(f"  {name:<16} {seconds:9.3f} s")
    print(f"  ours by stage    read {result['stages']['read']:.3f} s, match {result['stages']['match']:.3f} s, "
          f"write {result['stages']['write']:.3f} s; {result['memory_bytes_per_line']} bytes a line beside the files")
    for name, ratio in result["ratios"].items():
        goal = result["goals"].get(name)
        if name == "scan":
            print(f"  ours takes {ratio} × the bare scan (goal ≤ {goal})")
        elif name == "scan_by_processor":
            print(f"  ours in one thread takes {ratio} × the processor time of the bare scan")
        else:
            print(f"  ours is {ratio} × as fast as {name}" + (f" (goal ≥ {goal})" if goal else ""))
    for name, reason in result["skipped"].items():
        print(f"  {name} skipped: {reason}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--order", choices=("window", "random"), default="window",
                        help="how the statement's lines stand: by time but for neighbours, or at random")
    parser.add_argument("--program", default="build/release/settlement/madoguchi-settlement")
    parser.add_argument("--work", default="build/bench/reconcile")
    parser.add_argument("--duckdb-modules", help="folder whose node_modules holds @duckdb/node-api")
    parser.add_argument("--quick", action="store_true", help="ours and the scan alone")
    parser.add_argument("--without", action="append", default=[], choices=("pandas", "sqlite", "duckdb"), help="leave a peer out")
    parser.add_argument("--fit", action="store_true", help="five sizes up to --lines: is the time linear?")
    parser.add_argument("--store", action="store_true", help="the same work from store to store, beside the files alone")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    if arguments.lines < 1 or arguments.rounds < 1:
        fail("--lines and --rounds are at least 1")
    result = fit(arguments) if arguments.fit else from_store(arguments) if arguments.store else report(arguments)
    if arguments.json:
        print(json.dumps(result, ensure_ascii=False))
    elif arguments.fit:
        print_fit(result)
    elif arguments.store:
        print_store(result)
    else:
        print_words(result)


if __name__ == "__main__":
    main()
