"""残高照会: a citizen asks what is on the card. Both windows tell, nothing is taken, and nothing is left behind."""
import json
import threading
import unittest
import urllib.request

from scene import Scene
from harness.http import Refused
from harness.process import wait_until

CARD_IDS = [f"01140312345678{n:02d}" for n in range(1, 7)]


class Card(Scene):
    def lay(self, card):
        self.till.post("/api/simulated/card", card=card)

    def tearDown(self):
        self.lay(None)

    def refused(self, path):
        with self.assertRaises(Refused) as refused:
            self.till.post(path)
        return refused.exception.code

    def newest_balance(self):
        """What a citizen's window that opens now is sent of balances."""
        with urllib.request.urlopen(self.till.url + "/api/citizen/events", timeout=60) as stream:
            line = ""
            while line != "event: balance":
                line = stream.readline().decode().strip()
            return json.loads(stream.readline().decode().split(": ", 1)[1])["values"]

    def test_the_citizens_window_tells_it_until_it_is_forgotten(self):
        self.lay("edy")
        self.till.post("/api/card/inquire")
        self.assertEqual(self.newest_balance(), [{"scheme": "edy", "name": "楽天Edy", "balance_yen": 35}])
        self.till.post("/api/card/forget")
        self.assertEqual(self.newest_balance(), [])

    def test_the_next_citizen_does_not_see_it(self):
        self.lay("edy")
        self.till.post("/api/card/inquire")
        self.till.ring_up("juminhyo")
        wait_until("the balance to go", lambda: self.newest_balance() == [])
        self.till.clear()

    def test_the_clerk_sees_balance_and_last_uses(self):
        self.lay("edy")
        [value] = self.till.post("/api/card/inquire")["values"]
        self.assertEqual((value["name"], value["balance_yen"]), ("楽天Edy", 35))
        self.assertEqual(value["uses"][0], {"date": "2019-10-05", "time": "15:11", "kind": "paid", "amount_yen": 150, "balance_yen": 35})

    def test_a_phone_tells_each_of_its_cards_and_an_empty_card_none(self):
        self.lay("phone")
        self.assertEqual([value["balance_yen"] for value in self.till.post("/api/card/inquire")["values"]], [8750, 35, 363])
        self.lay("empty")
        self.assertEqual(self.till.post("/api/card/inquire")["values"], [])

    def test_what_was_read_is_not_left_behind(self):
        journal = len(self.till.journal())
        for card in ("transit", "edy", "nanaco", "waon"):
            self.lay(card)
            answer = self.till.post("/api/card/inquire")
            self.assertFalse(any(number in json.dumps(answer) for number in CARD_IDS))
        self.till.post("/api/card/forget")
        self.assertEqual(len(self.till.journal()), journal)
        log = self.till.process.tail(1000)
        database = self.till.database.read_bytes()
        for number in CARD_IDS:
            self.assertNotIn(number, log)
            self.assertNotIn(bytes.fromhex(number), database)
        self.assertNotRegex(log, r"(?<!\d)8750(?!\d)")

    def test_an_inquiry_can_be_stopped_and_another_begun(self):
        answers = []
        waiting = threading.Thread(target=lambda: answers.append(self.refused("/api/card/inquire")))
        waiting.start()
        while waiting.is_alive():  # it may not have begun to wait yet
            self.till.post("/api/card/stop")
            waiting.join(0.05)
        self.assertEqual(answers, ["card_interrupted"])
        self.lay("nanaco")
        self.assertEqual(self.till.post("/api/card/inquire")["values"][0]["balance_yen"], 363)

    def test_a_locked_screen_reads_no_cards(self):
        self.till.post("/api/clerk/lock")
        self.lay("edy")
        self.assertEqual(self.refused("/api/card/inquire"), "locked")
        self.till.open()


if __name__ == "__main__":
    unittest.main()
