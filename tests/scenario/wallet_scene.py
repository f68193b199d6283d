"""A till with the two foreign wallets, and every way in which a payment by one of them can go. After each the wallet's own
book and the till's journal must say the same about the money."""
import pathlib
import random
import shutil
import tempfile

from scene import Scene
from harness.process import wait_until
from harness.wallets import CODES, Wallets


class WalletScene(Scene):
    wallet = None  # "wechat_pay" or "alipay_plus"

    @classmethod
    def setUpClass(cls):
        folder = tempfile.mkdtemp(prefix="wallets-")
        cls.addClassCleanup(shutil.rmtree, folder, True)
        cls.wallets = Wallets(folder)
        cls.addClassCleanup(cls.wallets.__exit__)
        cls.wallets.start()
        cls.printer = cls.wallets.settings()  # follows the section [payment]
        super().setUpClass()

    def setUp(self):
        self.wallets.forget_faults(self.wallet)

    def pay(self, behaviour=None, **more):
        """Ring up, show the code, wait until the payment is not running any more. The payment's id."""
        if behaviour:
            self.wallets.fault(self.wallet, behaviour, **more)
        basket = self.till.ring_up("juminhyo")["basket"]
        self.till.post("/api/pay/cashless", basket=basket["id"], method="qr", brand=self.wallet)
        self.till.post("/api/pay/code", code=CODES[self.wallet])
        self.state = self.till.payment_ended()
        return self.last_payment()

    def net_of_journal(self, payment):
        """What the journal says that the payer has paid and not got back."""
        lines = self.till.journal()
        sales = [line["body"] for line in lines
                 if line["kind"] == "sale.recorded" and line["body"]["payment"].get("payment") == payment]
        undone = {line["body"].get("payment") for line in lines if line["kind"] == "sale.voided"}
        return sum(sale["total_yen"] for sale in sales) if payment not in undone else 0

    def assert_money(self, payment, yen):
        """The wallet's book and the journal agree, and both say YEN."""
        self.till.all_resolved()
        self.assertEqual((self.wallets.kept(self.wallet, payment), self.net_of_journal(payment)), (yen, yen),
                         self.lines_of(payment))

    def assert_paid(self, payment):
        self.assert_money(payment, 300)
        self.assertEqual(len(self.sales_of(payment)), 1)
        self.assertEqual(self.lines_of(payment)[-1], "payment.resolved:approved")
        self.assertEqual(self.sales_of(payment)[0]["payment"]["brand"], self.wallet)

    def assert_not_paid(self, payment):
        self.assert_money(payment, 0)
        self.assertEqual(self.sales_of(payment), [])


