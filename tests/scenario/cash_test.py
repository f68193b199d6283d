#!/usr/bin/env python3
"""The drawer's cash over a day: float, in and out, inspection, hand-over, and a close that a power cut cannot spoil."""
import json
import subprocess
import unittest

from scene import Scene

from harness.city import MASTERS
from harness.http import Refused
from harness.process import wait_until
from harness.till import Till

SUPERVISOR = {"clerk": "suzuki", "pin": "2222"}


def counts(yen):
    """YEN in as few pieces as possible."""
    out = []
    for denomination in (10000, 5000, 2000, 1000, 500, 100, 50, 10, 5, 1):
        pieces, yen = divmod(yen, denomination)
        out.append({"yen": denomination, "count": pieces})
    return out


class Drawer(Scene):
    def setUp(self):
        state = self.till.state()
        if state["clerk"] is None or state["clerk"]["code"] != "sato":
            self.till.post("/api/clerk/sign-in", clerk="sato", pin="1111")

    def refused(self, path, **body):
        with self.assertRaises(Refused) as refused:
            self.till.post(path, **body)
        return refused.exception.code

    def lines(self, kind):
        return [line["body"] for line in self.till.journal() if line["kind"] == kind]

    def count(self, purpose="close", yen=0):
        return self.till.post("/api/day/count", purpose=purpose, counts=counts(yen))

    def expected(self):
        return self.count()["expected_cash_yen"]

    def printed(self, form, copy=0):
        """Wait for a paper of FORM to be finished; its outcome."""
        def finished():
            return [line for line in self.lines("print.finished") if line["form"] == form and line["copy"] == copy]
        return wait_until(f"a paper {form}", finished)[-1]["outcome"]


class InTheDay(Drawer):
    def test_the_float_is_never_revenue(self):
        before = self.count()
        state = self.till.post("/api/cash/float", direction="lent", counts=counts(8500), reason="百円玉の補充")
        self.assertEqual(state["day"]["float_yen"], before["float_yen"] + 8500)
        after = self.count()
        self.assertEqual(after["expected_cash_yen"], before["expected_cash_yen"] + 8500)
        self.assertEqual(after["cash_sales_yen"], before["cash_sales_yen"])
        self.till.post("/api/cash/float", direction="returned", counts=counts(500))
        self.assertEqual(self.expected(), before["expected_cash_yen"] + 8000)
        moved = self.lines("float.moved")
        self.assertEqual([(line["direction"], line["amount_yen"], line["reason"]) for line in moved],
                         [("lent", 8500, "百円玉の補充"), ("returned", 500, None)])
        self.assertEqual(sum(row["yen"] * row["count"] for row in moved[0]["counts"]), 8500)

    def test_no_more_float_goes_back_than_was_lent(self):
        lent = self.till.state()["day"]["float_yen"]
        self.assertEqual(self.refused("/api/cash/float", direction="returned", counts=counts(lent + 1)), "float")

    def test_cash_is_moved_with_a_reason_and_much_of_it_with_a_supervisor(self):
        before = self.expected()
        self.assertEqual(self.refused("/api/cash/move", direction="out", amount_yen=500, reason=""), "reason_needed")
        self.assertEqual(self.refused("/api/cash/move", direction="out", amount_yen=0, reason="両替"), "amount")
        self.till.post("/api/cash/move", direction="in", amount_yen=10000, reason="拾得金")
        self.assertEqual(self.refused("/api/cash/move", direction="out", amount_yen=10001, reason="途中払込"), "approval_needed")
        self.assertEqual(self.refused("/api/cash/move", direction="out", amount_yen=10001, reason="途中払込",
                                      approval={"clerk": "sato", "pin": "1111"}), "not_a_supervisor")
        self.till.post("/api/cash/move", direction="out", amount_yen=10001, reason="途中払込", approval=SUPERVISOR)
        self.assertEqual(self.expected(), before - 1)
        self.assertEqual([(line["direction"], line["approved_by"]) for line in self.lines("cash.moved")],
                         [("in", None), ("out", "suzuki")])

    def test_the_drawer_opened_without_a_sale_is_counted(self):
        before = self.count()["no_sale_count"]
        self.till.post("/api/drawer/open", reason="両替")
        self.till.post("/api/day/drawer", purpose="inspection")
        self.assertEqual(self.count()["no_sale_count"], before + 1)
        self.assertEqual([line["reason"] for line in self.lines("drawer.opened")][-1], "count")

    def test_an_inspection_changes_nothing_and_is_numbered(self):
        expected = self.expected()
        first = self.till.post("/api/day/inspect", counts=counts(expected - 30))
        second = self.till.post("/api/day/inspect", counts=counts(expected))
        self.assertEqual((first["difference_yen"], second["difference_yen"]), (-30, 0))
        self.assertEqual(second["number"], first["number"] + 1)
        self.assertEqual(self.expected(), expected)
        self.assertEqual(self.till.get(f"/api/day/inspections/{first['line']}")["difference_yen"], -30)
        inspected = self.lines("day.inspected")[-1]
        self.assertEqual(inspected["expected_cash_yen"], expected)
        counted = [line for line in self.till.journal() if line["sequence"] == inspected["last_sequence"]][0]
        self.assertEqual((counted["kind"], counted["body"]["purpose"]), ("cash.counted", "inspection"))

    def test_the_drawer_is_handed_to_the_next_clerk(self):
        expected = self.expected()
        count = self.count("handover", expected - 10)
        self.assertEqual(self.till.state()["day"]["count"]["purpose"], "handover")
        self.assertEqual(self.refused("/api/day/hand-over", count=count["sequence"], to="suzuki", pin="2222"), "reason_needed")
        self.assertEqual(self.refused("/api/day/hand-over", count=count["sequence"], to="suzuki", pin="0000"), "wrong_pin")
        self.assertEqual(self.refused("/api/day/hand-over", count=count["sequence"], to="sato", pin="1111"), "same_clerk")
        self.assertEqual(self.till.state()["clerk"]["code"], "sato")
        state = self.till.post("/api/day/hand-over", count=count["sequence"], to="suzuki", pin="2222", difference_reason="原因不明")
        self.assertEqual((state["clerk"]["code"], state["day"]["count"]), ("suzuki", None))
        handed = self.lines("shift.handed_over")[-1]
        self.assertEqual((handed["from"], handed["to"], handed["difference_yen"]), ("sato", "suzuki", -10))
        self.assertEqual(self.lines("clerk.signed_in")[-1]["clerk"], "suzuki")
        self.assertEqual(self.expected(), expected)  # a difference is only booked by the close

    def test_what_must_lie_in_the_drawer_is_not_told_before_it_is_counted(self):
        self.till.sell_for_cash("juminhyo")  # cash moved: no count stands
        with self.assertRaises(Refused) as refused:
            self.till.get("/api/day/count")
        self.assertEqual((refused.exception.status, refused.exception.code), (404, "no_count"))
        self.till.post("/api/day/inspect", counts=counts(0))
        self.assertNotIn("expected", json.dumps(self.till.state()))
        self.assertNotIn("expected", json.dumps(self.till.get("/api/cash")))

    def test_a_count_with_a_wrong_denomination_is_refused(self):
        for wrong in ([{"yen": 3, "count": 1}], [{"yen": 10, "count": -1}], [{"yen": 10, "count": 1}, {"yen": 10, "count": 1}], "x"):
            with self.assertRaises(Refused):
                self.till.post("/api/day/count", purpose="close", counts=wrong)

    def test_the_days_events_stand_in_a_list_with_their_papers(self):
        self.till.post("/api/cash/move", direction="in", amount_yen=1, reason="釣銭の端数")
        event = self.till.get("/api/cash")["events"][0]
        self.assertEqual((event["kind"], event["amount_yen"], event["form"], event["clerk_name"]), ("cash.moved", 1, "cash", "佐藤"))
        self.assertIn("the tables follow", self.till.verify())


