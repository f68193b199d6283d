"""A scanner on a serial port, as a citizen meets it: a code pays, twice scanned pays once, and a cable that is pulled and
plugged in again needs nobody's help."""
import os
import pathlib
import pty
import tempfile
import tty
import unittest

from scene import Scene
from harness.process import wait_until
from harness.till import QR_CODES


class Port:
    """A pseudo-terminal under a name that stays."""

    def __init__(self, link):
        self.link = link
        self.ends = ()

    def plug_in(self):
        self.ends = pty.openpty()
        tty.setraw(self.ends[1])
        os.symlink(os.ttyname(self.ends[1]), self.link)

    def unplug(self):
        self.link.unlink()
        for end in self.ends:
            os.close(end)

    def scan(self, code):
        os.write(self.ends[0], (code + "\r").encode())


class Scanner(Scene):
    @classmethod
    def setUpClass(cls):
        ports = tempfile.TemporaryDirectory(prefix="ports-")
        cls.addClassCleanup(ports.cleanup)
        cls.port = Port(pathlib.Path(ports.name) / "scanner")
        cls.port.plug_in()
        cls.printer = f"[scanner]\nkind = serial\nport = {cls.port.link}\n"
        super().setUpClass()

    def wait_for_code(self):
        """The till asks the citizen for a code over 300 yen."""
        basket = self.till.ring_up("juminhyo")["basket"]
        state = self.till.post("/api/pay/cashless", basket=basket["id"], method="qr", brand="paypay")
        self.assertEqual(state["payment"]["state"], "waiting_code")
        return basket["id"]

    def scan_until(self, code, what, happened, times=1):
        """Show CODE, and again as a citizen would when nothing happens: a till that was starved of time for a second
        throws an old code away."""
        for _ in range(20):
            for _ in range(times):
                self.port.scan(code)
            try:
                return wait_until(what, happened, 5)
            except TimeoutError:
                continue
        return wait_until(what, happened)

    def pays(self, basket, times=1):
        def sold():
            sale = self.till.state()["last_sale"]
            return sale if sale and sale["sale"] == basket else None
        return self.scan_until(QR_CODES["paypay"], "the scanned code to have paid", sold, times)

    def scanned(self):
        seen = self.till.state()["scanned"]
        return seen["number"] if seen else 0

    def test_a_scanned_code_pays_and_scanned_twice_pays_once(self):
        basket = self.wait_for_code()
        self.assertEqual(self.pays(basket, times=2)["total_yen"], 300)
        self.assertEqual(sum(line["kind"] == "payment.started" and line["body"]["sale"] == basket
                             for line in self.till.journal()), 1)

    def test_a_scanner_that_is_plugged_in_again_goes_on(self):
        before = self.scanned()
        self.port.unplug()
        wait_until("the till to notice", lambda: "scanner" in self.till.process.tail(400))
        self.port.plug_in()
        self.scan_until("no-code-of-ours", "the till to read again", lambda: self.scanned() > before)
        self.pays(self.wait_for_code())


if __name__ == "__main__":
    unittest.main()
