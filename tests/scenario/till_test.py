"""The till as a clerk meets it: opening, selling, closing, and everything that can be pulled out of the wall."""
import sqlite3
import unittest

from scene import Scene
from harness import http
from harness.http import Refused
from harness.process import wait_until


class Selling(Scene):
    def refused(self, path, **body):
        with self.assertRaises(Refused) as refused:
            self.till.post(path, **body)
        self.assertTrue(refused.exception.message)
        return refused.exception.code

    def test_the_official_example_is_3450_yen_with_change(self):
        last = self.till.sell_for_cash("koseki-zenbu", "joseki", ("kaisei-genkoseki", 3), tendered=5000)["last_sale"]
        self.assertEqual((last["total_yen"], last["change_yen"]), (3450, 1550))

    def test_a_repeated_payment_request_is_one_sale(self):
        basket = self.till.ring_up("juminhyo")["basket"]
        before = len(self.till.sales())
        for _ in range(3):
            self.till.post("/api/pay/cash", basket=basket["id"], tendered_yen=300)
        self.assertEqual(len(self.till.sales()), before + 1)

    def test_another_sum_for_a_basket_that_is_paid_is_told(self):
        basket = self.till.ring_up("juminhyo")["basket"]
        self.till.post("/api/pay/cash", basket=basket["id"], tendered_yen=500)
        self.assertEqual(self.refused("/api/pay/cash", basket=basket["id"], tendered_yen=1000), "already_paid")

    def test_more_money_than_a_citizen_carries_is_refused(self):
        basket = self.till.ring_up("juminhyo")["basket"]
        self.assertEqual(self.refused("/api/pay/cash", basket=basket["id"], tendered_yen=10000000), "tendered_too_large")

    def test_too_little_money_is_refused_and_nothing_is_recorded(self):
        basket = self.till.ring_up("juminhyo")["basket"]
        before = len(self.till.journal())
        self.assertEqual(self.refused("/api/pay/cash", basket=basket["id"], tendered_yen=299), "tendered_less_than_due")
        self.assertEqual(len(self.till.journal()), before)

    def test_an_exempted_line_costs_nothing_and_is_counted(self):
        basket = self.till.ring_up("juminhyo")["basket"]
        state = self.till.post("/api/basket/lines/1/exemption", rule="official", reason="公用請求")
        self.assertEqual(state["basket"]["total_yen"], 0)
        self.till.post("/api/pay/none", basket=basket["id"])
        body = [line["body"] for line in self.till.journal() if line["kind"] == "sale.recorded"][-1]
        self.assertEqual((body["total_yen"], body["lines"][0]["exemption"]["rule"]), (0, "official"))

    def test_quantities_outside_the_range_are_refused(self):
        self.till.ring_up("juminhyo")
        self.assertEqual(self.refused("/api/basket/lines/1", quantity=0), "quantity")
        self.assertEqual(self.refused("/api/basket/lines/1", quantity=1000), "quantity")
        self.assertEqual(self.refused("/api/basket/lines/9", quantity=1), "no_such_line")

    def test_garbage_is_refused_with_a_sentence(self):
        for body in (b"", b"{", b"[]", b'{"item":1}', b'{"item":"juminhyo","item":"inkan"}', b"\xff\xfe", b'{"item":"' + b"x" * 9000):
            with self.assertRaises(Refused):
                http.call("POST", self.till.url + "/api/basket/items", body, {"X-Madoguchi": "till"})
        self.assertEqual(self.refused("/api/basket/items", item="no-such-item"), "no_such_item")

    def test_another_page_cannot_give_commands(self):
        with self.assertRaises(Refused) as refused:
            http.call("POST", self.till.url + "/api/drawer/open", {"reason": "x"})
        self.assertEqual(refused.exception.code, "wrong_origin")
        with self.assertRaises(Refused) as refused:
            http.call("GET", self.till.url + "/api/state", None, {"Host": "evil.example"})
        self.assertEqual(refused.exception.code, "wrong_origin")

    def test_a_void_for_cash_gives_the_drawer_its_money_back(self):
        self.till.sell_for_cash("inkan")
        before = self.till.post("/api/day/count", counted_cash_yen=0)["expected_cash_yen"]
        sale = self.till.sales()[0]
        self.till.post(f"/api/sales/{sale['sale']}/void", reason="申請の取下げ")
        after = self.till.post("/api/day/count", counted_cash_yen=0)["expected_cash_yen"]
        self.assertEqual(before - after, 300)
        self.assertEqual(self.refused(f"/api/sales/{sale['sale']}/void", reason="もう一度"), "already_voided")

    def test_a_wrong_pin_is_refused(self):
        self.assertEqual(self.refused("/api/clerk/sign-in", clerk="sato", pin="9999"), "wrong_pin")
        self.till.open()


