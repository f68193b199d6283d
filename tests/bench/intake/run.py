"""./madoguchi bench intake: durable acknowledged lines per second, against a bare SQLite group-commit loop of the same rows."""
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

from harness.city import City  # noqa: E402
from harness.process import run  # noqa: E402

GROUP_ROWS = 256  # rows a commit of the bare loop: what one writer gathers under load


def load(build, *words, stdin=""):
    result = subprocess.run([str(build / "tests/bench/intake/intake_load"), *map(str, words)], input=stdin, capture_output=True,
                            text=True, check=False)
    if result.returncode != 0:
        sys.exit(f"intake_load {words}: {result.stderr}")
    answer = json.loads(result.stdout)
    if answer["failures"]:
        sys.exit(f"uploads were refused: {result.stderr[:2000]}")
    return answer


def measure_service(build, work, tills, uploads, lines):
    shutil.rmtree(work / "service", ignore_errors=True)
    with City(build, work / "service") as city:
        run([city.program, "masters", "load", "--database", city.database, "--file",
             pathlib.Path(__file__).resolve().parents[3] / "settlement/masters/sample/koriyama.json"], city.folder)
        city.start_settlement()
        codes = "\n".join(city.enrolment_code(f"B-{i:03}", "shimin-1") for i in range(tills))
        result = load(build, "serve", "127.0.0.1", city.port, tills, uploads, lines, stdin=codes)
        store = sqlite3.connect(f"file:{city.database}?mode=ro", uri=True)
        held = store.execute("SELECT SUM(last - first + 1) FROM journal_run").fetchone()[0]
        store.close()
        if held != result["lines"]:
            sys.exit(f"{result['lines']} lines were acknowledged, {held} are there")
        return result


def measure_bare(build, work, tills, uploads, lines):
    database = work / "bare.db"
    for ending in ("", "-wal", "-shm"):
        database.with_name(database.name + ending).unlink(missing_ok=True)
    return load(build, "bare", database, tills, uploads, lines, GROUP_ROWS)


def machine():
    model = next((line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo", encoding="utf-8") if line.startswith("model name")), "?")
    return {"cpu": model, "cores": os.cpu_count(), "kernel": platform.release(), "sqlite_of_python": sqlite3.sqlite_version}


def main():
    parser = argparse.ArgumentParser(prog="./madoguchi bench intake", description=__doc__)
    parser.add_argument("--build", required=True, type=pathlib.Path, help=argparse.SUPPRESS)
    parser.add_argument("--work", required=True, type=pathlib.Path, help=argparse.SUPPRESS)
    parser.add_argument("--tills", type=int, default=32)
    parser.add_argument("--lines", type=int, default=50, help="lines an upload")
    parser.add_argument("--uploads", type=int, default=60, help="uploads a till")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    build = options.build.resolve()
    work = options.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    shape = (options.tills, options.uploads, options.lines)
    service, bare = [], []
    for _ in range(options.rounds):
        bare.append(measure_bare(build, work, *shape))
        service.append(measure_service(build, work, *shape))
    lines = service[0]["lines"]
    service_seconds = statistics.median(r["seconds"] for r in service)
    bare_seconds = statistics.median(r["seconds"] for r in bare)
    result = {"benchmark": "intake", "machine": machine(), "tills": options.tills, "lines": lines, "bytes": service[0]["bytes"],
              "lines_per_upload": options.lines, "rows_per_bare_commit": GROUP_ROWS,
              "seconds": {"service": service_seconds, "bare": bare_seconds},
              "lines_per_second": {"service": round(lines / service_seconds), "bare": round(lines / bare_seconds)},
              "ratios": {"service_to_bare_loop": round(bare_seconds / service_seconds, 3)}, "goals": {"service_to_bare_loop": 0.7}}
    if options.json:
        print(json.dumps(result))
        return
    print(f"intake: {lines:,} lines of {options.tills} tills, {options.lines} an upload, signed and chained; median of {options.rounds}")
    print(f"  machine        {result['machine']}")
    print(f"  service        {result['lines_per_second']['service']:>9,} lines/s  ({service_seconds:.3f} s, durable and acknowledged)")
    print(f"  bare SQLite    {result['lines_per_second']['bare']:>9,} lines/s  ({bare_seconds:.3f} s, {GROUP_ROWS} rows a commit)")
    print(f"  ratio          {result['ratios']['service_to_bare_loop']:>9}  (goal ≥ 0.7)")


main()
