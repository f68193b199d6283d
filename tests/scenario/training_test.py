"""Training: a till of its own, in which everything can be tried and nothing happens."""
import subprocess
import unittest

from scene import Scene
from harness.http import Refused
from harness.process import wait_until


class Training(Scene):
    books_agree = False  # a test may end in training, which sends nothing

    def setUp(self):
        self.till.clear() if self.till.state()["clerk"] else self.till.open()

    def switch(self, on):
        self.till.post("/api/training", on=on)

        def has_changed():
            try:
                return self.till.state()["till"]["training"] is on
            except (OSError, Refused):
                return False
        wait_until("the other till", has_changed)
        if not on:
            self.till.open()

    def live_lines(self):
        return len(self.till.journal())

    def refused(self, path, **body):
        with self.assertRaises(Refused) as refused:
            self.till.post(path, **body)
        self.assertTrue(refused.exception.message)
        return refused.exception.code

    def test_what_is_practised_reaches_neither_the_live_journal_nor_the_service_nor_the_network(self):
        self.till.sell_for_cash("juminhyo")
        before, book = self.live_lines(), len(self.city.book())
        self.switch(True)
        self.city.set_payment_network(False)
        try:
            state = self.till.state()
            self.assertEqual((state["till"]["terminal"], state["clerk"]["code"]), ("TR-KO-01", "sato"))
            self.assertEqual(state["status"]["uplink"], {"state": "training", "unsent": 0, "message": ""})
            self.till.post("/api/day/open", float_yen=10000)
            last = self.till.sell_for_cash("koseki-zenbu", tendered=1000)["last_sale"]
            self.assertRegex(last["receipt_number"], r"^TR-KO-01-\d{8}-0001$")
            paid = self.till.sell_cashless("qr", "paypay", "juminhyo")["last_sale"]
            self.assertRegex(paid["receipt_number"], r"^TR-KO-01-\d{8}-0002$")
            self.assertEqual(self.till.sell_cashless("credit", "visa", "juminhyo")["last_sale"]["brand_name"], "Visa")
        finally:
            self.city.set_payment_network(True)
        self.switch(False)

        self.till.all_sent()
        lines = self.till.journal()
        self.assertEqual([line["kind"] for line in lines[before:]], ["clerk.signed_in"])
        self.assertEqual(len(self.city.book()), book)
        for file in self.city.folder.glob("settlement.db*"):
            self.assertNotIn(b"TR-KO-01", file.read_bytes(), file)
        verified = subprocess.run([str(self.till.program), "journal", "--verify", str(self.till.folder / "training.db")],
                                  capture_output=True, text=True, check=False)
        self.assertEqual((verified.returncode, verified.stdout.split(":")[0]), (0, "TR-KO-01"), verified.stderr)

    def test_every_end_of_a_payment_can_be_practised(self):
        self.switch(True)
        self.till.post("/api/day/open", float_yen=10000)

        def pay(code):
            basket = self.till.ring_up("juminhyo")["basket"]["id"]
            self.till.post("/api/pay/cashless", basket=basket, method="qr", brand=None)
            self.till.post("/api/pay/code", code=code)
            return self.till.payment_ended()

        self.assertEqual(pay("90000001")["payment"]["state"], "declined")
        pay("90000002")
        self.till.all_resolved()
        self.assertEqual(self.till.state()["last_sale"]["total_yen"], 300)
        self.assertIn(pay("90000003")["payment"]["state"], ("unknown", "not_charged"))
        self.till.all_resolved()
        self.assertEqual(self.till.state()["payment"]["state"], "not_charged")
        self.till.clear()
        self.switch(False)

    def test_a_citizen_who_is_being_served_is_not_left_for_training(self):
        self.till.ring_up("juminhyo")
        self.assertEqual(self.refused("/api/training", on=True), "basket_open")
        self.assertFalse(self.till.state()["till"]["training"])
        self.city.script("pending", channel="qr", times=1, delay_ms=3000)
        self.till.start_payment("qr", "paypay", "juminhyo")
        self.assertEqual(self.refused("/api/training", on=True), "payment_running")
        state = self.till.payment_ended()
        if state["payment"] and state["payment"]["state"] == "unknown":
            self.till.post("/api/pay/set-aside")
            self.assertEqual(self.refused("/api/training", on=True), "payments_open")
        self.till.all_resolved()

    def test_after_a_power_cut_the_till_is_live_again_and_asks_for_a_clerk(self):
        self.switch(True)
        self.till.kill()
        self.till.start()
        state = self.till.state()
        self.assertEqual((state["till"]["training"], state["till"]["terminal"], state["clerk"]), (False, "KO-01", None))
        self.till.open()

    def test_each_training_begins_anew(self):
        for _ in range(2):
            self.switch(True)
            self.assertEqual((self.till.state()["day"]["state"], self.till.sales()), ("none", []))
            self.till.post("/api/day/open", float_yen=0)
            self.till.sell_for_cash("juminhyo")
            self.switch(False)


class Enrolment(Scene):
    def test_no_live_till_is_given_a_training_number(self):
        with self.assertRaises(RuntimeError) as refused:
            self.city.enrolment_code("TR-1", "shimin-1")
        self.assertIn("training", str(refused.exception))


if __name__ == "__main__":
    unittest.main()
