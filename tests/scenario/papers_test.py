"""Papers beside the receipt, as the printer makes them: the shop's copy of a card, the hold slip, the test page."""
import json
import unittest

from scene import Scene
from harness.checkout_masters import checkout_masters
from harness.process import wait_until


def masters_with_shop_copies(folder):
    """The checkout's masters, whose item "card" asks for a 加盟店控 and may go back to the card; JCB cannot be voided."""
    document = checkout_masters()
    for policy in document["policies"]:
        if policy["code"] == "card_only":
            policy.update(shop_copy=True, refund="later", refund_means=["gateway"])
    for brand in document["brands"]:
        if brand["code"] == "jcb":
            brand["can_void"] = False
    path = folder / "masters.json"
    path.write_text(json.dumps(document, ensure_ascii=False))
    return path


class Papers(Scene):
    masters = staticmethod(masters_with_shop_copies)

    def prints(self, subject):
        """(form, copy, outcome) of every paper about SUBJECT, in the order of the journal."""
        return [(line["body"]["form"], line["body"]["copy"], line["body"]["outcome"]) for line in self.till.journal()
                if line["kind"] == "print.finished" and line["body"]["sale"] == subject]

    def printed(self, subject, *wanted):
        wait_until(f"{wanted} of {subject}", lambda: self.prints(subject) == list(wanted))

    def sell_by_card(self, brand="visa"):
        return self.till.sell_cashless("credit", brand, "card")["last_sale"]["sale"]

    def test_a_card_has_the_shops_paper_after_the_citizens_and_so_has_its_void(self):
        sale = self.sell_by_card()
        self.printed(sale, ("receipt", 0, "printed"), ("shop_copy", 0, "printed"))
        self.assertEqual(self.till.sale(sale)["shop_copy"], "shop_copy")
        self.till.post(f"/api/sales/{sale}/void", reason="打ち間違い")
        self.printed(sale, ("receipt", 0, "printed"), ("shop_copy", 0, "printed"), ("void", 0, "printed"),
                     ("void_shop_copy", 0, "printed"))
        self.assertEqual(self.till.sale(sale)["shop_copy"], "void_shop_copy")
        picture = self.till.get(f"/api/papers/void_shop_copy/{sale}/picture.png", raw=True)
        self.assertTrue(picture.startswith(b"\x89PNG"))

    def test_the_shops_paper_that_the_printer_did_not_make_is_listed_and_printed_when_asked_for(self):
        self.till.post("/api/simulated/printer", paper="end")
        sale = self.sell_by_card()
        wait_until("both to be missed", lambda: [row["form"] for row in self.till.state()["unprinted"]
                                                 if row["sale"] == sale] == ["receipt", "shop_copy"])
        self.till.kill()
        self.till.start()
        self.till.open()
        self.till.post("/api/simulated/printer", paper="ok")
        for form in ("receipt", "shop_copy"):
            self.till.post(f"/api/papers/{form}/{sale}/print")
        wait_until("both papers", lambda: [row for row in self.prints(sale) if row[2] == "printed"]
                   == [("receipt", 0, "printed"), ("shop_copy", 0, "printed")])
        wait_until("nothing to be missed", lambda: self.till.state()["unprinted"] == [])
        self.till.post(f"/api/papers/shop_copy/{sale}/print")
        wait_until("the copy", lambda: self.prints(sale)[-1] == ("shop_copy", 1, "printed"))

    def test_a_refund_to_the_card_has_the_shops_paper(self):
        sale = self.sell_by_card("jcb")
        self.till.post(f"/api/sales/{sale}/refunds", remainder_yen=500, means="gateway", reason="打ち間違い")
        refund = self.till.sale(sale)["refund"]["requests"][0]["refund"]
        self.printed(refund, ("refund", 0, "printed"), ("refund_shop_copy", 0, "printed"))
        self.assertIn("the tables follow", self.till.verify())

    def test_a_hold_slip_is_printed_when_asked_for_and_brings_its_basket_back(self):
        basket = self.till.ring_up("a", "b")["basket"]
        held = self.till.post("/api/basket/hold", basket=basket["id"], label="3番のお客様")["held"]
        hold = next(row["hold"] for row in held if row["label"] == "3番のお客様")
        self.till.post(f"/api/papers/hold/{hold}/print")
        self.printed(hold, ("hold", 0, "printed"))
        self.till.post("/api/simulated/scanner", code=hold)
        state = wait_until("the basket", lambda: next((state for state in [self.till.state()]
                                                       if state["basket"]["id"] == basket["id"]), None))
        self.assertEqual((state["basket"]["total_yen"], state["scanned"]["kind"]), (750, "hold"))
        self.till.clear()

    def test_the_test_page_comes_as_often_as_it_is_asked_for(self):
        for _ in range(2):
            before = len(self.prints("KO-01"))
            self.till.post("/api/papers/test/KO-01/print")
            wait_until("the page", lambda count=before: self.prints("KO-01")[count:] == [("test", 0, "printed")])


if __name__ == "__main__":
    unittest.main()
