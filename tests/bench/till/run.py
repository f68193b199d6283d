"""./madoguchi bench till: start to ready, memory, and last keypress to paper, against sqlite3 and an fsync of the same disk.

The till is the release build, with a real TCP printer on the other end (of this process) and no network: what it has sold is unsent.
"""
import argparse
import json
import os
import pathlib
import platform
import shutil
import socket
import sqlite3
import statistics
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent.parent))

import journal  # noqa: E402
import screen  # noqa: E402
from harness.city import MASTERS, City  # noqa: E402
from harness.process import free_port, run  # noqa: E402

TERMINAL, PLACE = "KO-01", "shimin-1"
ITEM = "juminhyo"
MONTH_LINES = 30 * (journal.SALES_PER_DAY * journal.LINES_PER_SALE + 2)
GOAL_START, GOAL_RSS_MIB, GOAL_CHANGE, GOAL_PAPER_MS = 3.0, 48, 1.2, 10.0


class Paper:
    """A printer that is always well. `first_byte` is when the first byte of the newest paper came."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.first_byte = None
        self.came = threading.Event()
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            connection, _ = self.listener.accept()
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self.talk, args=(connection,), daemon=True).start()

    def talk(self, connection):
        with connection:
            while data := connection.recv(65536):
                now = time.perf_counter()
                questions = data.count(b"\x10\x04")
                if len(data) > 3 * questions and not self.came.is_set():
                    self.first_byte = now
                    self.came.set()
                    self.sizes = len(data)
                for _ in range(questions):
                    connection.sendall(b"\x12")
                for _ in range(data.count(b"\x1d\x72")):
                    connection.sendall(b"\x00")


def large_masters(path, count):
    document = json.loads(pathlib.Path(MASTERS).read_text(encoding="utf-8"))
    categories = next(place for place in document["places"] if place["code"] == PLACE)["categories"]
    model = next(item for item in document["items"] if item["code"] == ITEM)
    # Names in other languages on every row would make the document larger than 8 MiB, which is what masters may be.
    model = {key: value for key, value in model.items() if key not in ("names", "receipt_names") and not key.startswith("name_")}
    document["items"] += [{**model, "code": f"bench-{n:05}", "name": f"第{n}号様式による証明書の交付", "favourite": False,
                           "kana": f"だい{n}ごうようしきによるしょうめいしょのこうふ", "category": categories[n % len(categories)]}
                          for n in range(count - len(document["items"]))]
    path.write_text(json.dumps(document, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
    return path


def make_till(build, folder, masters, paper):
    """A till that is enrolled and has never sold, and the bodies and rows of one that has."""
    printer = f"[printer]\nkind = escpos\nconnection = tcp\nhost = 127.0.0.1\nport = {paper.port}\n"
    shutil.rmtree(folder, ignore_errors=True)
    with City(build, folder, masters=masters) as city:
        city.start()
        sold = city.add_till("KO-09", PLACE)
        sold.open()
        sold.sell_for_cash(ITEM)
        sold.all_printed()
        sold.post("/api/day/close", counted_cash_yen=20300, difference_reason=None)
        sold.stop()
        template = journal.Template(sold.database)
        till = city.add_till(TERMINAL, PLACE, printer=printer)
        till.stop()
    return till, template


def scheduled_ms(pid, field):
    """A field of the scheduler's account, of all threads that there are now."""
    total = 0
    for path in pathlib.Path(f"/proc/{pid}/task").glob("*/schedstat"):
        try:
            total += int(path.read_text(encoding="ascii").split()[field])
        except (FileNotFoundError, ProcessLookupError):
            continue  # a thread that has just ended
    return total / 1e6


def processor_ms(process):
    """What the processor has done for PROCESS so far; it depends less on what else runs than the clock does."""
    return scheduled_ms(process.pid, 0)


def queued_ms(process):
    """How long the till and this process (the clerk and the printer) could have gone on, but others had the processor."""
    return scheduled_ms(process.pid, 1) + scheduled_ms(os.getpid(), 1)


