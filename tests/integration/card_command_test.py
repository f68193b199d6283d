"""madoguchi-pos card, as a person at a keyboard uses it; and the sections of the configuration that name readers."""
import os
import pathlib
import subprocess
import tempfile
import unittest

PROGRAM = pathlib.Path(os.environ.get("MADOGUCHI_BUILD", "build/asan")).resolve() / "pos" / "madoguchi-pos"


def run(*words):
    done = subprocess.run([str(PROGRAM), *words], capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout, done.stderr


class Card(unittest.TestCase):
    def test_a_card_tells_its_balance_and_only_the_end_of_its_id(self):
        status, told, _ = run("card", "--read", "--reader", "simulated", "--card", "edy")
        self.assertEqual(status, 0)
        self.assertIn("id ************7802", told)
        self.assertIn("edy: 35 yen", told)
        self.assertIn("2019-10-05 15:11", told)
        self.assertIn("nothing can be paid with this", told)
        self.assertNotIn("0114031234567802", told)

    def test_help_says_what_it_cannot_do(self):
        status, told, _ = run("card", "--help")
        self.assertEqual(status, 0)
        self.assertIn("it cannot pay, charge, or change anything on a card", told)

    def test_wrong_words_are_answered_with_a_sentence(self):
        for words, code in ((["--read", "--reader", "magnet"], 3), (["--read", "--reader", "simulated", "--card", "x"], 3), ([], 2), (["--write"], 2)):
            status, _, errors = run("card", *words)
            self.assertEqual(status, code, words)
            self.assertGreater(len(errors), 10)


class Configuration(unittest.TestCase):
    def refused(self, section):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "till.conf"
            path.write_text("[till]\ndatabase = x.db\nkey_file = k\n[settlement]\nurl = http://127.0.0.1:1\n" + section)
            status, _, errors = run("serve", "--config", str(path))
            self.assertEqual(status, 3, errors)
            return errors.split("till.conf", 1)[1]

    def test_a_wrong_value_is_named_with_its_line(self):
        for section, wanted in (("[card_reader]\nkind = usb\n", ":7: kind = usb is not known"),
                                ("[scanner]\nkind = usb\n", ":7: kind = usb is not known"),
                                ("[scanner]\nkind = keyboard\n", ": device must name the scanner"),
                                ("[scanner]\nkind = keyboard\ndevice = 1234:abcd\nlayout = fr\n", ":9: layout = fr is not known"),
                                ("[scanner]\nkind = serial\nbaud = 9601\n", ":8: baud must be"),
                                ("[scanner]\nkind = serial\nsuffix = \\q\n", ":8: suffix is not understood"),
                                ("[scanner]\nkind = serial\nsuffix =\n", ":8: suffix must not be empty")):
            self.assertTrue(self.refused(section).startswith(wanted), (section, self.refused(section)))


if __name__ == "__main__":
    unittest.main()
