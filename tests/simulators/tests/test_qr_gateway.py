"""The QR gateway: keys, cancels, refunds, and what each behaviour leaves in the book and shows to the till."""

import http.client
import json
import threading

from tests.support import CODE, NetworkTest, QrClient, call, eventually

IMPATIENCE_SECONDS = 0.3  # how long a test waits for an answer that never comes


class Charges(NetworkTest):
    def test_a_charge_has_the_shape_of_the_contract(self):
        status, charge = self.qr.charge("pay-1", brand="paypay")

        self.assertEqual(status, 200)
        self.assertEqual(list(charge), ["merchant_reference", "acquirer_reference", "status", "brand", "amount",
                                        "accepted_at", "failure_code"])
        self.assertEqual((charge["status"], charge["brand"], charge["amount"]), ("successful", "paypay", 450))
        self.assertRegex(charge["acquirer_reference"], r"^Q\d{9}$")
        self.assertRegex(charge["accepted_at"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+09:00$")
        self.assertIsNone(charge["failure_code"])

    def test_a_charge_repeated_under_its_key_is_taken_once(self):
        first = self.qr.charge("pay-1")
        second = self.qr.charge("pay-1")

        self.assertEqual(first, second)
        self.assertEqual(len(self.book()), 1)

    def test_charges_repeated_at_the_same_time_are_taken_once(self):
        answers = []
        threads = [threading.Thread(target=lambda: answers.append(self.qr.charge("pay-1"))) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        self.assertEqual(len(answers), 8)
        self.assertTrue(all(answer == answers[0] for answer in answers))
        self.assertEqual(len(self.book()), 1)

    def test_a_key_used_with_another_body_is_a_conflict(self):
        self.qr.charge("pay-1", amount=450)

        for other in ({"amount": 451}, {"code": "900081810000000000000124"}, {"brand": "paypay"}):
            status, answer = self.qr.charge("pay-1", **other)
            self.assertEqual((status, answer["error"]["code"]), (409, "IDEMPOTENCY_KEY_CONFLICT"))
        self.assertEqual(self.book()["pay-1"]["amount"], 450)

    def test_the_brand_follows_from_the_code_when_it_is_not_named(self):
        codes = {"900081810000000000000123": "paypay", "9000000200000000000000": "dbarai",
                 "9000010000000000": "rakutenpay", "3158992100000000000": "aupay", "3158990000000000000": "merpay",
                 "100000000000000000": "wechat_pay", "2500000000000000": "alipay_plus"}
        for number, (code, brand) in enumerate(codes.items()):
            self.assertEqual(self.qr.charge(f"pay-{number}", code=code)[1]["brand"], brand)

    def test_a_code_of_no_known_brand_and_a_brand_not_served_here_fail(self):
        self.assertEqual(self.qr.charge("pay-1", code="0000")[1]["failure_code"], "CODE_UNKNOWN")
        self.assertEqual(self.qr.charge("pay-2", brand="visa")[1]["failure_code"], "BRAND_UNAVAILABLE")
        self.assertEqual({entry["state"] for entry in self.book().values()}, {"declined"})

    def test_the_shown_code_is_nowhere_in_the_book_or_in_an_answer(self):
        code = CODE["paypay"]
        _, charge = self.qr.charge("pay-1", code=code)
        _, refusal = self.qr.charge("pay-1", code=code[:-1] + "9")

        with open(self.book_path, encoding="utf-8") as book:
            told = book.read() + json.dumps([charge, refusal, self.book()])
        self.assertNotIn(code[8:], told)
        self.assertNotIn(code[-4:], told)

    def test_requests_that_do_not_read_are_refused_and_change_nothing(self):
        for wrong in ({"amount": 0}, {"amount": 10_000_000}, {"amount": "450"}, {"amount": True}, {"currency": "USD"},
                      {"code": ""}, {"terminal": ""}, {"surprise": 1}):
            status, answer = self.qr.charge("pay-1", **wrong)
            self.assertEqual((status, answer["error"]["code"]), (400, "BAD_REQUEST"), wrong)
        self.assertEqual(self.qr.charge("under_score")[0], 400)
        self.assertEqual(call(self.port, "POST", "/qr/v1/charges", {}, self.qr.headers)[0], 400)
        self.assertEqual(self.book(), {})

    def test_a_wrong_secret_is_unauthorized(self):
        status, answer = QrClient(self.port, secret="guess").charge("pay-1")

        self.assertEqual((status, answer["error"]["code"]), (401, "UNAUTHORIZED"))
        self.assertEqual(self.qr.inquire("pay-1")[0], 404)


class Cancels(NetworkTest):
    def test_a_cancel_takes_the_whole_charge_back_and_may_be_repeated(self):
        _, charge = self.qr.charge("pay-1")
        first = self.qr.cancel("pay-1")
        second = self.qr.cancel("pay-1")

        self.assertEqual(first, second)
        self.assertEqual(first[1], {**charge, "status": "canceled"})
        self.assertEqual(self.state("pay-1"), "reversed")

    def test_a_key_cancelled_before_it_was_seen_takes_nothing_when_its_charge_arrives(self):
        status, tombstone = self.qr.cancel("pay-1")
        late = self.qr.charge("pay-1")

        self.assertEqual((status, tombstone["status"], tombstone["accepted_at"]), (200, "canceled", None))
        self.assertEqual(late, (200, tombstone))
        self.assertEqual(self.state("pay-1"), "canceled")
        self.assertEqual(self.control("GET", "book"), [])

    def test_a_pending_charge_that_is_cancelled_never_succeeds(self):
        self.script("pending", delay_ms=1)
        self.script("pending", delay_ms=600_000)
        self.qr.charge("pay-1")

        self.assertEqual(self.qr.cancel("pay-1")[1]["status"], "canceled")
        self.assertEqual(self.qr.inquire("pay-1")[1]["accepted_at"], None)
        self.assertEqual(self.state("pay-1"), "canceled")

    def test_the_window_to_cancel_closes_a_quarter_of_an_hour_into_the_next_day(self):
        self.control("POST", "clock", {"now": "2026-11-22T23:59:00+09:00"})
        for reference in ("pay-1", "pay-2"):
            self.qr.charge(reference)

        self.control("POST", "clock", {"now": "2026-11-23T00:14:50+09:00"})
        self.assertEqual(self.qr.cancel("pay-1")[1]["status"], "canceled")
        self.control("POST", "clock", {"now": "2026-11-23T00:15:00+09:00"})
        status, answer = self.qr.cancel("pay-2")

        self.assertEqual((status, answer["error"]["code"]), (409, "CANCEL_WINDOW_CLOSED"))
        self.assertEqual(self.qr.cancel("pay-1")[1]["status"], "canceled")  # done in time: safe to repeat
        self.assertEqual(self.state("pay-2"), "charged")

    def test_a_failed_charge_stays_failed_when_it_is_cancelled(self):
        self.script("decline")
        self.qr.charge("pay-1")

        self.assertEqual(self.qr.cancel("pay-1")[1]["status"], "failed")


class Refunds(NetworkTest):
    def test_refunds_together_never_exceed_the_charge(self):
        self.qr.charge("pay-1", amount=450)

        status, refund = self.qr.refund("pay-1", "refund-1", 400)
        self.assertEqual((status, refund["status"], refund["amount"]), (200, "successful", 400))
        self.assertEqual(self.qr.refund("pay-1", "refund-2", 51)[1]["error"]["code"], "REFUND_EXCEEDS_CHARGE")
        self.assertEqual(self.state("pay-1"), "charged")
        self.assertEqual(self.qr.refund("pay-1", "refund-3", 50)[0], 200)
        self.assertEqual(self.book()["pay-1"]["refunded_amount"], 450)
        self.assertEqual(self.state("pay-1"), "refunded")

    def test_a_refund_repeated_under_its_key_is_made_once(self):
        self.qr.charge("pay-1", amount=450)

        self.assertEqual(self.qr.refund("pay-1", "refund-1", 100), self.qr.refund("pay-1", "refund-1", 100))
        self.assertEqual(self.qr.refund("pay-1", "refund-1", 101)[1]["error"]["code"], "IDEMPOTENCY_KEY_CONFLICT")
        self.assertEqual(self.book()["pay-1"]["refunded_amount"], 100)

    def test_what_was_not_taken_cannot_be_refunded(self):
        self.qr.cancel("pay-1")

        self.assertEqual(self.qr.refund("pay-1", "refund-1", 1)[1]["error"]["code"], "REFUND_EXCEEDS_CHARGE")
        self.assertEqual(self.qr.refund("pay-2", "refund-1", 1)[1]["error"]["code"], "CHARGE_NOT_FOUND")

    def test_a_charge_partly_refunded_cannot_be_cancelled(self):
        self.qr.charge("pay-1")
        self.qr.refund("pay-1", "refund-1", 1)

        self.assertEqual(self.qr.cancel("pay-1")[1]["error"]["code"], "CHARGE_REFUNDED")


class Behaviours(NetworkTest):
    def after(self, behaviour, **more):
        """What the till gets for one charge, and what the book then says."""
        self.script(behaviour, reference="pay-1", **more)
        try:
            answer = self.qr.charge("pay-1", timeout=IMPATIENCE_SECONDS)
        except TimeoutError:
            answer = "silence"
        except http.client.RemoteDisconnected:
            answer = "cut"
        except ConnectionResetError:
            answer = "cut"
        except http.client.IncompleteRead:
            answer = "half"
        except ValueError:
            answer = "garbage"
        return answer, self.state("pay-1")

    def assert_taken_once_whatever_was_heard(self):
        status, charge = self.qr.inquire("pay-1")
        self.assertEqual((status, charge["status"]), (200, "successful"))
        self.assertEqual(self.qr.charge("pay-1"), (status, charge))
        self.assertEqual(len(self.book()), 1)

    def assert_nothing_was_heard_at_the_centre(self):
        self.assertEqual(self.qr.inquire("pay-1")[1]["error"]["code"], "CHARGE_NOT_FOUND")
        self.assertEqual(self.qr.charge("pay-1")[1]["status"], "successful")  # the script is used up

    def test_approve_charges(self):
        (_, charge), state = self.after("approve")
        self.assertEqual((charge["status"], state), ("successful", "charged"))

    def test_decline_takes_nothing_and_says_why(self):
        (_, charge), state = self.after("decline", failure="CODE_EXPIRED")
        self.assertEqual((charge["status"], charge["failure_code"], state), ("failed", "CODE_EXPIRED", "declined"))
        self.assertEqual((charge["accepted_at"], charge["acquirer_reference"]), (None, None))

    def test_timeout_before_takes_nothing_and_never_answers(self):
        self.assertEqual(self.after("timeout_before"), ("silence", None))
        self.assert_nothing_was_heard_at_the_centre()

    def test_timeout_after_charges_and_never_answers(self):
        self.assertEqual(self.after("timeout_after"), ("silence", "charged"))
        self.assert_taken_once_whatever_was_heard()

    def test_late_charges_at_once_and_answers_later(self):
        self.assertEqual(self.after("late", delay_ms=60_000), ("silence", "charged"))
        self.assert_taken_once_whatever_was_heard()

    def test_late_answers_after_its_delay(self):
        self.script("late", delay_ms=30)
        self.assertEqual(self.qr.charge("pay-1")[1]["status"], "successful")

    def test_twice_charges_once_and_the_next_inquiry_says_the_same(self):
        answer, state = self.after("twice")
        self.assertEqual(state, "charged")
        self.assertEqual(self.qr.inquire("pay-1"), answer)

    def test_error_500_takes_nothing(self):
        (status, _), state = self.after("error_500")
        self.assertEqual((status, state), (500, None))
        self.assert_nothing_was_heard_at_the_centre()

    def test_error_500_after_charges(self):
        (status, _), state = self.after("error_500_after")
        self.assertEqual((status, state), (500, "charged"))
        self.assert_taken_once_whatever_was_heard()

    def test_drop_before_takes_nothing_and_cuts(self):
        self.assertEqual(self.after("drop_before"), ("cut", None))
        self.assert_nothing_was_heard_at_the_centre()

    def test_drop_after_charges_and_cuts(self):
        self.assertEqual(self.after("drop_after"), ("cut", "charged"))
        self.assert_taken_once_whatever_was_heard()

    def test_half_answer_charges_and_breaks_off(self):
        self.assertEqual(self.after("half_answer"), ("half", "charged"))
        self.assert_taken_once_whatever_was_heard()

    def test_garbage_charges_and_answers_what_is_not_json(self):
        self.assertEqual(self.after("garbage"), ("garbage", "charged"))
        self.assert_taken_once_whatever_was_heard()

    def test_pending_becomes_successful_after_its_delay(self):
        (_, charge), state = self.after("pending", delay_ms=150)
        self.assertEqual((charge["status"], charge["accepted_at"]), ("pending", None))
        self.assertIn(state, ("pending", "charged"))

        self.assertTrue(eventually(lambda: self.qr.inquire("pay-1")[1]["status"] == "successful"))
        self.assert_taken_once_whatever_was_heard()

    def test_a_behaviour_of_the_terminal_is_no_behaviour_of_the_gateway(self):
        status, _ = call(self.port, "POST", "/control/scripts", {"channel": "qr", "behaviour": "in_doubt"})
        self.assertEqual(status, 400)
        self.script("in_doubt")
        self.assertEqual(self.qr.charge("pay-1")[1]["status"], "successful")

    def test_the_newest_matching_script_wins_and_is_used_up(self):
        self.script("decline", amount=777, times=2)
        self.script("decline", amount=777, failure="REFUSED")

        codes = [self.qr.charge(f"pay-{n}", amount=777)[1]["failure_code"] for n in range(4)]
        self.assertEqual(codes, ["REFUSED", "INSUFFICIENT_BALANCE", "INSUFFICIENT_BALANCE", None])
