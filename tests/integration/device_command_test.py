"""madoguchi-pos device, as whoever sets a till up uses it: the list, and trying each device; beside a running till and
without one."""
import json
import os
import pathlib
import pty
import subprocess
import sys
import tempfile
import tty
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from harness.process import Process, free_port, wait_until  # noqa: E402

BUILD = pathlib.Path(os.environ.get("MADOGUCHI_BUILD", "build/asan")).resolve()
PROGRAM = BUILD / "pos" / "madoguchi-pos"


def run(*words):
    done = subprocess.run([str(PROGRAM), "device", *map(str, words)], capture_output=True, text=True, timeout=100, check=False)
    return done.returncode, done.stdout, done.stderr


class Device(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="device-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.config = self.folder / "till.conf"
        self.configure("")

    def configure(self, text):
        self.config.write_text(f"[till]\ndatabase = till.db\nkey_file = till.key\nport = {free_port()}\n"
                               f"screen_folder = {BUILD}/share/till\n[settlement]\nurl = http://127.0.0.1:1\n{text}")

    def test_the_list_needs_no_configuration_and_is_json_when_asked(self):
        status, told, _ = run("--list")
        self.assertEqual(status, 0)
        self.assertIn("plugged in and not used", told)
        status, told, _ = run("--list", "--json")
        self.assertEqual((status, sorted(json.loads(told))), (0, ["configured", "plugged", "unused"]))

    def test_what_is_configured_and_not_there_is_told_with_its_line(self):
        self.configure(f"[printer]\nkind = escpos\nconnection = tcp\nport = {free_port()}\n"
                       f"[scanner]\nkind = serial\nport = {self.folder}/nowhere\n")
        status, told, _ = run("--list", "--config", self.config)
        self.assertEqual(status, 1)
        self.assertIn("[printer] connection = tcp, host = 127.0.0.1, port = ", told)
        self.assertIn("nowhere: absent", told)
        status, told, _ = run("--list", "--json", "--config", self.config)
        states = {one["section"]: one["state"] for one in json.loads(told)["configured"]}
        self.assertEqual((status, states["printer"], states["cash_drawer"], states["scanner"]), (1, "absent", "absent", "absent"))

    def test_what_can_be_no_device_is_refused_with_its_line_before_anything_is_tried(self):
        readable = self.folder / "password"
        readable.write_text("123456")
        readable.chmod(0o644)
        for text, said in (("[printer]\nkind = epson\n", "kind = epson is not known; simulated or escpos is allowed"),
                           ("[payment_terminal]\nkind = jsn\n", "kind = jsn is not known"),
                           ("[scanner]\nkind = keyboard\n", "device is missing"),
                           ("[cash_drawer]\nkind = serial\ndevice = /etc/passwd\n", "/etc/passwd is no serial port"),
                           (f"[payment_terminal]\nkind = zvt\ndevice = /dev/null\npassword_file = {readable}\n", "run chmod 600 on it")):
            self.configure(text)
            for words in (("--list",), ("--list", "--json"), ("--self-test", "printer")):
                with self.subTest(text=text, words=words):
                    status, told, errors = run(*words, "--config", self.config)
                    self.assertEqual((status, told), (3, ""), errors)
                    self.assertIn(said, errors)

    def test_each_device_is_tried_and_says_how_it_did(self):
        self.configure("[line_display]\nkind = simulated\n[payment_terminal]\nkind = simulated\n")
        for device, result in (("printer", "passed"), ("drawer", "passed"), ("display", "look"), ("terminal", "passed")):
            status, told, errors = run("--self-test", device, "--config", self.config)
            self.assertEqual((status, told.split()[:2]), (0, [device, result]), errors)

    def test_a_device_that_is_not_there_fails_the_test_and_one_that_is_not_configured_too(self):
        self.configure(f"[printer]\nkind = escpos\nconnection = tcp\nport = {free_port()}\n")
        status, told, _ = run("--self-test", "printer", "--config", self.config)
        self.assertEqual((status, told.split()[:2]), (1, ["printer", "failed"]))
        status, told, _ = run("--self-test", "display", "--config", self.config)
        self.assertEqual((status, told.split()[:2]), (1, ["display", "none"]))

    def test_a_scan_is_waited_for_and_told_masked(self):
        link = self.folder / "scanner"
        ends = pty.openpty()
        tty.setraw(ends[1])
        link.symlink_to(os.ttyname(ends[1]))
        self.configure(f"[scanner]\nkind = serial\nport = {link}\n")
        with subprocess.Popen([PROGRAM, "device", "--self-test", "scanner", "--config", self.config], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True) as tested:
            self.assertIn("scan any code", tested.stderr.readline())
            while tested.poll() is None:  # it may not have opened its port yet
                os.write(ends[0], b"900081810000000000000017\r")
                try:
                    tested.wait(0.5)
                except subprocess.TimeoutExpired:
                    pass
            told = tested.stdout.read()
        for end in ends:
            os.close(end)
        self.assertEqual(tested.returncode, 0)
        self.assertIn("90…17", told)
        self.assertNotIn("900081810000000000000017", told)

    def test_beside_a_running_till_the_list_works_and_the_test_points_to_its_screen(self):
        till = Process("till", [PROGRAM, "serve", "--config", self.config], self.folder)
        till.start()
        self.addCleanup(till.stop)
        wait_until("the till to be ready", lambda: "ready at" in till.tail())
        status, told, _ = run("--list", "--config", self.config)
        self.assertEqual(status, 0)
        self.assertIn("[printer] kind = simulated: simulated", told)
        status, told, errors = run("--self-test", "printer", "--config", self.config)
        self.assertEqual((status, told), (4, ""))
        self.assertIn("機器の点検", errors)

    def test_wrong_words_are_answered_with_the_usage(self):
        for words in ([], ["--self-test"], ["--self-test", "kettle", "--config", self.config], ["--list", "--self-test"], ["--paint"]):
            status, _, errors = run(*words)
            self.assertEqual(status, 2, words)
            self.assertGreater(len(errors), 10)


if __name__ == "__main__":
    unittest.main()
