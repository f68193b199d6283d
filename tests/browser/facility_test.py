"""The gate of a car park in a real browser: in, pay, out, and a clock that was wrong.

Pictures go to MADOGUCHI_BROWSER_EVIDENCE (default: pictures/ beside the build), for people to look at.
"""
import json
import os
import pathlib
import shutil
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from browser import Browser  # noqa: E402
from harness.city import City, MASTERS  # noqa: E402
from harness.process import wait_until  # noqa: E402

BUILD = pathlib.Path(os.environ.get("MADOGUCHI_BUILD", "build/asan")).resolve()
PICTURES = pathlib.Path(os.environ.setdefault("MADOGUCHI_BROWSER_EVIDENCE", str(BUILD / "pictures")))


def masters_with_a_car_park():
    """The sample, with a car park that charges from the first minute."""
    document = json.loads(pathlib.Path(MASTERS).read_text())
    item = next(row for row in document["items"] if "price_yen" in row and row["tax"] == "standard10")
    document["version"] += 1
    document.setdefault("facilities", []).append(
        {"code": "test-park", "name": "試験駐車場", "section": item["section"], "revenue": "usage_fee", "valid_from": "2026-04-01"})
    document.setdefault("tariffs", []).append(
        {"code": "test-p", "name": "試験駐車場", "form": "parking", "rates": [{"unit_minutes": 30, "yen": 100}],
         "daily_maximum_yen": 1000, "grace_minutes": 20, "lost_ticket_yen": 1000, "valid_from": "2026-04-01"})
    place = next(row for row in document["places"] if row["code"] == "museum-1")
    place.setdefault("facilities", []).append("test-park")
    new = {key: value for key, value in item.items() if key != "price_yen"}
    new.update(code="test-parking", name="駐車料金", kana="ちゅうしゃりょうきん", category=place["categories"][0], tariff="test-p",
               facility="test-park", favourite=False, valid_from="2026-04-01", valid_to=None)
    document["items"].append(new)
    return document


