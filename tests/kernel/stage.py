"""A till in the machine: its journal on a real ext4 whose every write has reached the disk's file when the machine is told
so, its printer, drawer and scanner on the kernel's USB. The city outside (settlement service, payment networks) and what is
on paper go on when the machine's power is cut. No assertions live here."""
import json
import pathlib
import subprocess
import sys

TESTS = pathlib.Path(__file__).resolve().parent.parent
for folder in (TESTS, TESTS / "simulators", TESTS / "fault" / "kill"):
    sys.path.insert(0, str(folder))

import books  # noqa: E402
from harness.city import City  # noqa: E402
from harness.process import wait_until  # noqa: E402
from harness.till import Till  # noqa: E402
from receipt_printer.device import Printer  # noqa: E402

DISK_MB = 128
FOLDER_IN_MACHINE = "/mnt/till"
PATIENCE_SECONDS = 300  # only reached when something is broken
SCAN_SECONDS = 20       # then the code is shown again, as a citizen would: a starved till throws an old code away
GUEST = pathlib.Path(__file__).resolve().parent / "guest"
DEVICES = """[printer]
kind = escpos
connection = usb
model = auto
[cash_drawer]
kind = printer
switch = none
[scanner]
kind = hid-pos
device = 0c2e:0b61
"""
CUT = b"\x1dV"  # GS V, between two papers
COPY_MARK = "再発行"


class TillInMachine(Till):
    """Its screen's interface is reached from outside; its database is not."""

    machine = None

    def journal(self):
        text = self.machine.must(self.program, "journal", "--list", f"{FOLDER_IN_MACHINE}/till.db", "--json")
        return [json.loads(line) for line in text.splitlines()]

    def verify(self):
        return self.machine.must(self.program, "journal", "--verify", f"{FOLDER_IN_MACHINE}/till.db")


class Stage:
    def __init__(self, make_machine, build, folder):
        folder = pathlib.Path(folder)
        self.machine = None
        self.paper = Printer(0, lambda number, data: None)
        self.city = City(build, folder / "city", payment_timeout_ms=60000)
        try:
            self.city.start()
            self.paper.start()
            self.till = TillInMachine(self.city, "KO-01", "shimin-1", printer=DEVICES)
            self.till.enrol()
            disk = folder / "disk"
            with open(disk, "wb") as file:
                file.truncate(DISK_MB << 20)
            subprocess.run(["/sbin/mkfs.ext4", "-q", "-F", "-d", self.till.folder, disk], check=True)
        except BaseException:
            self.finish()
            raise
        self._make_machine = lambda: make_machine("till", disk=disk, forwarded=[self.till.port])

    def switch_on(self):
        self.machine = self.till.machine = self._make_machine()
        self.machine.start()
        self.machine.must("modprobe", "-a", "virtio_blk", "ext4")
        wait_until("the disk", lambda: self.machine.run("test", "-b", "/dev/vda")[0] == 0, PATIENCE_SECONDS)
        self.machine.must("mkdir", "-p", FOLDER_IN_MACHINE)
        self.machine.must("mount", "-t", "ext4", "/dev/vda", FOLDER_IN_MACHINE)
        for port in (self.city.network_http_port, self.city.network_terminal_port, self.city.cut_port):
            self.machine.carry_out(port)
        self.machine.carry_in(self.till.port)
        self.machine.begin("/usr/bin/python3", GUEST / "printer.py", "10.0.2.2", self.paper.listener.port,
                           log="/run/printer.log")
        self.machine.must("/usr/bin/python3", GUEST / "scanner.py", "plug")
        self.machine.begin(self.till.program, "serve", "--config", f"{FOLDER_IN_MACHINE}/till.conf", log="/run/till.log")
        wait_until("the till to answer", self._is_up, PATIENCE_SECONDS, pause=0.5)
        self.till.open()
        self.becomes("printer", "ready", "paper_near_end")

    def _is_up(self):
        try:
            return self.till.state()
        except OSError:
            return None

    def becomes(self, device, *states):
        wait_until(f"{device} to be {' or '.join(states)}", lambda: self.till.state()["status"][device]["state"] in states,
                   PATIENCE_SECONDS, pause=0.5)

    def scan_until(self, code, what, happened):
        """Show CODE to the scanner on the machine's USB until HAPPENED."""
        for _ in range(PATIENCE_SECONDS // SCAN_SECONDS):
            self.machine.must("/usr/bin/python3", GUEST / "scanner.py", "show", code)
            try:
                return wait_until(what, happened, SCAN_SECONDS, pause=0.3)
            except TimeoutError:
                continue
        return wait_until(what, happened, 1)

    def printed(self, sale):
        """Wait until the till knows how SALE's receipt ended, when that is "printed"."""
        wait_until("the receipt", lambda: self.till.sale(sale)["print"] == "printed", PATIENCE_SECONDS, pause=0.5)

    def receipts(self, number):
        """(originals, copies) of the receipt NUMBER that are on paper, as far as they were cut off."""
        papers = [paper for paper in self.paper.seen()["received"].split(CUT)[:-1] if number.encode("cp932") in paper]
        copies = sum(COPY_MARK.encode("cp932") in paper for paper in papers)
        return len(papers) - copies, copies

    def prints(self, sale):
        """(copy, outcome) of every end of SALE's receipt in the journal, in order."""
        return [(line["body"]["copy"], line["body"]["outcome"]) for line in self.till.journal()
                if line["kind"] == "print.finished" and line["body"]["sale"] == sale and line["body"]["form"] == "receipt"]

    def disagreements(self):
        """Where the till's journal, the networks' own book and the settlement service's do not say the same."""
        self.till.all_sent(PATIENCE_SECONDS)
        book = books.JournalBook(self.till)
        return book.faults + list(books.compare_with_network([book], self.city.book())) + list(
            books.compare_with_service(self.city, [book]))

    def look_around(self):
        """What the machine's console and the programs in it say, as far as it answers."""
        if self.machine is None:
            return ""
        try:
            inside = self.machine.run("tail", "-n", "15", "/run/till.log", "/run/printer.log")[1]
        except (AttributeError, OSError, ValueError):
            inside = ""
        return f"{self.machine.tail(15)}\n{inside}"

    def finish(self):
        if self.machine is not None and self.machine.child is not None:
            self.machine.cut_power()
        self.city.__exit__()
        self.paper.stop()