def libraries(process):
    """Files of code in memory, of the program and of what it stands on."""
    maps = pathlib.Path(f"/proc/{process.pid}/maps").read_text(encoding="utf-8").splitlines()
    return len({row.split(None, 5)[5] for row in maps if " r-xp " in row and "/" in row})


def until_ready(till):
    """Start the till; seconds until it answers for the first sale."""
    began = time.perf_counter()
    process = subprocess.Popen([str(till.program), "serve", "--config", str(till.config)], cwd=till.folder,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    request = f"GET /api/catalog HTTP/1.0\r\nHost: 127.0.0.1:{till.port}\r\n\r\n".encode()
    while True:
        try:
            with socket.create_connection(("127.0.0.1", till.port), timeout=5) as connection:
                connection.sendall(request)
                if b" 200 " in connection.recv(64):
                    return process, time.perf_counter() - began
        except OSError:
            time.sleep(0.0002)
        if process.poll() is not None:
            sys.exit(f"the till ended by itself: {process.returncode}")


def resident_mib(process):
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024


def count_lines(database):
    """Seconds by the clock, and milliseconds of the processor."""
    began = time.perf_counter()
    process = subprocess.Popen(["sqlite3", str(database), "SELECT COUNT(*) FROM journal_line"], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = status
    if status != 0:
        sys.exit("sqlite3 could not count the lines")
    return time.perf_counter() - began, 1000 * (usage.ru_utime + usage.ru_stime)


def measure_start(till, rounds):
    starts, references, memory, work, reference_work = [], [], [], [], []
    for _ in range(rounds):
        seconds, used_ms = count_lines(till.database)
        references.append(seconds)
        reference_work.append(used_ms)
        process, seconds = until_ready(till)
        work.append(processor_ms(process))
        loaded = libraries(process)
        time.sleep(0.5)
        memory.append(resident_mib(process))
        process.terminate()
        process.wait()
        starts.append(seconds)
    return {"start_ms": 1000 * statistics.median(starts), "sqlite3_ms": 1000 * statistics.median(references),
            "start_ratio": statistics.median(starts) / statistics.median(references), "rss_mib": statistics.median(memory),
            "start_processor_ms": min(work), "sqlite3_processor_ms": min(reference_work), "libraries": loaded}


def spread(seconds):
    ordered = sorted(1000 * value for value in seconds)
    at = lambda part: ordered[min(len(ordered) - 1, int(part * len(ordered)))]  # noqa: E731
    return {"p50_ms": at(0.5), "p90_ms": at(0.9), "p99_ms": at(0.99), "max_ms": ordered[-1]}


def fsync_spread(folder, count):
    path = folder / "fsync.probe"
    taken = []
    with open(path, "wb", buffering=0) as file:
        for _ in range(count):
            file.write(b"x" * 4096)
            began = time.perf_counter()
            os.fsync(file.fileno())
            taken.append(time.perf_counter() - began)
    path.unlink()
    return spread(taken)


def measure_paper(till, paper, sales):
    """From the key that takes the cash to the first byte of the receipt; the line is durable in between."""
    process, _ = until_ready(till)
    taken, own = [], []
    till.open()
    for _ in range(sales):
        basket = till.ring_up(ITEM)["basket"]
        time.sleep(0.02)
        paper.came.clear()
        queued = queued_ms(process)
        began = time.perf_counter()
        till.post("/api/pay/cash", basket=basket["id"], tendered_yen=1000)
        if not paper.came.wait(30):
            sys.exit("no paper came")
        taken.append(paper.first_byte - began)
        own.append(max(0.0, taken[-1] - (queued_ms(process) - queued) / 1000))
        till.all_printed()
    memory = resident_mib(process)
    process.terminate()
    process.wait()
    return {**spread(taken), "sales": sales, "rss_mib": memory, "own": spread(own)}


def machine():
    model = next((line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo", encoding="utf-8") if line.startswith("model name")), "?")
    return {"cpu": model, "cores": os.cpu_count(), "kernel": platform.release(),
            "sqlite3": run(["sqlite3", "--version"], ".").split()[0], "sqlite_of_python": sqlite3.sqlite_version}


def show(result):
    print(f"machine: {result['machine']}")
    for name, row in result["start"].items():
        print(f"{name:34} start {row['start_ms']:7.1f} ms   sqlite3 counting {row['sqlite3_ms']:7.1f} ms   ratio {row['start_ratio']:5.2f}"
              f" (goal {GOAL_START})   processor {row['start_processor_ms']:5.1f} and {row['sqlite3_processor_ms']:5.1f} ms"
              f"   {row['libraries']} files of code   RSS {row['rss_mib']:5.1f} MiB")
    print(f"largest against smallest: start {result['start_change']:.2f} x, memory {result['rss_change']:.2f} x (goal {GOAL_CHANGE})")
    paper, fsync = result["paper"], result["fsync"]
    print(f"key to paper, {result['paper_lines']} lines: p50 {paper['p50_ms']:.1f}  p90 {paper['p90_ms']:.1f}  p99 {paper['p99_ms']:.1f}"
          f"  max {paper['max_ms']:.1f} ms; one fsync: p50 {fsync['p50_ms']:.1f}  p99 {fsync['p99_ms']:.1f} ms")
    own = paper["own"]
    print(f"less what its threads waited for a processor (their sum: at least this is the till's own): p50 {own['p50_ms']:.1f}  p90 {own['p90_ms']:.1f}  p99 {own['p99_ms']:.1f}"
          f"  max {own['max_ms']:.1f} ms")
    screen.show(result["screen"])
    print(f"p99 beyond one fsync: {result['paper_beyond_fsync_ms']:.1f} ms (goal {GOAL_PAPER_MS}); RSS then {paper['rss_mib']:.1f} MiB (goal {GOAL_RSS_MIB})")


def main():
    parser = argparse.ArgumentParser(prog="./madoguchi bench till")
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--items", type=int, default=20000)
    parser.add_argument("--lines", type=int, default=1_000_000, help="lines of the journal for key to paper")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--sales", type=int, default=200)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    work = options.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    paper = Paper()
    result = {"machine": machine(), "items": options.items, "month_lines": MONTH_LINES, "start": {}}
    small, template = make_till(options.build, work / "small", MASTERS, paper)
    large, _ = make_till(options.build, work / "large", large_masters(work / "masters.json", options.items), paper)
    for size, till in (("few items", small), (f"{options.items} items", large)):
        result["start"][f"{size}, nothing unsent"] = measure_start(till, options.rounds)
        journal.extend(till.database, template, TERMINAL, MONTH_LINES)
        result["start"][f"{size}, 30 days unsent"] = measure_start(till, options.rounds)
    rows = list(result["start"].values())
    result["start_change"] = rows[-1]["start_ms"] / rows[0]["start_ms"]
    result["rss_change"] = rows[-1]["rss_mib"] / rows[0]["rss_mib"]
    process, _ = until_ready(large)
    result["screen"] = screen.measure(large, ITEM)
    process.terminate()
    process.wait()
    full, template = make_till(options.build, work / "full", MASTERS, paper)
    began = time.perf_counter()
    journal.extend(full.database, template, TERMINAL, options.lines)
    result["generated_s"] = time.perf_counter() - began
    result["paper_lines"] = sqlite3.connect(full.database).execute("SELECT MAX(sequence) FROM journal_line").fetchone()[0]
    result["start"][f"few items, {result['paper_lines']} lines"] = measure_start(full, max(3, options.rounds // 2))
    result["fsync"] = fsync_spread(work, options.sales)
    result["paper"] = measure_paper(full, paper, options.sales)
    result["paper_beyond_fsync_ms"] = result["paper"]["p99_ms"] - result["fsync"]["p99_ms"]
    if options.json:
        print(json.dumps(result, ensure_ascii=False))
    else:
        show(result)


if __name__ == "__main__":
    main()
