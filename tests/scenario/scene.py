"""The stage for scenarios: one city with one till, started once per test class; programs from $MADOGUCHI_BUILD."""
import json
import os
import pathlib
import shutil
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from harness.city import City  # noqa: E402

BUILD = os.environ.get("MADOGUCHI_BUILD", "build/asan")
SANITIZER_MARKS = ("AddressSanitizer", "runtime error:", "LeakSanitizer", "ThreadSanitizer")


class Scene(unittest.TestCase):
    """`city` and `till` are shared by the tests of a class; each test leaves the till ready for the next citizen."""

    place = ("KO-01", "shimin-1")
    printer = None
    payment_timeout_ms = 1500
    books_agree = True  # False for a class after which tills cannot send, or contradict themselves on purpose
    city_options = {}
    masters = None  # a function of the folder that gives the path of another document than the sample

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="scene-")
        cls.city = City(BUILD, cls.folder, payment_timeout_ms=cls.payment_timeout_ms, inquiry_interval_ms=150,
                        **cls.city_options, **({} if cls.masters is None else {"masters": cls.masters(pathlib.Path(cls.folder))}))
        cls.addClassCleanup(shutil.rmtree, cls.folder, True)
        cls.addClassCleanup(cls.city.__exit__)
        cls.city.start()
        cls.till = cls.city.add_till(*cls.place, printer=cls.printer, networks=cls.start_networks())
        cls.till.open()

    @classmethod
    def start_networks(cls):
        """Settings of QR adapters in place of the simulated gateway; None: the gateway."""
        return None

    @classmethod
    def tearDownClass(cls):
        """The service understood every line, and its books agree with it; programs end by themselves when asked, and no
        sanitizer has complained."""
        if cls.books_agree:
            cls.check_books()
        for process in [till.process for till in cls.city.tills.values()] + [cls.city.settlement]:
            status = process.stop()
            log = process.tail(400)
            complaints = [line for line in log.splitlines() if any(mark in line for mark in SANITIZER_MARKS)]
            if status not in (0, None) or complaints:
                raise AssertionError(f"{process.name} ended with {status}:\n{log}")

    @classmethod
    def check_books(cls):
        for till in cls.city.tills.values():
            if till.process.is_running():
                till.all_sent()
        report = cls.city.audit()
        if report["findings"] or report["parked"]:
            raise AssertionError(json.dumps(report, ensure_ascii=False, indent=1))

    def network(self, payment):
        """The network's own row for a payment id, or None."""
        return next((row for row in self.city.book() if row["reference"] == payment), None)

    def lines_of(self, payment):
        return [line["kind"] + (":" + line["body"]["result"] if line["kind"] == "payment.resolved" else "")
                for line in self.till.journal() if line["body"].get("payment") == payment]

    def last_payment(self):
        return [line["body"]["payment"] for line in self.till.journal() if line["kind"] == "payment.started"][-1]

    def sales_of(self, payment):
        return [line["body"] for line in self.till.journal()
                if line["kind"] == "sale.recorded" and line["body"]["payment"].get("payment") == payment]