class CarPark(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="gate-")
        cls.addClassCleanup(shutil.rmtree, cls.folder, True)
        path = pathlib.Path(cls.folder) / "masters.json"
        path.write_text(json.dumps(masters_with_a_car_park(), ensure_ascii=False))
        cls.city = City(BUILD, cls.folder, payment_timeout_ms=4000, masters=path)
        cls.addClassCleanup(cls.city.__exit__)
        cls.city.start()
        cls.till = cls.city.add_till("MU-01", "museum-1")
        cls.till.open("takahashi", "3333")
        PICTURES.mkdir(parents=True, exist_ok=True)

    def picture(self, browser, name):
        browser.screenshot(PICTURES / f"gate-{name}.png")

    def issue(self, label):
        return self.till.post("/api/tickets", item="test-parking", label=label)["ticket"]

    def test_a_car_comes_in_pays_by_its_barcode_and_leaves(self):
        with Browser(size=(1280, 800)) as browser:
            browser.open(self.till.url + "/")
            browser.wait_for_text("施設")
            browser.press("F5")
            browser.wait_for("[data-park=test-parking]")
            browser.click("[data-park=test-parking]")
            browser.wait_for_text("入庫中 1台")
            browser.wait_for(".gate-ticket .gate-facts")
            self.picture(browser, "issued")
            self.assertEqual(browser.layout_faults(), [])
            ticket = self.till.get("/api/facilities")["inside"][0]["ticket"]
            self.till.post(f"/api/tickets/{ticket}/time", entered_at=self.hours_ago(3), reason="試験")
            browser.press("F1")
            self.till.post("/api/simulated/scanner", code=ticket)
            browser.wait_for_text("3時間")
            self.picture(browser, "scanned")
            browser.press("Enter")
            wait_until("the fee in the basket", lambda: self.till.state()["basket"]["total_yen"] in (600, 700))
            browser.wait_for_text("駐車料金")
            self.picture(browser, "basket")
            basket = self.till.state()["basket"]
            self.till.post("/api/pay/cash", basket=basket["id"], tendered_yen=1000)
            browser.wait_for_text("会計が済みました")
            self.scan_again(ticket)
            browser.wait_for(".gate-ticket")
            browser.click_text("出庫")
            browser.wait_for_text("出庫済み")
            self.picture(browser, "left")
            self.assertEqual(browser.console_errors(("409", "403", "401")), [])
        self.till.verify()
        self.till.all_sent()

    def scan_again(self, code):
        """A scanner that goes on reading the same code has read it once: take it away for a moment (drivers/scanner)."""
        time.sleep(1.2)
        self.till.post("/api/simulated/scanner", code=code)

    def test_cars_go_in_and_out_by_keyboard_and_the_enter_that_is_seen_works(self):
        with Browser(size=(1280, 800)) as browser:
            browser.open(self.till.url + "/")
            browser.wait_for_text("施設")
            browser.press("F5")
            browser.wait_for("[data-park=test-parking] .hint")
            inside = len(self.till.get("/api/facilities")["inside"])
            for _ in range(30):
                browser.press("Tab")
                if browser.run("return document.activeElement.tagName") == "INPUT":
                    break
            browser.type("郡山 500 あ 12-34 とても長い")
            browser.wait_for_text("20文字までです")
            browser.press("Enter")
            browser.wait_for(".gate-ticket .gate-facts")
            wait_until("one ticket more", lambda: len(self.till.get("/api/facilities")["inside"]) == inside + 1)
            self.assertEqual(browser.run("return document.querySelectorAll('.gate-in .hint').length"), 0)
            ticket = next(car for car in self.till.get("/api/facilities")["inside"] if (car["label"] or "").startswith("郡山"))["ticket"]
            self.till.post(f"/api/tickets/{ticket}/time", entered_at=self.hours_ago(3), reason="試験")
            browser.wait_for_text("3時間")
            browser.press("Enter")
            wait_until("the fee in the basket", lambda: self.till.state()["basket"]["count"] > 0)
            self.assertEqual(len(self.till.get("/api/facilities")["inside"]), inside + 1)
        self.till.clear()

    @staticmethod
    def hours_ago(hours):
        import datetime
        japan = datetime.timezone(datetime.timedelta(hours=9))
        return (datetime.datetime.now(japan) - datetime.timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M")

    def test_a_ticket_from_the_future_asks_for_its_time_and_charges_nothing(self):
        ticket = self.issue("未来の車")
        late = self.future_number(ticket)
        with Browser(size=(1024, 768), dark=True) as browser:
            browser.open(self.till.url + "/")
            browser.wait_for_text("施設")
            browser.press("F5")
            browser.wait_for_text("入庫中")
            self.till.post("/api/simulated/scanner", code=late)
            browser.wait_for_text("入庫の時刻が今より後です")
            self.picture(browser, "doubt-dark")
            browser.click_text("入庫の日時を入れる")
            browser.wait_for_text("時刻を直す理由")
            self.picture(browser, "time-dark")
        self.assertEqual(self.till.state()["basket"]["total_yen"], 0)

    @staticmethod
    def future_number(ticket):
        """The same ticket, a day later, with its check made right."""
        digits = ticket[:2] + f"{int(ticket[2:10]) + 1440:08d}" + ticket[10:22]
        return digits + f"{98 - int(digits) * 100 % 97:02d}"

    def test_people_without_a_sale_are_counted_by_touch(self):
        with Browser(size=(1280, 800)) as browser:
            browser.open(self.till.url + "/")
            browser.wait_for_text("施設")
            browser.press("F5")
            browser.wait_for("[data-category=school]")
            for _ in range(3):
                browser.click("[data-category=school]")
            browser.click("[data-category=adult]")
            browser.wait_for_text("会計なしの入場 4人")
            self.picture(browser, "entries")
            small = [t for t in browser.targets() if t["width"] < 44 or t["height"] < 44]
            self.assertEqual(small, [])


if __name__ == "__main__":
    unittest.main()
