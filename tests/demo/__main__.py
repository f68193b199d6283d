"""./madoguchi demo: start the simulated city; with --script, let it work through a day and check the sums."""
import argparse
import pathlib
import shutil
import signal
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from demo.day import Day  # noqa: E402
from harness.city import City  # noqa: E402

USERS = [("sato", "佐藤 花子", "finance", "kaikei-2026-demo"), ("suzuki", "鈴木 一郎", "approver", "shonin-2026-demo"),
         ("admin", "管理 太郎", "administrator", "kanri-2026-demo")]


def start(city):
    city.start()
    for login, name, role, password in USERS:
        city.add_user(login, name, role, password)
    city.add_till("KO-01", "shimin-1", printer="[line_display]\nkind = simulated\ncharacters = cp932\n")
    city.add_till("KO-02", "museum-1")


def print_addresses(city):
    tills = city.tills
    print(f"""
  市民課 1番窓口 (KO-01)    {tills['KO-01'].url}/
  美術館 券売    (KO-02)    {tills['KO-02'].url}/
  機器のシミュレータ          {tills['KO-01'].url}/devices.html   (paper, cover, drawer, scanner, line display)
  会計課                     {city.url}/

  till clerks    佐藤 PIN 1111 · 鈴木 PIN 2222 · 高橋 PIN 3333
  finance users  {' · '.join(f'{login} / {password}' for login, _, _, password in USERS)}

  QR codes to scan: 900081810000000000000017 (PayPay), 3158990000000000012 (メルペイ)
  payment network misbehaviour: tests/simulators/README.md (POST http://127.0.0.1:{city.network_http_port}/control/scripts)
  everything is kept in {city.folder}
""", flush=True)


def serve_until_stopped():
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    print("Press Ctrl-C to stop.", flush=True)
    stopped.wait()


def main():
    parser = argparse.ArgumentParser(prog="./madoguchi demo", description=__doc__)
    parser.add_argument("--script", action="store_true", help="run the main job by itself and check the sums")
    parser.add_argument("--build", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--work", required=True, help=argparse.SUPPRESS)
    options = parser.parse_args()
    work = pathlib.Path(options.work)
    if work.exists():
        shutil.rmtree(work)
    timeout_ms = 3000 if options.script else 20000
    with City(options.build, work, payment_timeout_ms=timeout_ms) as city:
        start(city)
        if options.script:
            return Day(city, [(login, password) for login, _, _, password in USERS]).run()
        print_addresses(city)
        serve_until_stopped()
    return 0


sys.exit(main())