class Close(Drawer):
    """One close per class: a day is closed once."""

    def test_a_close_goes_on_with_its_count_after_a_power_cut(self):
        held = self.till.ring_up("inkan")["basket"]["id"]
        self.till.post("/api/basket/hold", basket=held, label="番号12")
        self.till.sell_for_cash(("juminhyo", 3))
        expected = self.expected()
        first = self.count(yen=expected - 500)
        counted = self.count(yen=expected - 20)  # counted again: both stay
        self.till.kill()
        self.till.start()
        self.till.post("/api/clerk/sign-in", clerk="sato", pin="1111")

        standing = self.till.get("/api/day/count")
        self.assertEqual((standing["sequence"], standing["difference_yen"]), (counted["sequence"], -20))
        self.assertEqual(self.till.state()["day"]["count"]["sequence"], counted["sequence"])
        self.assertEqual(self.refused("/api/day/close", count=first["sequence"], difference_reason="x"), "other_count")
        self.assertEqual(self.refused("/api/day/close", count=counted["sequence"], difference_reason=None), "reason_needed")
        self.assertEqual(self.refused("/api/day/close", count=counted["sequence"], difference_reason="x",
                                      float_returned_yen=999999), "float")

        closing = {"count": counted["sequence"], "difference_reason": "原因不明", "float_returned_yen": 5000}
        state = self.till.post("/api/day/close", **closing)
        self.assertEqual(state["day"]["state"], "closed")
        again = self.till.post("/api/day/close", **closing)  # the answer was lost and the screen asks again
        self.assertEqual(again["day"]["state"], "closed")

        closes = [line for line in self.till.journal() if line["kind"] == "day.closed"]
        self.assertEqual(len(closes), 1)
        body = closes[0]["body"]
        self.assertEqual((body["number"], body["first_sequence"], body["last_sequence"]), (1, 1, closes[0]["sequence"] - 1))
        self.assertEqual((body["counted_cash_yen"], body["difference_yen"]), (expected - 20, -20))
        self.assertEqual(body["deposit_yen"], expected - 20 - body["float_yen"])
        self.assertEqual((body["float_returned_yen"], body["discarded"]), (5000, 1))
        self.assertEqual(sum(row["yen"] * row["count"] for row in body["counts"]), expected - 20)
        self.assertEqual(len([line for line in self.lines("cash.counted") if line["purpose"] == "close"]), 3)
        self.assertEqual(self.printed("close"), "printed")
        self.assertEqual([paper["form"] for paper in self.till.state()["day"]["papers"]], ["close", "day_report", "deposit"])
        self.assertIn("the tables follow", self.till.verify())


