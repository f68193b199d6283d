"""A till whose devices come and go: the clerk is told within seconds what to do, a sale goes on without any of them, what
is plugged in after the start is used, and 機器の点検 tries each."""
import json
import os
import pathlib
import pty
import select
import sys
import tempfile
import threading
import tty
import unittest

from scene import Scene
from harness.http import Refused
from harness.process import free_port, wait_until
from harness.till import QR_CODES

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "simulators"))

from receipt_printer.device import Printer  # noqa: E402


class Port:
    """A pseudo-terminal under a name that stays; what the program writes is kept."""

    def __init__(self, link):
        self.link = link
        self.written = b""
        self.ends = ()

    def plug_in(self):
        self.ends = pty.openpty()
        tty.setraw(self.ends[1])
        os.symlink(os.ttyname(self.ends[1]), self.link)
        self.stop, self.stopped = os.pipe()
        self.reader = threading.Thread(target=self.read, args=(self.ends[0], self.stop), daemon=True)
        self.reader.start()

    def read(self, master, stop):
        while stop not in select.select([master, stop], [], [])[0]:
            self.written += os.read(master, 512)

    def unplug(self):
        self.link.unlink()
        os.close(self.stopped)
        self.reader.join()
        os.close(self.stop)
        for end in self.ends:
            os.close(end)

    def scan(self, code):
        os.write(self.ends[0], (code + "\r").encode())


