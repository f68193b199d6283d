"""The command line of the settlement service as a person uses it: every wrong word and every wrong input is said in one clear
sentence, with the exit status that docs/reconciliation.md gives for it.

Runs the program of $MADOGUCHI_BUILD; no service is started.
"""
import os
import pathlib
import re
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from finance_service import FinanceService  # noqa: E402
from harness.process import ROOT  # noqa: E402

BUILD = pathlib.Path(os.environ.get("MADOGUCHI_BUILD", "build/asan")).resolve()
PAYPAY = ROOT / "tests" / "fixtures" / "statements" / "paypay.file"
IMPORT = ("import", "--layout", "paypay", "--file", PAYPAY)

# What is typed (the database is added), the exit status, and what is said.
CASES = (
    (("discrepancies",), 0, ""),
    (("discrepancies", "--json"), 0, '{"rows":[]}'),
    (("discrepancies", "--state", "nonsense"), 2, "--state is open"),
    (("discrepancies", "--class", "nonsense"), 2, "no class 'nonsense'"),
    (("discrepancies", "--jsn"), 2, 'no option "--jsn"'),
    (("discrepancies", "--json", "--json"), 2, "--json stands twice"),
    (("discrepancies", "--municipality", "12"), 3, "12 is not a municipality code"),
    (("discrepancies", "--municipality", "131016"), 3, "none of municipality 131016"),
    (("reconcile", "--municipality", "131016"), 3, "none of municipality 131016"),
    (("reconcile", "--date", "2026-13-01"), 2, "--date is a day"),
    (("reconcile", "--date", "2131-01-01"), 3, "まだ来ていません"),
    ((*IMPORT[:2], "no-such", *IMPORT[3:], "--dry-run"), 3, "「no-such」という書式はありません"),
    ((*IMPORT[:4], "no-such-file"), 3, "no-such-file"),
    ((*IMPORT[:4], "/"), 3, "通常のファイルではありません"),
    ((*IMPORT[:2], "camt-053", *IMPORT[3:]), 3, ":1:"),
    ((*IMPORT, "--supersedes", "0"), 2, "--supersedes is the number"),
    ((*IMPORT, "--supersedes", "99"), 3, "取込(99)はありません"),
    ((*IMPORT, "--reason", "x"), 2, "--reason is said with --supersedes"),
    ((*IMPORT, "--layouts", "no-such-folder"), 3, "no-such-folder"),
    ((*IMPORT, "--dry-run"), 0, "3行"),
    (("discrepancies",), 0, ""),  # a dry run stores nothing
    ((*IMPORT, "--json"), 0, '"line_count":3'),
    (("discrepancies",), 1, "明細のみ"),
    (("reconcile",), 1, "3 open"),
    (("rebuild",), 0, "0 parked"),
    (("rebuild", "--matching"), 0, "0 pairs"),
    (("rebuild", "--match"), 2, 'no option "--match"'),
    (("audit",), 0, "差異はありません"),
    (("audit", "--json"), 0, '"findings":[]'),
    (("audit", "--layouts", "no-such-folder"), 3, "no-such-folder"),
    (("export",), 2, "one of --fiscal-year, --export and --plain-accounting is needed"),
    (("export", "--fiscal-year", "x", "--folder", "."), 2, "x is not a fiscal year"),
    (("export", "--fiscal-year", "2026"), 2, "--folder is where"),
    (("export", "--fiscal-year", "2026", "--folder", "."), 3, "出力する調定がありません"),
    (("export", "--plain-accounting", "books.txt", "--folder", "."), 2, "--folder is where"),
    (("export", "--plain-accounting", "no/such/folder"), 4, "no/such/folder"),
    (("export", "--plain-accounting", "books.txt"), 0, "books.txt: "),
    (("decide",), 0, "ありません"),
)


class CommandLine(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="command-line-")
        self.addCleanup(folder.cleanup)
        self.service = FinanceService(BUILD, folder.name)
        self.service.users = ()
        self.service.begin_with_people()

    def test_every_word_has_its_answer_and_its_exit_status(self):
        for words, status, said in CASES:
            with self.subTest(words=[str(word) for word in words]):
                ended = self.service.run_raw(*words, database=True)
                self.assertEqual(ended.returncode, status, ended.stdout + ended.stderr)
                self.assertIn(said, ended.stdout if status < 2 else ended.stderr)
                self.assertEqual(ended.stderr == "" or "madoguchi-settlement" not in ended.stderr, status < 2, ended.stderr)

    def test_what_is_no_database_is_said_and_left_as_it_is(self):
        other = self.service.folder / "letter.txt"
        other.write_text("Dear reader, this is a letter and not a database.\n")
        for path in (other, self.service.folder, self.service.folder / "no-such.db"):
            for command in ("audit", "rebuild", "discrepancies", "reconcile", "decide"):
                ended = self.service.run_raw(command, "--database", path)
                self.assertEqual((ended.returncode, "no database" in ended.stderr, "PRAGMA" in ended.stderr), (3, True, False), ended.stderr)
        self.assertIn("Dear reader", other.read_text())

    def test_help_names_every_exit_status_that_is_used(self):
        said = self.service.run_raw("--help").stdout
        self.assertTrue({status for _, status, _ in CASES} <= {int(number) for number in re.findall(r"(\d) ", said)})


if __name__ == "__main__":
    unittest.main()