class Papers(Scene):
    def test_paper_out_loses_nothing_and_the_paper_comes_later_unmarked(self):
        self.till.post("/api/simulated/printer", paper="end")
        self.till.sell_for_cash("juminhyo")
        self.till.all_printed()
        sale = self.till.state()["last_sale"]
        self.assertEqual(sale["print"], "not_printed")
        self.assertIn(sale["sale"], [row["sale"] for row in self.till.state()["unprinted"]])
        self.till.post("/api/simulated/printer", paper="ok")
        self.till.post(f"/api/sales/{sale['sale']}/reprint")
        self.till.all_printed()
        finished = [line["body"] for line in self.till.journal() if line["kind"] == "print.finished"]
        self.assertEqual([(f["copy"], f["outcome"]) for f in finished[-2:]], [(0, "not_printed"), (0, "printed")])

    def test_a_second_paper_counts_as_a_copy(self):
        sale = self.till.sell_for_cash("juminhyo")["last_sale"]
        self.till.all_printed()
        self.till.post(f"/api/sales/{sale['sale']}/reprint")
        self.till.all_printed()
        finished = [line["body"] for line in self.till.journal() if line["kind"] == "print.finished"][-1]
        self.assertEqual((finished["copy"], finished["outcome"]), (1, "printed"))

    def test_copies_are_receipts_that_came_out_and_no_void_slips(self):
        sale = self.till.sell_for_cash("juminhyo")["last_sale"]
        self.till.all_printed()
        self.till.post(f"/api/sales/{sale['sale']}/void", reason="申請の取下げ")
        wait_until("the void slip", lambda: {"form": "void", "printed": 1, "unknown": 0} in self.till.sale(sale["sale"])["papers"])
        self.assertEqual(self.till.sale(sale["sale"])["copies"], 1)

    def test_a_paper_begun_before_the_power_cut_is_unknown_after_it(self):
        self.till.sell_for_cash("juminhyo")
        self.till.kill()
        self.till.start()
        self.till.open()
        self.till.all_printed()
        outcomes = {}
        for line in self.till.journal():
            if line["kind"] in ("print.started", "print.finished"):
                outcomes.setdefault(line["body"]["job"], []).append(line["kind"])
        self.assertTrue(all(kinds[-1] == "print.finished" for kinds in outcomes.values()), outcomes)


