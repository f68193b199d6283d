"""The pictures of the Japanese manuals (docs/operations), taken from the real programs.

    manual.py --build BUILD --out FOLDER

Each picture is a situation that a clerk or an attendant meets. manual_test.py makes sure that the manuals name only
pictures that this script takes, and that it can take them all.
"""
import argparse
import json
import pathlib
import shutil
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
sys.path.insert(0, str(HERE))

from browser import Browser  # noqa: E402
from facility_test import masters_with_a_car_park  # noqa: E402
from harness.city import City  # noqa: E402
from manual_finance import FinancePhotographer  # noqa: E402
from harness.process import wait_until  # noqa: E402

SIZE = (1280, 800)


class Photographer:
    """One city, two tills: a counter and a facility. Methods named scene_… run in their order."""

    def __init__(self, build, out, folder):
        masters = pathlib.Path(folder) / "masters.json"
        masters.write_text(json.dumps(masters_with_a_car_park(), ensure_ascii=False))
        self.out = pathlib.Path(out)
        self.out.mkdir(parents=True, exist_ok=True)
        self.taken = []
        self.city = City(build, folder, payment_timeout_ms=4000, masters=masters)

    def take(self, browser, name):
        browser.screenshot(self.out / f"{name}.png")
        self.taken.append(name)

    def run(self):
        with self.city:
            self.city.start()
            self.till = self.city.add_till("KO-01", "shimin-1")
            with Browser(size=SIZE) as browser:
                browser.open(self.till.url + "/")
                for scene in (self.opening, self.cash, self.code, self.hold, self.unknown, self.paper_out, self.records,
                              self.attention, self.closing):
                    scene(browser)
            gate = self.city.add_till("MU-01", "museum-1")
            gate.open("takahashi", "3333")
            with Browser(size=SIZE) as browser:
                self.gate(browser, gate)
        return self.taken

    def opening(self, browser):
        browser.wait_for_text("佐藤")
        self.take(browser, "sign-in")
        browser.click_text("佐藤")
        browser.type("1111")
        browser.press("Enter")
        browser.wait_for_text("つり銭")
        self.take(browser, "day-opening")
        self.till.post("/api/day/open", float_yen=20000)
        browser.wait_for("[data-item=juminhyo]")

    def cash(self, browser):
        browser.press("2", "3", "3", "3", "4")
        browser.wait_for_text("3,450")
        self.take(browser, "sale")
        browser.press("F9")
        browser.wait_for_text("お預かり")
        for digit in "5000":
            browser.press(digit)
        self.take(browser, "cash")
        browser.press("Enter")
        browser.wait_for_text("1,550")
        self.till.all_printed()
        browser.wait_for_text("印刷済み")
        self.take(browser, "paid")
        browser.press("Enter")

    def code(self, browser):
        browser.wait_for("[data-item=juminhyo]")
        browser.press("1")
        browser.wait_for_text("¥300")
        browser.press("F10")
        browser.wait_for_text("PayPay")
        self.take(browser, "brands")
        browser.press("Enter")
        browser.wait_for_text("スマートフォン")
        self.take(browser, "waiting-code")
        self.till.post("/api/simulated/scanner", code="900081810000000000000017")
        browser.wait_for_text("お支払い済み")
        browser.press("Enter")

    def hold(self, browser):
        browser.wait_for("[data-item=juminhyo]")
        browser.press("1")
        browser.wait_for_text("1点")
        browser.press("F6")
        browser.wait_for_text("目印")
        browser.press("2", "Enter")
        browser.wait_for_text("保留 1件")
        browser.press("F6")
        browser.wait_for_text("呼び戻す")
        self.take(browser, "held")
        browser.press("1")
        wait_until("the basket", lambda: self.till.state()["basket"]["lines"])
        self.till.clear()
        browser.press("F1")

    def unknown(self, browser):
        self.city.script("timeout_after", channel="qr", times=1)
        charged = len([row for row in self.city.book() if row["state"] == "charged"])
        self.till.start_payment("qr", "paypay", "inkan")
        wait_until("the charge", lambda: len([r for r in self.city.book() if r["state"] == "charged"]) > charged)
        self.city.set_payment_network(False)
        try:
            browser.wait_for_text("もう一度請求しないでください", timeout_s=20)
            self.take(browser, "unknown")
            self.till.post("/api/pay/set-aside")
            browser.wait_for_text("結果未確認 1件")
            self.take(browser, "next-citizen")
        finally:
            self.city.set_payment_network(True)
        self.till.all_resolved()

    def paper_out(self, browser):
        self.till.post("/api/simulated/printer", paper="end")
        self.city.set_uplink(False)
        self.till.sell_for_cash("kazei")
        self.till.all_printed()
        browser.wait_for_text("用紙")
        self.take(browser, "paper-out")
        self.till.post("/api/simulated/printer", paper="ok")
        self.city.set_uplink(True)
        self.till.all_sent()

    def records(self, browser):
        browser.press("F3")
        browser.wait_for_text("会計一覧")
        browser.wait_for_text("3,450")
        self.take(browser, "records")

    def attention(self, browser):
        browser.press("F4")
        browser.wait_for_text("機器と通信")
        self.take(browser, "attention")

    def closing(self, browser):
        browser.press("Shift+F9")
        browser.wait_for_text("精算")
        self.take(browser, "cash-control")

    def gate(self, browser, gate):
        browser.open(gate.url + "/")
        browser.wait_for_text("施設")
        browser.press("F5")
        browser.wait_for("[data-park=test-parking]")
        self.take(browser, "gate")
        browser.click("[data-park=test-parking]")
        browser.wait_for(".gate-ticket .gate-facts")
        ticket = gate.get("/api/facilities")["inside"][0]["ticket"]
        self.take(browser, "gate-ticket")
        browser.open(gate.url + "/")
        browser.wait_for_text("施設")
        gate.post("/api/simulated/scanner", code=self.tomorrow(ticket))
        browser.wait_for_text("入庫の時刻が今より後です")
        self.take(browser, "gate-doubt")

    @staticmethod
    def tomorrow(ticket):
        digits = ticket[:2] + f"{int(ticket[2:10]) + 1440:08d}" + ticket[10:22]
        return digits + f"{98 - int(digits) * 100 % 97:02d}"


def take_all(build, out):
    taken = []
    for photographer in (Photographer, FinancePhotographer):
        folder = tempfile.mkdtemp(prefix="manual-")
        try:
            taken += photographer(build, out, folder).run()
        finally:
            shutil.rmtree(folder, True)
    return taken


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", required=True)
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    for name in take_all(pathlib.Path(options.build).resolve(), options.out):
        print(name)
