"""The manuals show the screens as they are: every picture is taken from the running programs, and every one is there."""
import os
import pathlib
import re
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import manual  # noqa: E402

BUILD = pathlib.Path(os.environ.get("MADOGUCHI_BUILD", "build/asan")).resolve()
MANUALS = HERE.parent.parent / "docs" / "operations"


class Manuals(unittest.TestCase):
    def test_every_picture_that_a_manual_names_can_be_taken_and_is_there(self):
        named = {name for page in MANUALS.glob("*.md") for name in re.findall(r"\(pictures/([\w-]+)\.png\)", page.read_text())}
        with tempfile.TemporaryDirectory() as folder:
            taken = set(manual.take_all(BUILD, folder))
        kept = {path.stem for path in (MANUALS / "pictures").glob("*.png")}
        self.assertEqual(named, taken)
        self.assertEqual(named, kept)


if __name__ == "__main__":
    unittest.main()