class PapersOfTheDay(Scene):
    def close(self):
        expected = self.till.post("/api/day/count", counted_cash_yen=0)["expected_cash_yen"]
        state = self.till.post("/api/day/close", counted_cash_yen=expected, difference_reason=None)
        return state, [line["body"]["day"] for line in self.till.journal() if line["kind"] == "day.closed"][-1]

    def prints(self, form):
        """(copy, outcome) of every finished paper of FORM."""
        return [(line["body"]["copy"], line["body"]["outcome"]) for line in self.till.journal()
                if line["kind"] == "print.finished" and line["body"]["form"] == form]

    def test_a_close_without_paper_is_listed_and_printed_when_asked(self):
        self.till.sell_for_cash("juminhyo")
        self.till.all_printed()
        self.till.post("/api/simulated/printer", paper="end")
        _, day = self.close()
        wait_until("the close to be listed", lambda: "close" in [row["form"] for row in self.till.state()["unprinted"]])
        self.till.kill()
        self.till.start()
        row = next(row for row in self.till.state()["unprinted"] if row["form"] == "close")
        self.assertEqual((row["sale"], row["print"]), (day, "not_printed"))
        self.assertIn("精算票", row["title"])

        self.till.post("/api/simulated/printer", paper="ok")
        self.till.open()
        self.till.post(f"/api/papers/close/{day}/print")
        wait_until("the close to be printed", lambda: (0, "printed") in self.prints("close"))
        self.till.post(f"/api/papers/close/{day}/print")
        wait_until("the close to be printed again", lambda: (1, "printed") in self.prints("close"))
        self.assertNotIn("close", [row["form"] for row in self.till.state()["unprinted"]])
        self.assertEqual(self.till.get(f"/api/papers/close/{day}/picture.png", raw=True)[:4], b"\x89PNG")
        self.assertIn("the tables follow", self.till.verify())

    def test_a_paper_of_nothing_is_refused(self):
        for path in ("/api/papers/close/nothing/print", "/api/papers/nothing/nothing/print", "/api/papers/ticket/x/print"):
            with self.assertRaises(Refused):
                self.till.post(path)

class Finding(Scene):
    def test_a_part_of_a_search_that_does_not_read_is_refused(self):
        self.till.sell_for_cash("juminhyo")
        for wrong in ("limit=-1", "limit=0", "limit=201", "limit=x", "limit=1.5", "from=2026-02-30", "to=yesterday",
                      "from_time=25:00", "to_time=10:60", "to_time=1000", "state=lost", "method=gold", "text=" + "9" * 121):
            with self.assertRaises(Refused, msg=wrong) as refused:
                self.till.get(f"/api/sales?{wrong}")
            self.assertEqual((refused.exception.status, refused.exception.code), (400, "wrong_parameter"), wrong)
        self.assertEqual(len(self.till.sales(limit=1)), 1)

    def test_a_sale_is_found_by_its_number_and_by_its_amount(self):
        sale = self.till.sell_for_cash(("juminhyo", 7), tendered=5000)["last_sale"]
        number = sale["receipt_number"]
        for text in (number, number.split("-", 2)[2], "2100", "2,100%E5%86%86"):
            found = self.till.get(f"/api/sales?text={text}")["sales"]
            self.assertEqual([row["sale"] for row in found], [sale["sale"]], text)
        self.assertEqual(self.till.sale(number)["sale"], sale["sale"])
        with self.assertRaises(Refused) as refused:
            self.till.sale("KO-02-20261122-0001")
        self.assertEqual(refused.exception.status, 404)

    def test_a_sale_of_today_is_not_refunded_but_voided(self):
        sale = self.till.sell_for_cash("juminhyo")["last_sale"]["sale"]
        self.assertFalse(self.till.sale(sale)["refund"]["can_request"])
        with self.assertRaises(Refused) as refused:
            self.till.post(f"/api/sales/{sale}/refunds", remainder_yen=300, means="cash", reason="申請の取下げ")
        self.assertEqual(refused.exception.code, "void_instead")


class Network(Scene):
    def test_sales_go_on_without_the_service_and_arrive_afterwards(self):
        self.till.all_sent()
        self.city.set_uplink(False)
        for _ in range(5):
            self.till.sell_for_cash("juminhyo")
        self.assertGreater(self.till.state()["status"]["uplink"]["unsent"], 0)
        self.city.set_uplink(True)
        self.till.all_sent()

    def test_the_day_closes_offline_and_its_totals_are_the_sales(self):
        self.city.set_uplink(False)
        self.till.sell_for_cash("joseki")
        count = self.till.post("/api/day/count", counted_cash_yen=0)
        with self.assertRaises(Refused) as refused:
            self.till.post("/api/day/close", counted_cash_yen=0, difference_reason=None)
        self.assertEqual(refused.exception.code, "reason_needed")
        self.till.post("/api/day/close", counted_cash_yen=count["expected_cash_yen"] - 10, difference_reason="10円不足")
        self.city.set_uplink(True)
        self.till.all_sent()
        closed = [line for line in self.till.journal() if line["kind"] == "day.closed"][-1]
        self.assertEqual(closed["body"]["difference_yen"], -10)
        self.assertEqual(closed["body"]["last_sequence"], closed["sequence"] - 1)
        with self.assertRaises(Refused) as refused:
            self.till.post("/api/day/open", float_yen=0)
        self.assertEqual(refused.exception.code, "day_is_closed")