class Interrupted(Drawer):
    def test_a_count_is_over_when_cash_moves_and_stands_when_it_does_not(self):
        counted = self.count(yen=20000)
        self.till.sell_cashless("qr", "paypay", "juminhyo")
        self.assertEqual(self.till.get("/api/day/count")["sequence"], counted["sequence"])
        self.till.post("/api/pay/clear")
        sale = self.till.sell_for_cash("juminhyo")["last_sale"]["sale"]
        self.assertIsNone(self.till.state()["day"]["count"])
        self.assertEqual(self.refused("/api/day/close", count=counted["sequence"], difference_reason="x"), "no_count")
        self.count(yen=20300)
        self.till.post(f"/api/sales/{sale}/void", reason="打ち間違い")
        self.assertIsNone(self.till.state()["day"]["count"])

    def test_much_cash_is_reminded_of_without_telling_how_much(self):
        self.assertFalse(self.till.state()["day"]["is_over_cash_limit"])
        self.till.post("/api/cash/move", direction="in", amount_yen=300000, reason="検査", approval=SUPERVISOR)
        self.assertTrue(self.till.state()["day"]["is_over_cash_limit"])
        self.till.post("/api/cash/move", direction="out", amount_yen=300000, reason="途中払込", approval=SUPERVISOR)
        self.assertFalse(self.till.state()["day"]["is_over_cash_limit"])


class Opening(Drawer):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = cls.city.add_till("KO-02", "shimin-1")

    def test_the_float_is_counted_by_denomination(self):
        self.second.post("/api/clerk/sign-in", clerk="sato", pin="1111")
        self.second.post("/api/day/drawer", purpose="open")
        state = self.second.post("/api/day/open", counts=counts(23456))
        self.assertEqual((state["day"]["state"], state["day"]["float_yen"]), ("open", 23456))
        kinds = [line["kind"] for line in self.second.journal()]
        self.assertEqual(kinds[-3:], ["drawer.opened", "day.opened", "cash.counted"])
        counted = self.second.journal()[-1]["body"]
        self.assertEqual((counted["purpose"], counted["total_yen"], sum(row["yen"] * row["count"] for row in counted["counts"])),
                         ("open", 23456, 23456))


class OneDrawer(Drawer):
    printer = "[printer]\nkind = escpos\nconnection = tcp\nhost = 127.0.0.1\nport = 9\n"

    def serve(self, config):
        """Run a second till until it gives up; what it said."""
        result = subprocess.run([self.till.program, "serve", "--config", config], capture_output=True, text=True, timeout=60,
                                check=False)
        self.assertNotEqual(result.returncode, 0)
        return result.stderr

    def test_a_second_program_on_the_same_database_is_refused_with_a_sentence(self):
        self.assertIn("このレジはもう動いています", self.serve(self.till.config))
        result = subprocess.run([self.till.program, "enrol", "--config", self.till.config, "--code", "AAAA-AAAA-AAAA"],
                                capture_output=True, text=True, timeout=60, check=False)
        self.assertIn("このレジはもう動いています", result.stderr)
        self.till.sell_for_cash("juminhyo")

    def test_a_second_till_on_the_same_drawer_is_refused_until_the_first_is_gone(self):
        other = Till(self.city, "KO-07", "shimin-1", printer=self.printer)
        other.enrol()
        self.assertIn("別のレジが使っています", self.serve(other.config))
        self.till.kill()
        other.start()
        other.stop()
        self.till.start()

    def test_a_drawer_of_another_terminal_is_not_opened(self):
        masters = json.loads(MASTERS.read_text())
        masters["version"] += 1
        masters["drawers"] = [{"code": "shimin-1", "name": "1番窓口の引き出し", "place": "shimin-1", "terminal": "KO-01"}]
        changed = self.city.folder / "drawers.json"
        changed.write_text(json.dumps(masters))
        self.city.run("masters", "load", "--file", changed)
        second = self.city.add_till("KO-02", "shimin-1")
        second.post("/api/clerk/sign-in", clerk="sato", pin="1111")
        with self.assertRaises(Refused) as refused:
            second.post("/api/day/open", float_yen=0)
        self.assertEqual(refused.exception.code, "drawer_of_another")
        self.assertIn("KO-01", refused.exception.message)
        self.till.kill()  # at its start a till looks for new masters
        self.till.start()
        wait_until("the new masters", lambda: self.till.state()["status"]["masters"]["version"] == masters["version"])
        self.till.post("/api/clerk/sign-in", clerk="sato", pin="1111")
        self.till.sell_for_cash("juminhyo")  # the day that is open goes on


if __name__ == "__main__":
    unittest.main()
