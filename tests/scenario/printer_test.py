"""A till with a printer and a drawer on serial ports, as a clerk meets it: a sale opens the drawer and comes out on paper, a
cable that is pulled and plugged in again needs nobody's help, and a wrong setting is named before the till opens."""
import os
import pathlib
import pty
import select
import socket
import subprocess
import sys
import tempfile
import threading
import tty
import unittest

from scene import Scene
from harness.process import wait_until
from harness.till import Till

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "simulators"))

from receipt_printer.device import Printer  # noqa: E402


class Port:
    """A pseudo-terminal under a name that stays."""

    def __init__(self, link):
        self.link = link
        self.master = self.slave = None

    def plug_in(self):
        self.master, self.slave = pty.openpty()
        tty.setraw(self.slave)
        os.symlink(os.ttyname(self.slave), self.link)

    def unplug(self):
        self.link.unlink()
        os.close(self.slave)
        os.close(self.master)


class PrinterPort(Port):
    """A port with the simulated printer behind it."""

    def __init__(self, link, printer):
        super().__init__(link)
        self.printer = printer

    def plug_in(self):
        super().plug_in()
        self.cable = socket.create_connection(("127.0.0.1", self.printer.listener.port))
        self.stop, self.stopped = os.pipe()
        self.thread = threading.Thread(target=self.carry, daemon=True)
        self.thread.start()

    def carry(self):
        while True:
            ready = select.select([self.stop, self.master, self.cable], [], [])[0]
            if self.stop in ready:
                return
            if self.master in ready:
                self.cable.sendall(os.read(self.master, 512))
            if self.cable in ready:
                os.write(self.master, self.cable.recv(512))

    def unplug(self):
        os.close(self.stopped)
        self.thread.join()
        os.close(self.stop)
        self.cable.close()
        super().unplug()


class SerialDevices(Scene):
    @classmethod
    def setUpClass(cls):
        ports = tempfile.TemporaryDirectory(prefix="ports-")
        cls.addClassCleanup(ports.cleanup)
        cls.paper = Printer(0, lambda number, data: None)
        cls.paper.start()
        cls.addClassCleanup(cls.paper.stop)
        cls.port = PrinterPort(pathlib.Path(ports.name) / "printer", cls.paper)
        cls.port.plug_in()
        cls.box = Port(pathlib.Path(ports.name) / "drawer")
        cls.box.plug_in()
        cls.printer = (f"[printer]\nkind = escpos\nconnection = serial\nmodel = tm-m30\ndevice = {cls.port.link}\n"
                       f"flow_control = none\n[cash_drawer]\nkind = serial\ndevice = {cls.box.link}\ntrigger = 07\n")
        super().setUpClass()

    def cuts(self):
        return self.paper.seen()["cuts"]

    def test_a_cash_sale_opens_the_drawer_and_comes_out_on_paper(self):
        before = self.cuts()
        self.till.sell_for_cash("juminhyo")
        self.assertEqual(os.read(self.box.master, 1), b"\x07")
        wait_until("the receipt to come out", lambda: self.cuts() > before)

    def test_a_printer_that_was_pulled_and_plugged_in_again_needs_nobody(self):
        self.port.unplug()
        wait_until("the till to miss its printer", lambda: self.till.state()["status"]["printer"]["state"] == "offline")
        before = self.cuts()
        self.till.sell_for_cash("juminhyo")
        self.port.plug_in()
        wait_until("the till to find its printer", lambda: self.till.state()["status"]["printer"]["state"] == "ready")
        self.till.sell_for_cash("juminhyo")
        wait_until("a receipt to come out", lambda: self.cuts() > before)


class WrongSettings(Scene):
    def test_a_wrong_setting_is_named_with_its_line(self):
        other = Till(self.city, "KO-07", "shimin-1")
        other.enrol()
        good = other.config.read_text()
        line = good.count("\n") + 1
        for section, key, value, reason in (
                ("printer", "kind", "laser", "simulated or escpos is allowed"),
                ("printer", "connection", "pigeon", "usb, serial or tcp is allowed"),
                ("printer", "model", "abacus", "is not known"),
                ("printer", "usb", "epson", "vendor:product"),
                ("printer", "baud", "9601", "speed of serial ports"),
                ("printer", "flow_control", "dam", "none, rts-cts or xon-xoff is allowed"),
                ("printer", "host", "printer.example", "numeric address"),
                ("printer", "columns", "40", "32, 42 or 48"),
                ("cash_drawer", "kind", "sack", "none, printer or serial is allowed"),
                ("cash_drawer", "pin", "3", "2 or 5"),
                ("cash_drawer", "switch", "sometimes", "none, opens-low or opens-high is allowed"),
                ("cash_drawer", "trigger", "open", "hexadecimal")):
            kind = {"printer": {"kind": "escpos", "connection": "usb" if key == "usb" else "serial" if key == "baud" else "tcp"},
                    "cash_drawer": {"kind": "serial" if key == "trigger" else "printer"}}
            kind[section][key] = value
            text = f"[{section}]\n{key} = {value}\n"
            text += "".join(f"[{each}]\n" + "".join(f"{name} = {word}\n" for name, word in keys.items()
                                                    if (each, name) != (section, key))
                            for each, keys in kind.items())
            with self.subTest(section=section, key=key):
                other.config.write_text(good + text)
                result = subprocess.run([other.program, "serve", "--config", other.config], capture_output=True, text=True,
                                        timeout=60, check=False)
                self.assertNotEqual(result.returncode, 0)
                self.assertIn(f"till.conf:{line + 1}: {key} ", result.stderr)
                self.assertIn(reason, result.stderr)


if __name__ == "__main__":
    unittest.main()