class EveryFault:
    """Mixed into a WalletScene."""

    def test_an_approved_code_becomes_a_sale(self):
        self.assert_paid(self.pay())
        self.assertEqual(self.state["last_sale"]["brand_name"],
                         {"wechat_pay": "WeChat Pay", "alipay_plus": "Alipay+"}[self.wallet])

    def test_a_declined_code_keeps_the_basket_and_says_why(self):
        payment = self.pay("decline")
        self.assertEqual(self.state["payment"]["state"], "declined")
        self.assertIn("残高", self.state["payment"]["clerk_message"])
        self.assert_not_paid(payment)

    def test_whatever_becomes_of_the_answer_what_was_taken_is_a_sale(self):
        for behaviour in ("drop_after", "timeout_after", "twice", "garbage", "half_answer", "error_500_after",
                          "system_error_after", "bad_signature", "other_order", "other_amount"):
            with self.subTest(behaviour):
                payment = self.pay(behaviour)
                self.assert_paid(payment)
                if behaviour != "twice":  # the others say nothing that can be believed
                    self.assertIn("payment.unknown", self.lines_of(payment))

    def test_whatever_becomes_of_the_request_what_was_not_taken_is_no_sale(self):
        for behaviour in ("drop_before", "timeout_before", "error_500", "system_error"):
            with self.subTest(behaviour):
                payment = self.pay(behaviour)
                self.assert_not_paid(payment)
                self.assertEqual(self.lines_of(payment)[-1], "payment.resolved:not_charged")

    def test_a_late_answer_is_a_sale_once(self):
        self.assert_paid(self.pay("late", delay_ms=8000))  # longer than the till waits

    def test_a_payer_who_has_to_confirm_is_awaited(self):
        self.assert_paid(self.pay("user_paying", polls=3))

    def test_a_payer_who_refuses_pays_nothing(self):
        payment = self.pay("user_refuses", polls=1)
        self.assert_not_paid(payment)
        self.assertEqual(self.lines_of(payment)[-1], "payment.resolved:declined")

    def test_a_payer_who_never_confirms_is_cancelled_and_what_he_pays_at_that_moment_goes_back(self):
        payment = self.pay("user_pays_at_cancel")
        self.assert_not_paid(payment)
        self.assertEqual(self.wallets.order(self.wallet, payment)["state"], "reversed")

    def test_a_request_that_arrives_after_it_was_cancelled_takes_nothing(self):
        payment = self.pay("held_up")
        self.assert_not_paid(payment)
        self.assertEqual(len(self.wallets.let_go(self.wallet)), 1)
        self.assert_not_paid(payment)
        self.assertEqual(self.wallets.order(self.wallet, payment)["state"], "closed")

    def test_lost_answers_to_inquiries_only_delay(self):
        for behaviour in ("drop_before", "drop_after", "garbage", "error_500", "system_error", "bad_signature", "other_order",
                          "other_amount"):
            with self.subTest(behaviour):
                self.wallets.fault(self.wallet, behaviour, operation="query", times=1)
                self.assert_paid(self.pay("drop_after"))

    def test_lost_answers_to_cancels_only_delay(self):
        for behaviour in ("drop_before", "drop_after", "garbage", "error_500_after", "system_error", "bad_signature"):
            with self.subTest(behaviour):
                self.wallets.fault(self.wallet, behaviour, operation="cancel", times=1)
                self.assert_not_paid(self.pay("drop_before"))

    def test_an_order_that_the_network_denies_though_it_was_paid_goes_back(self):
        self.wallets.fault(self.wallet, "no_such_order", operation="query", times=100)
        payment = self.pay("drop_after")
        self.assert_not_paid(payment)
        self.assertEqual(self.wallets.order(self.wallet, payment)["state"], "reversed")

    def test_faults_upon_faults_leave_both_books_equal(self):
        chance = random.Random(20261122)  # the same every time
        answers = ("drop_before", "drop_after", "garbage", "half_answer", "error_500_after", "system_error", "bad_signature")
        for round_number in range(6):
            faults = [chance.choice((*answers, "user_paying", "held_up", "user_refuses")), chance.choice(answers),
                      chance.choice(answers)]
            with self.subTest(round=round_number, faults=faults):
                for operation, behaviour in zip(("query", "cancel"), faults[1:]):
                    self.wallets.fault(self.wallet, behaviour, operation=operation, times=2)
                payment = self.pay(faults[0], polls=1)
                self.till.all_resolved()
                self.assert_money(payment, self.wallets.kept(self.wallet, payment))
                self.wallets.let_go(self.wallet)
                self.assert_money(payment, self.wallets.kept(self.wallet, payment))
            self.wallets.forget_faults(self.wallet)

    def test_a_voided_sale_goes_back_also_when_answers_are_lost(self):
        for behaviour in (None, "drop_before", "drop_after"):
            with self.subTest(behaviour):
                payment = self.pay()
                self.assert_paid(payment)
                if behaviour:
                    self.wallets.fault(self.wallet, behaviour, operation="cancel", times=1)
                sale = self.sales_of(payment)[0]["sale"]
                self.till.post(f"/api/sales/{sale}/void", reason="打ち間違い")
                wait_until("the money to go back", lambda: self.wallets.kept(self.wallet, payment) == 0)
                wait_until("the journal to know", lambda: self.net_of_journal(payment) == 0)

    def test_a_till_killed_while_the_payer_confirms_finds_out_what_became_of_it(self):
        self.wallets.fault(self.wallet, "timeout_after")
        basket = self.till.ring_up("juminhyo")["basket"]
        self.till.post("/api/pay/cashless", basket=basket["id"], method="qr", brand=self.wallet)
        self.till.post("/api/pay/code", code=CODES[self.wallet])
        payment = self.last_payment()
        wait_until("the wallet to take the money", lambda: self.wallets.kept(self.wallet, payment) == 300)
        self.till.kill()
        self.till.start()
        self.till.open()
        self.assert_paid(payment)

    def test_an_order_is_asked_about_before_it_is_cancelled(self):
        payment = self.pay("drop_before")
        self.assert_not_paid(payment)
        reference = payment.replace("-", "") if self.wallet == "wechat_pay" else payment
        asked = [request["operation"] for request in self.wallets.requests(self.wallet) if request["reference"] == reference]
        self.assertEqual(asked[:2], ["pay", "query"])
        self.assertEqual(asked[-2:], ["query", "cancel"])

    def test_codes_and_keys_are_in_no_log_journal_or_database(self):
        self.pay()
        self.pay("decline")
        self.pay("garbage")
        self.till.all_resolved()
        kept = [*pathlib.Path(self.folder).rglob("*"), *self.wallets.folder.glob("*.book"),
                *self.wallets.folder.glob("*.log")]
        for file in filter(pathlib.Path.is_file, kept):
            try:
                held = file.read_bytes()
            except FileNotFoundError:  # a file of a moment: what it held stands in the one that took its place
                continue
            self.assertNotIn(CODES[self.wallet].encode(), held, file)
            self.assertNotIn(self.wallets.api_key.encode(), held, file)