class PaymentNetwork(Scene):
    def test_a_payment_network_that_is_away_is_seen_before_a_citizen_pays(self):
        def states():
            status = self.till.state()["status"]
            return status["qr_gateway"]["state"], status["payment_terminal"]["state"]

        wait_until("both to be ready", lambda: states() == ("ready", "ready"))
        self.city.set_payment_network(False)
        wait_until("both to be offline", lambda: states() == ("offline", "offline"))
        self.assertIn("つながりません", self.till.state()["status"]["qr_gateway"]["message"])
        self.city.set_payment_network(True)
        wait_until("both to be ready again", lambda: states() == ("ready", "ready"))


class AlteredDisk(Scene):
    CHEAPER = ("CAST(replace(replace(CAST({0} AS TEXT), '\"price_yen\":450', '\"price_yen\":001'), '公用', '悪用')"
               " AS BLOB)")

    def alter(self, *statements):
        self.till.all_sent()
        self.till.stop()
        disk = sqlite3.connect(self.till.database)
        for statement in statements:
            disk.execute(statement)
        disk.commit()
        disk.close()
        self.till.start()

    def sells_rightly(self):
        wait_until("the masters to come anew", lambda: self.till.state()["status"]["masters"]["version"] > 0)
        self.till.open()
        self.assertEqual(self.till.ring_up("koseki-zenbu")["basket"]["total_yen"], 450)
        self.till.clear()
        self.assertIn("the tables follow", self.till.verify())

    def test_masters_altered_on_the_disk_are_not_sold_by_and_come_anew(self):
        self.alter("UPDATE masters_document SET document = " + self.CHEAPER.format("document"),
                   "UPDATE masters_part SET bytes = " + self.CHEAPER.format("bytes"))
        self.sells_rightly()

    def test_an_altered_extract_is_cut_anew_without_a_network(self):
        self.city.settlement.stop()
        self.addCleanup(self.city.settlement.start)
        self.till.stop()
        disk = sqlite3.connect(self.till.database)
        disk.execute("UPDATE masters_part SET bytes = " + self.CHEAPER.format("bytes"))
        disk.commit()
        disk.close()
        self.till.start()
        self.sells_rightly()

    def test_a_page_that_rots_while_the_till_runs_is_mended_before_a_citizen_meets_it(self):
        disk = sqlite3.connect(self.till.database)
        disk.execute("UPDATE masters_part SET bytes = CAST('rotten' AS BLOB) WHERE part > 0")
        disk.commit()
        wait_until("the page to be mended", lambda: not list(
            disk.execute("SELECT 1 FROM masters_part WHERE bytes = CAST('rotten' AS BLOB)")))
        disk.close()
        self.sells_rightly()


