"""Gates of the sample city: one till each at the museum, the rink, a gymnasium, the hall and a car park, selling by the sample's tariffs."""
import shutil
import tempfile
import unittest

from scene import BUILD
from harness.city import City
from harness.http import Refused
from harness.till import Till

# terminal, place, and what is sold there: item, facts, reductions, what it comes to
CASES = (
    ("KO-33", "museum-2", "bijutsu-josetsu", {"persons": {"adult": 18, "child": 2}}, [], 2700),
    ("KO-26", "rink-1", "ice-arena", {"persons": {"adult": 2, "high": 1, "child": 3}}, [], 1700),
    ("KO-23", "sogo-gym-1", "sogo-gym-senyo", {"use": {"main-half": ["night"]}, "air": {"main-half": 1}},
     [{"rule": "sports-shonendan", "granter": "スポーツ振興課"}], 3370),
    ("KO-22", "bunka-center-1", "bunka-center", {"used_on": "2026-11-20", "use": {"main": ["am"]}, "equipment": {"grand": 1}},
     [{"rule": "bunka-ichibu", "granter": "文化振興課"}], 14000),
    ("KO-27", "hayama-p-1", "hayama-p", {"entered_at": "2026-11-20T10:00", "left_at": "2026-11-20T13:10"}, [], 300),
)


class Gates(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.mkdtemp(prefix="gates-")
        cls.addClassCleanup(shutil.rmtree, folder, True)
        cls.city = City(BUILD, folder)
        cls.addClassCleanup(cls.city.__exit__)
        cls.city.start()

    def open_till(self, terminal, place):
        till = self.city.tills.get(terminal) or self.city.add_till(terminal, place)
        till.open("watanabe", "4444")
        return till

    def test_every_gate_sells_by_its_tariff_and_the_service_books_it(self):
        for terminal, place, item, facts, reductions, total in CASES:
            till = self.open_till(terminal, place)
            priced = till.post("/api/tariff/price", item=item, facts=facts, reductions=reductions)
            self.assertEqual(priced.get("total_yen"), total, priced)
            basket = till.post("/api/basket/case", item=item, facts=facts, reductions=reductions)["basket"]
            till.post("/api/pay/cash", basket=basket["id"], tendered_yen=total)
            body = [line["body"] for line in till.journal() if line["kind"] == "sale.recorded"][-1]
            self.assertEqual(sum(line["amount_yen"] for line in body["lines"]), total)
            self.assertEqual(body["lines"][0]["pricing"]["facts"], facts)
            for line in body["lines"]:
                self.assertEqual(sum(row["yen"] for row in line["pricing"]["rows"]), line["amount_yen"])
            till.all_sent()
            self.assertIn("the tables follow from it", till.verify())

    def test_a_drawer_of_the_sample_is_one_terminals(self):
        other = Till(self.city, "KO-99", "rink-1")
        other.enrol()
        other.start()
        self.city.tills["KO-99"] = other
        other.post("/api/clerk/sign-in", clerk="watanabe", pin="4444")
        with self.assertRaises(Refused) as refused:
            other.post("/api/day/open", float_yen=0)
        self.assertEqual(refused.exception.code, "drawer_of_another")


if __name__ == "__main__":
    unittest.main()
