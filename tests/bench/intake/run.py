"""./madoguchi bench intake: durable acknowledged journal lines per second of one service with many tills, against a bare SQLite
group-commit loop of the same rows and single inserts into PostgreSQL.

    --tills 100000            so many enrolled tills, each with --uploads uploads of --lines lines
    --catch-up 100x30         100 tills that were cut off for 30 days, 200 lines a day, 500 lines an upload
"""
import argparse
import json
import os
import pathlib
import platform
import shutil
import sqlite3
import statistics
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent.parent))

import postgres  # noqa: E402
from harness.city import MASTERS, City  # noqa: E402
from harness.process import run  # noqa: E402

GROUP_ROWS = 256  # rows a commit of the bare loop: what one writer gathers under load
SEED = 7
LINES_A_DAY = 200
LINES_AN_UPLOAD = 500  # the most that the protocol allows; what a till sends that has so many


def load(build, *words):
    result = subprocess.run([str(build / "tests/bench/intake/intake_load"), *map(str, words)], capture_output=True, text=True, check=False)
    if result.returncode != 0:
        sys.exit(f"intake_load {words}: {result.stderr}")
    return json.loads(result.stdout)


def processor_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure_service(build, work, shape):
    shutil.rmtree(work / "service", ignore_errors=True)
    with City(build, work / "service") as city:
        run([city.program, "masters", "load", "--database", city.database, "--file", MASTERS], city.folder)
        load(build, "enrol", city.database, "072036", "shimin-1", SEED, shape.tills)
        config = city.folder / "settlement.conf"
        config.write_text(config.read_text().replace("[listen]\n", "[listen]\nconnections = 4096\n"))
        city.start_settlement()
        pid = city.settlement.child.pid
        before = processor_seconds(pid)
        result = load(build, "serve", city.port, SEED, shape.tills, shape.uploads, shape.lines, shape.connections,
                      "kept" if shape.kept else "fresh", work / "prepared")
        result["processor_seconds"] = processor_seconds(pid) - before
        with sqlite3.connect(f"file:{city.database}?mode=ro", uri=True) as store:
            held = store.execute("SELECT SUM(last - first + 1) FROM journal_run").fetchone()[0]
            result["unbooked"] = store.execute("SELECT count(*) FROM journal_run WHERE arrival >"
                                               " (SELECT arrival FROM ledger_progress)").fetchone()[0]
        if result["refused"] or held != result["lines"]:
            sys.exit(f"{result['lines']} lines were sent, {result['refused']} uploads refused, {held} lines are there")
        return result


def measure_bare(build, work, shape):
    database = work / "bare.db"
    for ending in ("", "-wal", "-shm"):
        database.with_name(database.name + ending).unlink(missing_ok=True)
    return load(build, "bare", database, SEED, shape.tills, shape.uploads, shape.lines, GROUP_ROWS, work / "prepared")


