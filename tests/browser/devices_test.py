"""機器の点検 in a real browser on real programs: every device tried by keyboard alone, and by touch alone; a printer that
fails says what to do, and the history tells when.

Pictures go to MADOGUCHI_BROWSER_EVIDENCE (default: pictures/ beside the build), for people to look at.
"""
import os
import pathlib
import shutil
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from browser import Browser  # noqa: E402
from harness.city import City  # noqa: E402

BUILD = pathlib.Path(os.environ.get("MADOGUCHI_BUILD", "build/asan")).resolve()
PICTURES = pathlib.Path(os.environ.setdefault("MADOGUCHI_BROWSER_EVIDENCE", str(BUILD / "pictures")))
TARGET_PX = 44


class Devices(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="devices-")
        cls.addClassCleanup(shutil.rmtree, cls.folder, True)
        cls.city = City(BUILD, cls.folder)
        cls.addClassCleanup(cls.city.__exit__)
        cls.city.start()
        cls.till = cls.city.add_till("KO-01", "shimin-1", printer="[line_display]\nkind = simulated\n")
        cls.till.open()
        PICTURES.mkdir(parents=True, exist_ok=True)

    def setUp(self):
        self.till.post("/api/simulated/printer", paper="ok")
        self.till.post("/api/clerk/sign-in", clerk="sato", pin="1111")
        self.browser = self.enterContext(Browser(size=(1024, 768)))
        self.browser.open(self.till.url + "/")
        self.browser.wait_for(".bar")

    def picture(self, name):
        self.browser.wait_drawn()
        self.browser.screenshot(PICTURES / f"devices-{name}.png")
        self.assertEqual([t for t in self.browser.targets() if t["width"] < TARGET_PX or t["height"] < TARGET_PX], [])
        faults = [fault for fault in self.browser.layout_faults() if not fault.startswith("scrolls: ")]
        self.assertEqual(faults, [])

    def outcome(self, device, words):
        self.browser.wait_for_text(words, f"[data-device={device}] .check-outcome")

    def test_each_device_is_tried_by_keyboard(self):
        openings = sum(line["kind"] == "drawer.opened" for line in self.till.journal())
        self.browser.press("Shift+F5")
        self.browser.wait_for("[data-device=printer]")
        self.browser.press("1")
        self.outcome("printer", "印字しました")
        self.browser.press("2")
        self.outcome("cash_drawer", "開いたことを確かめました")
        self.browser.press("3")
        self.outcome("scanner", "何か読み取ってください")
        self.picture("scanning")
        self.till.post("/api/simulated/scanner", code="900081810000000000000017")
        self.outcome("scanner", "90…17 の24文字")
        self.browser.press("4")
        self.outcome("line_display", "表示の点検")
        self.browser.press("5")
        self.browser.wait_for_text("二つの音を鳴らしました")
        self.picture("tried-1024")
        self.assertNotIn("900081810000000000000017", self.browser.text())
        opened = [line["body"] for line in self.till.journal() if line["kind"] == "drawer.opened"]
        self.assertEqual((len(opened), opened[-1]["note"]), (openings + 1, "機器の点検"))
        for name, size, dark in (("tried-1280", (1280, 800), False), ("tried-dark", (1280, 800), True)):
            self.browser.look(size=size, dark=dark)
            self.picture(name)
        self.browser.look(size=(1024, 768), dark=False)
        self.browser.click_text("大きな字")
        self.picture("tried-large")
        self.browser.click_text("大きな字")
        self.browser.press("Escape")
        self.browser.wait_for_text("印刷できていない紙")

    def test_a_printer_without_paper_is_told_by_touch_and_stands_in_the_history(self):
        self.browser.click_text("要確認")
        self.browser.click_text("機器の点検")
        self.browser.wait_for("[data-device=printer]")
        self.till.post("/api/simulated/printer", paper="end")
        self.browser.wait_for_text("用紙を入れると", "[data-device=printer] .check-text")
        self.browser.click("[data-device=printer] .check-key")
        self.outcome("printer", "用紙がありません")
        self.browser.wait_for_text("用紙切れ", ".check-history")
        self.picture("no-paper")
        self.browser.click("[data-device=scanner] .check-key")
        self.outcome("scanner", "何か読み取ってください")
        self.browser.click_text("やめる")
        self.browser.wait_gone("[data-device=scanner] .check-outcome")

    def test_a_card_is_read_and_what_is_not_used_is_listed_by_touch(self):
        self.browser.press("Shift+F5")
        self.till.post("/api/simulated/card", card="edy")
        self.browser.click_text("残高照会")
        self.browser.wait_for_text("楽天Edy")
        self.outcome("card_reader", "残高を読み取れました")
        self.till.post("/api/simulated/card", card=None)
        self.browser.click_text("調べる")
        self.browser.wait(lambda: "設定ファイルに" in self.browser.text(".check-plugged")
                          or "つながっていません" in self.browser.text(".check-plugged"), "the devices that are not used")
        self.picture("plugged")

    def test_a_supervisor_finds_it_too(self):
        self.till.post("/api/clerk/sign-in", clerk="suzuki", pin="2222")
        self.browser.press("Shift+F5")
        self.browser.wait_for("[data-device=printer]")


if __name__ == "__main__":
    unittest.main()