class Devices(Scene):
    @classmethod
    def setUpClass(cls):
        ports = tempfile.TemporaryDirectory(prefix="ports-")
        cls.addClassCleanup(ports.cleanup)
        folder = pathlib.Path(ports.name)
        cls.paper = Printer(free_port(), lambda number, data: None)
        cls.paper.start()
        cls.addClassCleanup(cls.paper.stop)
        cls.scanner = Port(folder / "scanner")
        cls.display = Port(folder / "display")
        cls.box = Port(folder / "drawer")
        cls.printer = (f"[printer]\nkind = escpos\nconnection = tcp\nmodel = tm-t88\nport = {cls.paper.listener.port}\n"
                       f"[scanner]\nkind = serial\nport = {cls.scanner.link}\n"
                       f"[line_display]\nkind = escpos\nconnection = serial\ndevice = {cls.display.link}\n"
                       f"[cash_drawer]\nkind = serial\ndevice = {cls.box.link}\ntrigger = 07\n"
                       "[card_reader]\nkind = simulated\n")
        super().setUpClass()

    def device(self, name):
        return self.till.state()["status"][name]

    def becomes(self, name, state):
        def is_so():
            told = self.device(name)
            return told["state"] == state and told
        return wait_until(f"{name} to be {state}", is_so)

    def result_of(self, name):
        return next(one["test"] for one in self.till.get("/api/devices")["devices"] if one["device"] == name)

    def ended(self, name):
        def is_over():
            test = self.result_of(name)
            return test["state"] not in ("running", "never") and test
        return wait_until(f"the test of {name} to end", is_over)

    def history(self, name):
        return [one["state"] for one in self.till.get("/api/devices")["history"] if one["device"] == name]

    def plugged(self, port, name):
        if not port.link.is_symlink():
            port.plug_in()
        self.becomes(name, "ready")

    # Hot-plug. The ports do not exist when the till starts: whichever test comes first plugs its device in.

    def test_a_printer_that_goes_away_is_told_and_sales_go_on_until_it_is_back(self):
        self.becomes("printer", "ready")
        self.paper.listener.shut()
        told = self.becomes("printer", "offline")
        self.assertIn("電源とケーブルを確かめてください", told["message"])
        state = self.till.sell_for_cash("juminhyo")
        self.assertEqual(state["last_sale"]["total_yen"], 300)
        wait_until("the receipt to be given up", lambda: self.till.state()["last_sale"]["print"] == "not_printed")
        self.paper.listener.open()
        told = self.becomes("printer", "ready")
        self.assertEqual(told["message"], "")
        before = self.paper.seen()["cuts"]
        self.till.sell_for_cash("juminhyo")
        wait_until("a receipt to come out", lambda: self.paper.seen()["cuts"] > before)
        self.assertEqual(self.history("printer")[:2], ["ready", "offline"])

    def test_a_scanner_that_comes_after_the_start_pays_and_is_missed_when_it_is_pulled(self):
        if self.scanner.link.is_symlink():
            self.scanner.unplug()
        told = self.becomes("scanner", "offline")
        self.assertIn("差し直して", told["message"])
        self.plugged(self.scanner, "scanner")
        basket = self.till.ring_up("juminhyo")["basket"]["id"]
        self.till.post("/api/pay/cashless", basket=basket, method="qr", brand="paypay")

        def sold():
            self.scanner.scan(QR_CODES["paypay"])
            sale = self.till.state()["last_sale"]
            return sale and sale["sale"] == basket
        wait_until("the scanned code to have paid", sold, pause=0.3)

    def test_a_display_that_comes_after_the_start_shows_what_is_due_and_is_missed_when_it_is_pulled(self):
        self.plugged(self.display, "line_display")
        self.till.ring_up("juminhyo")
        wait_until("the price on the display", lambda: b"300" in self.display.written)
        self.display.unplug()
        told = self.becomes("line_display", "offline")
        self.assertIn("金額は声で", told["message"])
        self.till.clear()
        self.till.sell_for_cash("juminhyo")
        self.display.written = b""
        self.plugged(self.display, "line_display")
        wait_until("the rows on the display again", lambda: b"\x1f$\x01\x01" in self.display.written)

    def test_a_drawer_on_its_own_port_is_missed_and_found_again(self):
        self.plugged(self.box, "cash_drawer")
        self.box.unplug()
        told = self.becomes("cash_drawer", "offline")
        self.assertIn("鍵で開けて", told["message"])
        refused = self.till.process.tail(1000).count("drawer: opening: ")
        self.till.sell_for_cash("juminhyo")
        # The drawer is opened beside the sale: plugged in before that was tried, it would open for this one as well.
        wait_until("the opening to be given up", lambda: self.till.process.tail(1000).count("drawer: opening: ") > refused)
        self.box.written = b""
        self.plugged(self.box, "cash_drawer")
        self.till.sell_for_cash("juminhyo")
        wait_until("the pulse", lambda: self.box.written == b"\x07")

    # 機器の点検

    def test_the_test_page_comes_out_and_says_so(self):
        self.becomes("printer", "ready")
        self.till.post("/api/devices/printer/test")
        ended = self.ended("printer")
        self.assertEqual((ended["state"], "印字しました" in ended["message"]), ("passed", True))
        self.assertIsNotNone(ended["at"])

    def test_the_drawer_is_tested_with_a_record_of_who_opened_it_and_why(self):
        self.plugged(self.box, "cash_drawer")
        before = len(self.till.journal())
        self.box.written = b""
        self.till.post("/api/devices/cash_drawer/test")
        self.assertEqual(self.ended("cash_drawer")["state"], "look")  # a box without a sensor
        wait_until("the pulse", lambda: self.box.written == b"\x07")
        [line] = [line for line in self.till.journal()[before:] if line["kind"] == "drawer.opened"]
        self.assertEqual((line["body"]["reason"], line["body"]["note"], line["body"]["clerk"]), ("no_sale", "機器の点検", "sato"))

    def test_a_scan_for_the_test_is_told_masked_and_kept_nowhere(self):
        self.plugged(self.scanner, "scanner")
        self.till.post("/api/devices/scanner/test")

        def told():
            if self.result_of("scanner")["state"] == "passed":
                return True
            self.scanner.scan(QR_CODES["paypay"])
            return False
        wait_until("the scan to be told", told, pause=0.3)
        message = self.result_of("scanner")["message"]
        self.assertIn("支払いコード", message)
        self.assertIn("90…17 の24文字", message)
        everything = json.dumps(self.till.get("/api/devices")) + self.till.process.tail(1000)
        self.assertNotIn(QR_CODES["paypay"], everything)
        self.assertNotIn(QR_CODES["paypay"].encode(), self.till.database.read_bytes())

    def test_a_payment_that_waits_for_its_code_goes_before_a_test(self):
        self.plugged(self.scanner, "scanner")
        basket = self.till.ring_up("juminhyo")["basket"]["id"]
        self.till.post("/api/pay/cashless", basket=basket, method="qr", brand="paypay")
        with self.assertRaises(Refused) as refused:
            self.till.post("/api/devices/scanner/test")
        self.assertEqual(refused.exception.code, "payment_waits")
        self.till.post("/api/pay/stop")
        self.till.post("/api/devices/scanner/test")
        self.till.post("/api/devices/scanner/stop")
        self.assertEqual(self.result_of("scanner")["state"], "never")

    def test_the_display_shows_the_words_of_the_test(self):
        self.plugged(self.display, "line_display")
        self.display.written = b""
        self.till.post("/api/devices/line_display/test")
        self.assertEqual(self.ended("line_display")["state"], "look")
        wait_until("the test's sum", lambda: b"1,234,567" in self.display.written)

    def test_a_card_that_was_read_is_told_without_its_balance(self):
        self.becomes("card_reader", "ready")
        self.till.post("/api/simulated/card", card="edy")
        self.till.post("/api/card/inquire")
        self.till.post("/api/simulated/card", card=None)
        ended = self.result_of("card_reader")
        self.assertEqual((ended["state"], ended["message"]), ("passed", "カードの残高を読み取れました。"))

    def test_what_a_till_does_not_have_cannot_be_tested(self):
        for name in ("card_reader", "coffee_machine"):
            with self.assertRaises(Refused) as refused:
                self.till.post(f"/api/devices/{name}/test")
            self.assertEqual(refused.exception.code, "no_such_device")


if __name__ == "__main__":
    unittest.main()