def machine():
    model = next((line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo", encoding="utf-8") if line.startswith("model name")), "?")
    openssl = subprocess.run(["openssl", "version"], capture_output=True, text=True, check=False).stdout.split()[1]
    return {"cpu": model, "cores": os.cpu_count(), "load": round(os.getloadavg()[0], 1), "kernel": platform.release(),
            "sqlite_of_python": sqlite3.sqlite_version, "openssl": openssl, "postgresql": postgres.version()}


def arguments():
    parser = argparse.ArgumentParser(prog="./madoguchi bench intake", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--build", required=True, type=pathlib.Path, help=argparse.SUPPRESS)
    parser.add_argument("--work", required=True, type=pathlib.Path, help=argparse.SUPPRESS)
    parser.add_argument("--tills", type=int, default=64)
    parser.add_argument("--lines", type=int, help="lines an upload (50; 5 from 1,000 tills on)")
    parser.add_argument("--uploads", type=int, help="uploads a till (60; 1 from 1,000 tills on)")
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--fresh", dest="kept", action="store_false", help="a connection of its own for each upload, as real tills have")
    parser.add_argument("--catch-up", metavar="TILLSxDAYS")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    many = options.tills >= 1000
    options.lines = options.lines or (5 if many else 50)
    options.uploads = options.uploads or (1 if many else 60)
    if options.catch_up:
        options.tills, days = map(int, options.catch_up.split("x"))
        options.lines = LINES_AN_UPLOAD
        options.uploads = -(-days * LINES_A_DAY // LINES_AN_UPLOAD)
    return options


def main():
    shape = arguments()
    build = shape.build.resolve()
    work = shape.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    service, bare, single = [], [], []
    for _ in range(shape.rounds):
        bare.append(measure_bare(build, work, shape))
        service.append(measure_service(build, work, shape))
        single.append(postgres.single_inserts(work, row_bytes=bare[0]["bytes"] // bare[0]["lines"], clients=shape.connections))
    first = service[0]
    rate = {"service": statistics.median(r["lines"] / r["seconds"] for r in service),
            "bare": statistics.median(r["lines"] / r["seconds"] for r in bare)}
    if None not in single:
        rate["postgresql_single_inserts"] = statistics.median(single)
    ratios = {f"service_to_{name}": round(rate["service"] / value, 3) for name, value in rate.items() if name != "service"}
    bare_us = 1e6 * shape.lines / rate["bare"]
    check_us = load(build, "check")["us"]
    processor_us = statistics.median(r["processor_seconds"] / r["uploads"] for r in service) * 1e6
    result = {"benchmark": "intake", "machine": machine(), "tills": shape.tills, "lines": first["lines"], "bytes": first["bytes"],
              "lines_per_upload": shape.lines, "connections": shape.connections, "connections_kept": shape.kept,
              "rows_per_bare_commit": GROUP_ROWS, "lines_per_second": {name: round(value) for name, value in rate.items()},
              "ratios": ratios, "goals": {"service_to_bare": 0.7, "service_to_postgresql_single_inserts": 10},
              "wait_ms": {name: statistics.median(r[f"{name}_ms"] for r in service) for name in ("p50", "p99", "worst")},
              "asked_to_wait": sum(r["asked_to_wait"] for r in service), "reconnected": sum(r["reconnected"] for r in service),
              "uploads_not_yet_booked": statistics.median(r["unbooked"] for r in service),
              "bounds": {"service_processor_us_per_upload": round(processor_us, 1), "one_signature_check_us": check_us,
                         "bare_loop_us_per_upload": round(bare_us, 1),
                         "ratio_of_bare_loop_with_signature_checks": round(bare_us / (bare_us + check_us), 2)}}
    print(json.dumps(result) if shape.json else words(result))


def words(result):
    rate, bounds, wait = result["lines_per_second"], result["bounds"], result["wait_ms"]
    lines = [f"intake: {result['lines']:,} lines ({result['bytes'] / 1e6:.0f} MB) of {result['tills']:,} tills, "
             f"{result['lines_per_upload']} an upload, {result['connections']} connections"
             f"{'' if result['connections_kept'] else ', one for each upload'}; signed and chained",
             f"  machine             {result['machine']}",
             f"  service             {rate['service']:>9,} lines/s, durable and acknowledged",
             f"  bare SQLite loop    {rate['bare']:>9,} lines/s, {result['rows_per_bare_commit']} rows a commit"
             f"; ratio {result['ratios']['service_to_bare']} (goal ≥ 0.7)"]
    if "postgresql_single_inserts" in rate:
        lines.append(f"  PostgreSQL          {rate['postgresql_single_inserts']:>9,} single inserts/s; ratio "
                     f"{result['ratios']['service_to_postgresql_single_inserts']} (goal ≥ 10)")
    lines += [f"  answer              p50 {wait['p50']:.1f} ms, p99 {wait['p99']:.1f} ms, worst {wait['worst']:.1f} ms; "
              f"asked to wait {result['asked_to_wait']}, reconnected {result['reconnected']}",
              f"  not yet booked      {result['uploads_not_yet_booked']:,} uploads, at the last answer",
              f"  what bounds it      {bounds['service_processor_us_per_upload']} µs of processor an upload, booking beside it included; "
              f"one signature check alone {bounds['one_signature_check_us']} µs, the bare loop {bounds['bare_loop_us_per_upload']} µs",
              f"  the bare loop with one signature check an upload in the same thread would reach "
              f"{bounds['ratio_of_bare_loop_with_signature_checks']} of itself"]
    return "\n".join(lines)


main()
