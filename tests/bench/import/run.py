#!/usr/bin/env python3
"""Take in statements of N/100, N/10 and N lines: lines per second, and memory."""
import argparse
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "reconcile")]

import run as reconcile  # noqa: E402  (its files, and its scan)

ROOT = HERE.parents[2]
MASTERS = ROOT / "settlement" / "masters" / "sample" / "koriyama.json"
ROUNDS = 3
LOOK_SECONDS = 0.002


def fail(message):
    print(f"bench import: {message}", file=sys.stderr)
    sys.exit(1)


def highest_memory(process):
    """VmHWM in bytes: what the process has had at most; 0 when it is gone. Not ru_maxrss, which begins with our own."""
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0
    found = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(found[0]) * 1024 if found else 0


def measured(command):
    """Seconds by the clock, seconds of the processors, the largest memory in bytes (looked at again and again), of one process."""
    begun = time.perf_counter()
    child = subprocess.Popen([str(word) for word in command], stdout=subprocess.DEVNULL)
    memory, ended = 0, 0
    while ended == 0:
        ended, status, usage = os.wait4(child.pid, os.WNOHANG)
        memory = max(memory, highest_memory(child.pid))
        time.sleep(LOOK_SECONDS if ended == 0 else 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        fail(f"{command[0]} {command[1]} ended with {child.returncode}")
    return time.perf_counter() - begun, usage.ru_utime + usage.ru_stime, memory


class Store:
    def __init__(self, program, folder):
        self.program, self.empty, self.used = program, folder / "empty.db", folder / "used.db"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        measured([program, "masters", "load", "--file", MASTERS, "--database", self.empty])

    def take_in(self, file):
        for beside in self.used.parent.glob("used.db*"):
            beside.unlink()
        shutil.copy(self.empty, self.used)
        return measured([self.program, "import", "--layout", "aggregator-daily", "--file", file, "--without-matching",
                         "--database", self.used])

    def check(self, file):
        """Whether every line and every byte of FILE is there; how many lines."""
        with sqlite3.connect(self.used) as database:
            told, there = database.execute("SELECT line_count, (SELECT count(*) FROM statement_line) FROM import").fetchone()
            digest = hashlib.sha256()
            for (part,) in database.execute("SELECT bytes FROM file_part ORDER BY part"):
                digest.update(part)
        if told != there or digest.hexdigest() != hashlib.sha256(file.read_bytes()).hexdigest():
            fail(f"{file}: the store does not hold what the file says")
        return there


def one_size(arguments, store, lines):
    files = reconcile.Files(arguments.work, lines, "window")
    rounds = []
    for _ in range(ROUNDS):
        took = store.take_in(files.statement)
        scanned = measured([arguments.work / "scan", files.statement])
        rounds.append((took, scanned))
    count = store.check(files.statement)
    took = sorted(one for one, _ in rounds)[ROUNDS // 2]
    scanned = sorted(one for _, one in rounds)[ROUNDS // 2]
    return {"lines": count, "bytes": files.statement.stat().st_size, "seconds": round(took[0], 3),
            "lines_per_second": round(count / took[0]), "processor_ns_per_line": round(took[1] / count * 1e9),
            "scan_seconds": round(scanned[0], 4), "times_the_scan": round(took[0] / scanned[0], 1),
            "largest_memory_bytes": max(one[2] for one, _ in rounds)}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True, type=lambda path: Path(path).resolve())
    parser.add_argument("--work", required=True, type=lambda path: Path(path).resolve())
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    reconcile.compile_tools(arguments.work)
    store = Store(arguments.program, arguments.work / "store")
    sizes = [one_size(arguments, store, arguments.lines // part) for part in (100, 10, 1)]
    small, large = sizes[0], sizes[-1]
    report = {"machine": reconcile.machine(), "sizes": sizes, "memory_bytes_per_line": round(
        (large["largest_memory_bytes"] - small["largest_memory_bytes"]) / (large["lines"] - small["lines"]), 2)}
    if arguments.json:
        print(json.dumps(report, ensure_ascii=False))
        return
    print(f"{'lines':>10} {'MB':>7} {'seconds':>8} {'lines/s':>9} {'x scan':>7} {'CPU ns/line':>12} {'memory MB':>10}")
    for one in sizes:
        print(f"{one['lines']:>10,} {one['bytes'] / 1e6:>7.1f} {one['seconds']:>8.2f} {one['lines_per_second']:>9,} "
              f"{one['times_the_scan']:>7.1f} {one['processor_ns_per_line']:>12,} {one['largest_memory_bytes'] / 1e6:>10.1f}")
    print(f"memory per line: {report['memory_bytes_per_line']} bytes; load {report['machine']['load']}")


if __name__ == "__main__":
    main()
