#!/usr/bin/env python3
"""Lay out one receipt and turn it into ESC/POS bytes: ours against npm receiptline, in the same run.

Both get the same receipt (tests/fixtures/receipts/cash-koseki.json, 48 columns): three lines, an invoice block, cash,
a QR code. That it is the same is checked on the printed texts before anything is measured. What is timed is layout and
encoding alone: our data are read, and receiptline's markup is made, before the clock starts.

receiptline draws the QR code itself and we let the printer do it, so there is a second figure, against receiptline
without the code; ours prints it in both.
"""
import argparse
import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
RECEIPTS = HERE.parent.parent / "fixtures" / "receipts"
FIXTURE = RECEIPTS / "cash-koseki.json"
GOLDEN = RECEIPTS / "cash-koseki.48.txt"  # what ours prints; the unit tests hold it
COLUMNS = "48"
ROUNDS = 3  # the median of three: one disturbed round does not count
GOAL = 50
# On a busy machine a run shorter than a time slice is never disturbed and a long one always is: both last about as long.
OURS_PER_THEIRS = 50


def fail(message):
    print(f"bench receipt: {message}", file=sys.stderr)
    sys.exit(1)


def output_of(command, **keywords):
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False, **keywords)
    if done.returncode != 0:
        fail(f"{command[0]} ended with {done.returncode}")
    return done.stdout


def install(folder):
    """The locked packages, in FOLDER; nothing when they are there."""
    modules = folder / "node_modules"
    if not (modules / "receiptline").is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(HERE / name, folder / name)
        output_of(["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"], cwd=folder)
    return modules


class Peer:
    def __init__(self, modules):
        self.environment = {**os.environ, "RECEIPTLINE_MODULES": str(modules)}

    def run(self, *words):
        return output_of(["node", str(HERE / "receiptline_bench.mjs"), str(FIXTURE), COLUMNS, *words],
                         env=self.environment)


def words_of(text):
    """What a person reads, without rules and the code."""
    return [word for word in re.sub(r"\[QR [^]]*\]", "", text).split() if not re.fullmatch(r"[-─━]+", word)]


def check_contents(peer):
    ours, theirs = words_of(GOLDEN.read_text()), words_of(peer.run("1", "text"))
    if ours != theirs:
        different = next((pair for pair in zip(ours, theirs) if pair[0] != pair[1]), (len(ours), len(theirs)))
        fail(f"the two receipts are not the same: ours has {different[0]!r}, receiptline's {different[1]!r}")


def measure(program, peer, iterations):
    """Seconds a receipt, bytes of one, and what each side says of itself."""
    count = str(iterations)
    ours_count = str(iterations * OURS_PER_THEIRS)
    runs = {"ours": lambda: output_of([program, str(FIXTURE), COLUMNS, ours_count]),
            "receiptline": lambda: peer.run(count, "escpos"),
            "receiptline_without_code": lambda: peer.run(count, "escpos", "without-code")}
    results = {name: [] for name in runs}
    for _ in range(ROUNDS):
        for name, run in runs.items():
            results[name].append(json.loads(run()))
    return {name: {**rows[0], "seconds": statistics.median(row["seconds"] / row["iterations"] for row in rows)}
            for name, rows in results.items()}


def machine():
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    return {"processor": model.group(1) if model else platform.machine(), "processors": os.cpu_count(),
            "system": platform.platform(), "load": round(os.getloadavg()[0], 1)}


def report(program, peer, iterations):
    results = measure(program, peer, iterations)
    ours = results["ours"]
    if ours["build"] not in ("Release", "RelWithDebInfo"):
        print(f"bench receipt: {program} is built as \"{ours['build']}\"; its figures mean little", file=sys.stderr)
    seconds = {name: result["seconds"] for name, result in results.items()}
    return {"name": "receipt", "machine": machine(),
            "versions": {"receiptline": results["receiptline"]["version"],
                         "node": output_of(["node", "--version"]).strip(), "build": ours["build"]},
            "sizes": {"iterations": {name: result["iterations"] for name, result in results.items()},
                      "bytes": {name: result["bytes"] for name, result in results.items()},
                      "rounds": ROUNDS, "columns": int(COLUMNS)},
            "seconds": seconds,
            "ratios": {"receiptline": round(seconds["receiptline"] / seconds["ours"], 1),
                       "receiptline_without_code": round(seconds["receiptline_without_code"] / seconds["ours"], 1)},
            "goals": {"receiptline": GOAL}}


def print_words(result):
    sizes, versions = result["sizes"], result["versions"]
    machine_words = result["machine"]
    print(f"receipt: layout and ESC/POS bytes, median of {sizes['rounds']} rounds")
    print(f"  machine   {machine_words['processor']}, {machine_words['processors']} processors, "
          f"load {machine_words['load']}; {machine_words['system']}")
    print(f"  versions  receiptline {versions['receiptline']}, node {versions['node']}, ours {versions['build']}")
    for name, seconds in result["seconds"].items():
        ratio = result["ratios"].get(name)
        words = f"   {ratio:6.1f} × ours" if ratio else ""
        print(f"  {name:26}{seconds * 1e6:9.1f} µs a receipt of {sizes['bytes'][name]} bytes, "
              f"{sizes['iterations'][name]} times{words}")
    print(f"  goal      receiptline ≥ {GOAL} × ours")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True, help="receipt_bench as built")
    parser.add_argument("--node-modules", type=Path, help="where receiptline is installed (default: below --work)")
    parser.add_argument("--work", type=Path, help="folder for what is installed (default: one that is removed again)")
    parser.add_argument("--iterations", type=int, default=2000)
    parser.add_argument("--json", action="store_true", help="one JSON object and nothing else")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        peer = Peer((options.node_modules or install(options.work or Path(scratch))).resolve())
        check_contents(peer)
        result = report(options.program, peer, options.iterations)
    if options.json:
        print(json.dumps(result, ensure_ascii=False))
    else:
        print_words(result)


if __name__ == "__main__":
    main()