class DamagedRecord(Scene):
    """Lines that rot on the till's disk, and databases that are not its own."""
    books_agree = False

    def setUp(self):
        """Each test spoils a till of its own."""
        number = 2 + DamagedRecord.count
        DamagedRecord.count += 1
        self.till = self.city.add_till(f"KO-{number:02}", self.place[1])
        self.till.open()

    count = 0

    def spoil_line(self, sequence):
        self.till.stop()
        disk = sqlite3.connect(self.till.database)
        for (trigger,) in list(disk.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")):
            disk.execute(f"DROP TRIGGER {trigger}")
        disk.execute("UPDATE journal_line SET line = CAST(replace(CAST(line AS TEXT), ':300', ':301') AS BLOB) "
                     "WHERE sequence = ?", (sequence,))
        self.assertEqual(disk.total_changes, 1)
        disk.commit()
        disk.close()
        self.till.start()

    def last_sale(self):
        return [line["sequence"] for line in self.till.journal() if line["kind"] == "sale.recorded"][-1]

    def uplink_is(self, word):
        wait_until(f"the uplink to be {word}", lambda: self.till.state()["status"]["uplink"]["state"] == word)
        return self.till.state()["status"]["uplink"]["message"]

    def refusal(self):
        """What the program says when it does not start."""
        with self.assertRaises(RuntimeError) as refused:
            self.till.start()
        return str(refused.exception)

    def test_a_damaged_line_that_nobody_else_has_stops_selling(self):
        self.till.all_sent()
        self.city.set_uplink(False)
        self.addCleanup(self.city.set_uplink, True)
        self.till.sell_for_cash("juminhyo")
        self.till.sell_for_cash("inkan")
        self.spoil_line(self.last_sale())
        self.assertIn("記録に傷", self.uplink_is("damaged"))
        self.assertTrue(self.till.state()["status"]["uplink"]["unsent"] > 0)
        with self.assertRaises(Refused) as refused:
            self.till.open()
            self.till.sell_for_cash("juminhyo")
        self.assertEqual(refused.exception.code, "damaged")

    def test_a_damaged_line_that_the_service_has_is_told_and_selling_goes_on(self):
        self.till.sell_for_cash("juminhyo")
        damaged = self.last_sale()
        self.till.sell_for_cash("inkan")
        self.till.all_sent()
        self.spoil_line(damaged)
        self.assertIn("ディスクに傷", self.uplink_is("disk_failing"))
        self.till.open()
        self.till.sell_for_cash("juminhyo")
        wait_until("the sale to arrive", lambda: self.till.state()["status"]["uplink"]["unsent"] == 0)
        self.uplink_is("disk_failing")

    def test_the_database_of_another_till_is_not_sold_with(self):
        other = self.city.tills["KO-01"]
        other.all_sent()
        other.stop()
        self.till.stop()
        own = self.till.database.read_bytes()
        self.till.database.write_bytes(other.database.read_bytes())
        said = self.refusal()
        self.assertIn("KO-01", said)
        self.assertIn("鍵", said)
        self.till.database.write_bytes(own)
        other.start()
        self.till.start()
        self.till.open()
        self.till.sell_for_cash("juminhyo")

    def test_a_training_database_is_not_sold_with(self):
        self.till.all_sent()
        self.till.post("/api/training", on=True)
        training = self.till.database.with_name("training.db")
        wait_until("training", training.exists)
        wait_until("the training till", lambda: (self.till.is_up() or {"till": {}})["till"].get("training"))
        self.till.stop()
        whole = self.till.database.read_bytes()
        self.till.database.write_bytes(training.read_bytes())
        self.assertIn("訓練", self.refusal())
        self.till.database.write_bytes(whole)
        self.till.start()

    def test_a_damaged_database_says_what_to_do(self):
        self.till.all_sent()
        self.till.stop()
        whole = self.till.database.read_bytes()
        self.till.database.write_bytes(b"not a database at all" * 400)
        self.assertIn("壊れたファイルは消さずに", self.refusal())
        self.till.database.write_bytes(whole)
        self.till.start()


class OldBackup(Scene):
    books_agree = False  # the till is behind for good

    def test_a_till_restored_from_an_old_backup_stops_selling_and_says_why(self):
        self.till.sell_for_cash("juminhyo")
        self.till.all_sent()
        self.till.stop()
        backup = self.till.database.read_bytes()
        self.till.start()
        self.till.open()
        self.till.sell_for_cash("juminhyo")
        self.till.all_sent()
        self.till.stop()
        for extra in ("-wal", "-shm"):
            self.till.database.with_name(self.till.database.name + extra).unlink(missing_ok=True)
        self.till.database.write_bytes(backup)
        self.till.process.start()
        wait_until("the till to see that it is behind",
                   lambda: (self.till.is_up() or {"status": {"uplink": {"state": ""}}})["status"]["uplink"]["state"] == "behind")
        with self.assertRaises(Refused) as refused:
            self.till.sell_for_cash("juminhyo")
        self.assertEqual(refused.exception.code, "behind")


if __name__ == "__main__":
    unittest.main()
