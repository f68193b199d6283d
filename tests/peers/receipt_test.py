"""Our receipts beside those of npm receiptline, and our simulated printer under npm receiptio.

The one idea: neither program was written here, so what they and we agree on is not a mistake made twice. Two streams of
ESC/POS that tell a printer the same by different commands must blacken the same dots; a printing program that waits for a
printer's answers must find ours a printer.
"""
import base64
import json
import os
import subprocess
import sys
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
BUILD = Path(os.environ["MADOGUCHI_BUILD"])
MODULES = Path(os.environ["PEER_MODULES"])
sys.path[:0] = [str(ROOT / "tests/bench/receipt"), str(ROOT / "tests/simulators")]

import compare  # noqa: E402  the documents, and which of them differ for a reason
from receipt_printer.device import Printer  # noqa: E402

RECEIPT = """{w:*,8}
^^^領収書

|証明書 太郎| |
|戸籍全部事項証明書 1通|¥450|
|住民票の写し 2通|¥600|
-
|^^合計|^^¥1,050|
{c:4901234567894;o:jan,hri}
=
"""


# Bar codes that the paper leaves out, so that there is no picture to compare.
NOT_DRAWN = {"upc-e", "code93"}


def run(arguments, text: bytes, **environment) -> bytes:
    done = subprocess.run(arguments, input=text, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          env={**os.environ, **environment}, check=False)
    if done.returncode:
        raise AssertionError(f"{arguments[0]}: {done.stderr.decode(errors='replace')}")
    return done.stdout


def ours(markup: str, columns: int) -> bytes:
    return compare.ours(str(BUILD / "pos/madoguchi-pos"), markup, columns)


def pictures(papers: list, columns: int) -> list:
    """Each of PAPERS, ESC/POS, as a PNG: one after the other out of one roll, cut in between."""
    drawn = run([str(BUILD / "tests/peers/paper_picture"), str(columns)],
                b"".join(paper + b"\x1b@\x1dV\x00" for paper in papers))
    found = []
    while drawn:
        length = int.from_bytes(drawn[:4], "big")
        found.append(drawn[4:4 + length])
        drawn = drawn[4 + length:]
    return found


class PicturesTest(unittest.TestCase):
    """The same markup by both, as dots on paper."""

    def test_our_bytes_blacken_the_same_dots_as_receiptlines(self):
        documents = {name: markup for name, markup in compare.EQUAL.items() if name not in NOT_DRAWN}
        documents["receipt"] = RECEIPT.removesuffix("\n=\n").replace("-\n", "")  # their rule is another, as compare says
        for columns, names in (48, list(documents)), (32, ["receipt", "widths", "center", "wrapped in a cell", "jan"]):
            documents = {name: documents[name] for name in names}
            theirs = json.loads(run(["node", str(HERE / "receiptline_all.mjs")], json.dumps(
                [{"markup": markup, "columns": columns} for markup in documents.values()]).encode()))
            our_pictures = pictures([ours(markup, columns) for markup in documents.values()], columns)
            their_pictures = pictures([base64.b64decode(each) for each in theirs], columns)
            self.assertEqual(len(our_pictures), len(documents))
            self.assertEqual(len(their_pictures), len(documents))
            for name, our_picture, their_picture in zip(documents, our_pictures, their_pictures, strict=True):
                with self.subTest(name, columns=columns):
                    self.assertEqual(our_picture, their_picture)

    def test_a_picture_that_differs_in_one_letter_is_not_the_same(self):
        one, other = pictures([ours("|abc", 48), ours("|abd", 48)], 48)
        self.assertNotEqual(one, other)


class DialogueTest(unittest.TestCase):
    """receiptio asks the printer for its state and its name, prints, and waits for what the printer says."""

    def setUp(self):
        self.printer = Printer(0, lambda number, data: None)
        self.printer.start()
        self.addCleanup(self.printer.stop)

    def print(self) -> str:
        return run(["node", str(HERE / "receiptio_print.mjs"), str(self.printer.listener.port)],
                   RECEIPT.encode()).decode().strip()

    def test_receiptio_prints_on_our_simulated_printer(self):
        self.assertEqual(self.print(), "success")

        seen = self.printer.seen()
        self.assertEqual(seen["unknown"], [])
        self.assertEqual(seen["cuts"], 1)
        self.assertIn("領収書".encode("cp932"), seen["received"])

    def test_receiptio_hears_what_our_simulated_printer_lacks(self):
        for values, word in ({"paper": "end"}, "paperempty"), ({"cover_open": True}, "coveropen"):
            with self.subTest(word):
                self.printer.set_state({"paper": "ok", "cover_open": False, **values}, 0)
                self.assertEqual(self.print(), word)
        self.assertEqual(self.printer.seen()["cuts"], 0)


if __name__ == "__main__":
    if not (MODULES / "receiptio").is_dir():
        sys.exit(f"{MODULES}: receiptio is not installed there; ./madoguchi test does that")
    unittest.main()
