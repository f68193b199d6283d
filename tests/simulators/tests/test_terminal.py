"""The payment terminal: outcomes, doubt, reversal, abort, and what each behaviour leaves in the book."""

import struct

from tests.support import NetworkTest, call, complaint, eventually, outcome

IMPATIENCE_SECONDS = 0.3  # how long a test waits for an answer that never comes


class Payments(NetworkTest):
    def test_a_payment_has_the_shape_of_the_contract(self):
        answer = self.terminal().pay("pay-1", amount=450, brand="visa", media="Credit")

        self.assertEqual(outcome(answer), ("Success", None))
        result = answer["PaymentResult"]
        self.assertEqual(result["AmountsResp"], {"Currency": "JPY", "AuthorizedAmount": 450})
        self.assertEqual(result["PaymentInstrumentData"]["CardData"],
                         {"PaymentBrand": "visa", "MaskedPan": "432112xxxxxx1234"})
        self.assertRegex(result["PaymentAcquirerData"]["AcquirerTransactionID"]["TransactionID"], r"^C\d{9}$")
        self.assertRegex(result["SlipNumber"], r"^\d{5}$")
        self.assertNotIn("BalanceAfter", result)
        self.assertEqual(self.book()["pay-1"]["accepted_at"],
                         result["PaymentAcquirerData"]["AcquirerTransactionID"]["TimeStamp"])

    def test_only_prepaid_money_tells_a_balance_and_only_credit_a_number(self):
        terminal = self.terminal()

        self.assertEqual(terminal.pay("pay-1", brand="waon")["PaymentResult"]["BalanceAfter"], 1234)
        self.assertNotIn("MaskedPan", terminal.status("pay-1")["RepeatedMessageResponse"]["PaymentResult"]
                         ["PaymentInstrumentData"]["CardData"])
        self.assertNotIn("BalanceAfter", terminal.pay("pay-2", brand="id")["PaymentResult"])

    def test_an_answer_carries_the_service_id_of_its_request(self):
        terminal = self.terminal()
        for _ in range(3):
            terminal.ask("Diagnosis", {})
            self.assertEqual(terminal.answered_service_id, str(terminal.service_id))

    def test_a_payment_repeated_under_its_key_is_taken_once(self):
        terminal = self.terminal()

        self.assertEqual(terminal.pay("pay-1"), terminal.pay("pay-1"))
        with complaint(self, "another amount"):
            self.assertEqual(outcome(terminal.pay("pay-1", amount=301)), ("Failure", "MessageFormat"))
        self.assertEqual(self.book()["pay-1"]["amount"], 300)

    def test_a_key_never_seen_is_not_found(self):
        self.assertEqual(outcome(self.terminal().status("pay-1")), ("Failure", "NotFound"))

    def test_each_refusal_reads_as_the_contract_says_and_takes_nothing(self):
        readings = {
            None: ("Refusal", "CenterResultCode=G12"),
            "Deficient": ("PaymentRestriction", "Deficient=true&Balance=120"),
            "UnreachableHost": ("UnreachableHost", ""), "Cancel": ("Cancel", ""), "InvalidCard": ("InvalidCard", ""),
            "NotAllowed": ("NotAllowed", ""),
        }
        terminal = self.terminal()
        for number, (failure, (condition, additional)) in enumerate(readings.items()):
            self.script("decline", failure=failure)
            answer = terminal.pay(f"pay-{number}")
            self.assertEqual(answer["Response"], {"Result": "Failure", "ErrorCondition": condition,
                                                  "AdditionalResponse": additional})
            self.assertEqual(terminal.status(f"pay-{number}")["RepeatedMessageResponse"], answer)
        self.assertEqual({entry["state"] for entry in self.book().values()}, {"declined"})

    def test_a_brand_of_the_other_door_is_not_allowed(self):
        terminal = self.terminal()
        self.assertEqual(outcome(terminal.pay("pay-1", brand="linepay")), ("Failure", "NotAllowed"))
        with complaint(self, "PaymentMedia"):
            self.assertEqual(outcome(terminal.pay("pay-2", brand="paypay")), ("Failure", "MessageFormat"))
        self.assertEqual(self.book(), {})

    def test_login_answers(self):
        software = {"SaleSoftware": {"ApplicationName": "test", "SoftwareVersion": "1"}}
        self.assertEqual(outcome(self.terminal().ask("Login", {**software, "TrainingModeFlag": False})), ("Success", None))

    def test_training_moves_nothing_and_every_answer_says_so(self):
        terminal = self.terminal()
        login = terminal.ask("Login", {"TrainingModeFlag": True})
        paid = terminal.pay("pay-1", brand="waon")

        for answer in (login, paid, terminal.status("pay-1"), terminal.reverse("pay-1")):
            self.assertEqual(outcome(answer), ("Success", None))
            self.assertEqual(answer["Response"]["AdditionalResponse"], "Training=true")
        self.assertEqual(self.control("GET", "book"), [])
        self.assertEqual(outcome(self.terminal().status("pay-1")), ("Failure", "NotFound"))
        terminal.ask("Login", {"TrainingModeFlag": False})
        self.assertEqual(terminal.pay("pay-1", brand="waon")["Response"]["AdditionalResponse"], "")
        self.assertEqual(self.state("pay-1"), "charged")

    def test_a_settlement_counts_each_movement_once(self):
        terminal = self.terminal()
        terminal.pay("pay-1", amount=300, brand="visa", media="Credit")
        terminal.pay("pay-2", amount=400, brand="visa", media="Credit")
        terminal.reverse("pay-2")
        totals = [{"PaymentBrand": "visa", "PaymentTotals": [
            {"TransactionType": "Reversal", "TransactionCount": 1, "TransactionAmount": 400},
            {"TransactionType": "Sale", "TransactionCount": 2, "TransactionAmount": 700}]}]

        self.assertEqual(terminal.ask("GetTotals", {"TotalDetails": ["SaleID"]})["TransactionTotals"], totals)
        settle = {"ReconciliationType": "SaleReconciliation"}
        self.assertEqual(terminal.ask("Reconciliation", settle)["TransactionTotals"], totals)
        self.assertEqual(terminal.ask("Reconciliation", settle)["TransactionTotals"], [])

    def test_e_money_is_not_refunded(self):
        terminal = self.terminal()
        terminal.pay("pay-1", amount=300, brand="waon")
        answer = terminal.pay("refund-1", amount=100, brand="waon", kind="Refund", original="pay-1")
        self.assertEqual(outcome(answer), ("Failure", "NotAllowed"))

    def test_what_does_not_read_is_refused_or_dropped(self):
        terminal = self.terminal()
        with complaint(self, "TransactionID"):
            self.assertEqual(outcome(terminal.ask("Payment", {})), ("Failure", "MessageFormat"))
        self.assertEqual(outcome(terminal.ask("Print", {})), ("Failure", "MessageFormat"))
        for frame in (struct.pack(">I", 0), struct.pack(">I", 65_537), struct.pack(">I", 2) + b"{}"):
            client = self.terminal()
            with complaint(self, "connection dropped"), self.assertRaises(ConnectionError):
                client.sock.sendall(frame)
                client.receive_raw()
        self.assertEqual(self.book(), {})


class OneAtATime(NetworkTest):
    def start_slow(self, behaviour, reference="pay-1"):
        self.script(behaviour, reference=reference, delay_ms=600_000)
        terminal = self.terminal()
        terminal.send("Payment", terminal.payment(reference))
        other = self.terminal()
        self.assertTrue(eventually(lambda: outcome(other.status(reference)) == ("Failure", "InProgress")))
        return terminal, other

    def test_a_second_payment_of_the_same_pair_is_busy_and_takes_nothing(self):
        _, other = self.start_slow("approve")

        self.assertEqual(outcome(other.pay("pay-2")), ("Failure", "Busy"))
        self.assertEqual(other.ask("Diagnosis", {})["POIStatus"]["GlobalStatus"], "Busy")
        self.assertIsNone(self.state("pay-2"))

    def test_another_pair_is_not_busy(self):
        self.start_slow("approve")

        self.assertEqual(outcome(self.terminal(sale_id="KO-02").pay("pay-2")), ("Success", None))

    def test_the_running_payment_repeated_is_still_in_progress(self):
        _, other = self.start_slow("late")

        self.assertEqual(outcome(other.pay("pay-1")), ("Failure", "InProgress"))
        self.assertEqual(outcome(other.reverse("pay-1")), ("Failure", "Busy"))

    def test_an_abort_before_the_card_stops_the_payment(self):
        terminal, other = self.start_slow("approve")
        other.send("Abort", {"SaleTransactionID": {"TransactionID": "pay-1"}, "AbortReason": "MerchantAbort"})

        self.assertEqual(outcome(terminal.receive()), ("Failure", "Aborted"))
        self.assertEqual(self.state("pay-1"), "declined")
        self.assertEqual(outcome(other.pay("pay-2")), ("Success", None))

    def test_an_abort_on_the_connection_of_the_payment_stops_it(self):
        terminal, _ = self.start_slow("approve")
        terminal.send("Abort", {"SaleTransactionID": {"TransactionID": "pay-1"}, "AbortReason": "MerchantAbort"})

        self.assertEqual(outcome(terminal.receive()), ("Failure", "Aborted"))

    def test_an_abort_after_the_charge_changes_nothing(self):
        _, other = self.start_slow("late")
        self.assertTrue(eventually(lambda: self.state("pay-1") == "charged"))
        other.send("Abort", {"SaleTransactionID": {"TransactionID": "pay-1"}, "AbortReason": "MerchantAbort"})

        self.assertEqual(outcome(other.status("pay-1")), ("Failure", "InProgress"))
        self.assertEqual(self.state("pay-1"), "charged")

    def test_a_payment_goes_on_when_its_connection_is_lost(self):
        self.script("approve", delay_ms=100)
        terminal = self.terminal()
        terminal.send("Payment", terminal.payment("pay-1"))
        terminal.close()

        self.assertTrue(eventually(lambda: self.state("pay-1") == "charged"))


class Reversals(NetworkTest):
    def test_a_reversal_takes_the_payment_back_and_may_be_repeated(self):
        terminal = self.terminal()
        terminal.pay("pay-1", brand="waon")

        first = terminal.reverse("pay-1")
        self.assertEqual(outcome(first), ("Success", None))
        self.assertEqual(terminal.reverse("pay-1", "Malfunction"), first)
        self.assertEqual(self.state("pay-1"), "reversed")
        self.assertEqual(terminal.status("pay-1")["RepeatedMessageResponse"]["Response"],
                         {"Result": "Failure", "ErrorCondition": "Aborted", "AdditionalResponse": "Reversed=true"})

    def test_edy_and_nanaco_cannot_be_voided(self):
        terminal = self.terminal()
        for brand in ("edy", "nanaco"):
            terminal.pay(f"pay-{brand}", brand=brand)
            self.assertEqual(outcome(terminal.reverse(f"pay-{brand}")), ("Failure", "NotAllowed"))
            self.assertEqual(self.state(f"pay-{brand}"), "charged")

    def test_a_payment_reversed_before_it_arrived_is_refused_when_it_does(self):
        terminal = self.terminal()

        self.assertEqual(outcome(terminal.reverse("pay-1")), ("Failure", "NotFound"))
        self.assertEqual(outcome(terminal.pay("pay-1")), ("Failure", "Aborted"))
        self.assertEqual(self.state("pay-1"), "canceled")
        self.assertEqual(self.control("GET", "book"), [])

    def test_what_was_declined_has_nothing_to_reverse(self):
        self.script("decline")
        terminal = self.terminal()
        terminal.pay("pay-1")

        self.assertEqual(outcome(terminal.reverse("pay-1")), ("Failure", "NotFound"))
        self.assertEqual(self.state("pay-1"), "declined")

    def test_refunds_are_linked_to_their_sale_and_never_exceed_it(self):
        terminal = self.terminal()
        terminal.pay("pay-1", amount=300, brand="visa", media="Credit")

        def refund(key, amount, **more):
            return terminal.pay(key, amount=amount, brand="visa", media="Credit", kind="Refund", **more)

        first = refund("refund-1", 200, original="pay-1")
        self.assertEqual(outcome(first), ("Success", None))
        self.assertEqual(refund("refund-1", 200, original="pay-1"), first)
        self.assertEqual(terminal.status("refund-1")["RepeatedMessageResponse"], first)
        self.assertEqual(outcome(refund("refund-2", 101, original="pay-1")), ("Failure", "Refusal"))
        with complaint(self, "TransactionID"):
            self.assertEqual(outcome(refund("refund-3", 1)), ("Failure", "MessageFormat"))
        self.assertEqual(outcome(refund("refund-4", 1, original="pay-9")), ("Failure", "NotFound"))
        self.assertEqual(outcome(terminal.reverse("pay-1")), ("Failure", "NotAllowed"))
        self.assertEqual(self.book()["pay-1"]["refunded_amount"], 200)


class Doubt(NetworkTest):
    def doubt(self, behaviour, reference="pay-1"):
        self.script(behaviour, reference=reference)
        return self.terminal(sale_id=reference).pay(reference)

    def test_a_payment_in_doubt_reads_as_such_until_its_card_is_touched(self):
        answer = self.doubt("in_doubt")

        self.assertEqual(answer["Response"],
                         {"Result": "Partial", "ErrorCondition": "InProgress", "AdditionalResponse": "InDoubt=true"})
        self.assertEqual(self.terminal().status("pay-1")["RepeatedMessageResponse"], answer)
        self.assertEqual(self.book()["pay-1"]["state"], "in_doubt")
        self.assertIsNone(self.book()["pay-1"]["accepted_at"])
        self.assertEqual(answer["PaymentResult"]["AmountsResp"]["AuthorizedAmount"], 300)
        self.assertEqual(outcome(self.terminal().reverse("pay-1")), ("Partial", "InProgress"))

    def test_touching_the_card_shows_the_truth_of_the_script(self):
        self.doubt("in_doubt", "pay-1")
        self.doubt("in_doubt_uncharged", "pay-2")

        touched = self.control("POST", "touch")["touched"]

        self.assertEqual([(entry["reference"], entry["state"]) for entry in touched],
                         [("pay-1", "charged"), ("pay-2", "declined")])
        terminal = self.terminal()
        self.assertEqual(outcome(terminal.status("pay-1")["RepeatedMessageResponse"]), ("Success", None))
        self.assertEqual(outcome(terminal.status("pay-2")["RepeatedMessageResponse"]), ("Failure", "Cancel"))

    def test_a_touch_may_say_otherwise_than_the_script(self):
        self.doubt("in_doubt", "pay-1")
        self.doubt("in_doubt_uncharged", "pay-2")

        self.control("POST", "touch", {"reference": "pay-1", "charged": False})
        self.control("POST", "touch", {"reference": "pay-2", "charged": True})

        self.assertEqual((self.state("pay-1"), self.state("pay-2")), ("declined", "charged"))
        self.assertEqual(call(self.port, "POST", "/control/touch", {"reference": "pay-1"})[0], 404)

    def test_the_charge_counts_from_the_touch_and_not_from_the_doubt(self):
        self.control("POST", "clock", {"now": "2026-11-22T10:00:00+09:00"})
        self.doubt("in_doubt")
        self.control("POST", "clock", {"now": "2027-01-05T10:00:00+09:00"})
        self.control("POST", "touch")

        self.assertTrue(self.book()["pay-1"]["accepted_at"].startswith("2027-01-05T10:00:0"))


class Totals(NetworkTest):
    def totals(self, terminal):
        return terminal.ask("GetTotals", {"TotalDetails": ["SaleID"]})

    def test_the_daily_log_has_what_moved_and_what_is_in_doubt(self):
        terminal = self.terminal()
        terminal.pay("pay-1", brand="visa", media="Credit")
        terminal.reverse("pay-1")
        self.script("decline")
        terminal.pay("pay-2")
        self.script("in_doubt")
        terminal.pay("pay-3", brand="transit_ic")
        self.terminal(sale_id="KO-02").pay("pay-4")

        log = self.totals(terminal)["DailyLog"]

        self.assertEqual([(entry["SaleTransactionID"]["TransactionID"], entry["Kind"], entry["State"], entry["Amount"])
                          for entry in log],
                         [("pay-1", "Sale", "Approved", 300), ("pay-1", "Reversal", "Approved", 300),
                          ("pay-3", "Sale", "InDoubt", 300)])

    def test_a_log_too_long_for_a_message_keeps_the_newest_and_says_so(self):
        terminal = self.terminal()
        for number in range(260):
            terminal.pay(f"pay-{number:03d}-{'x' * 50}")

        answer = self.totals(terminal)

        self.assertEqual(answer["Response"]["Result"], "Partial")
        self.assertEqual(answer["Response"]["AdditionalResponse"], "Truncated=true")
        self.assertTrue(answer["DailyLog"][-1]["SaleTransactionID"]["TransactionID"].startswith("pay-259"))


class Behaviours(NetworkTest):
    def after(self, behaviour, **more):
        """What the till gets for one payment, and what the book then says."""
        self.script(behaviour, reference="pay-1", **more)
        terminal = self.terminal()
        terminal.sock.settimeout(IMPATIENCE_SECONDS)
        terminal.send("Payment", terminal.payment("pay-1"))
        try:
            answer = outcome(terminal.receive())
        except TimeoutError:
            answer = "silence"
        except ConnectionResetError:
            answer = "cut"
        except ConnectionError as error:
            answer = "half" if "ended after" in str(error) else "cut"
        except ValueError:
            answer = "garbage"
        terminal.sock.settimeout(20)
        self.till = terminal
        return answer, self.state("pay-1")

    def assert_taken_once_whatever_was_heard(self):
        terminal = self.terminal()
        stands = terminal.status("pay-1")["RepeatedMessageResponse"]
        self.assertEqual(outcome(stands), ("Success", None))
        self.assertEqual(terminal.pay("pay-1"), stands)
        self.assertEqual(len(self.book()), 1)

    def assert_nothing_was_heard_at_the_centre(self):
        terminal = self.terminal()
        self.assertEqual(outcome(terminal.status("pay-1")), ("Failure", "NotFound"))
        self.assertEqual(outcome(terminal.pay("pay-1")), ("Success", None))

    def test_approve_charges(self):
        self.assertEqual(self.after("approve"), (("Success", None), "charged"))

    def test_decline_takes_nothing(self):
        self.assertEqual(self.after("decline"), (("Failure", "Refusal"), "declined"))

    def test_timeout_before_takes_nothing_and_never_answers(self):
        self.assertEqual(self.after("timeout_before"), ("silence", None))
        self.assert_nothing_was_heard_at_the_centre()

    def test_timeout_after_charges_and_never_answers(self):
        self.assertEqual(self.after("timeout_after"), ("silence", "charged"))
        self.assert_taken_once_whatever_was_heard()

    def test_after_a_silence_the_same_connection_still_answers(self):
        self.after("timeout_after")
        self.assertEqual(outcome(self.till.status("pay-1")["RepeatedMessageResponse"]), ("Success", None))

    def test_late_charges_at_once_and_answers_later(self):
        self.assertEqual(self.after("late", delay_ms=600_000), ("silence", "charged"))

    def test_late_answers_after_its_delay(self):
        self.assertEqual(self.after("late", delay_ms=30), (("Success", None), "charged"))
        self.assert_taken_once_whatever_was_heard()

    def test_twice_charges_once_and_the_second_answer_is_a_stray(self):
        self.assertEqual(self.after("twice"), (("Success", None), "charged"))

        self.assertEqual(outcome(self.till.receive()), ("Success", None))
        self.assertEqual(self.till.answered_service_id, str(self.till.service_id))
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

    def test_in_doubt_is_open_until_touched(self):
        self.assertEqual(self.after("in_doubt"), (("Partial", "InProgress"), "in_doubt"))

    def test_in_doubt_uncharged_looks_the_same_to_the_till(self):
        self.assertEqual(self.after("in_doubt_uncharged"), (("Partial", "InProgress"), "in_doubt"))

    def test_a_behaviour_of_the_gateway_is_no_behaviour_of_the_terminal(self):
        for behaviour in ("pending", "error_500", "error_500_after"):
            status, _ = call(self.port, "POST", "/control/scripts", {"channel": "terminal", "behaviour": behaviour})
            self.assertEqual(status, 400)
            self.script(behaviour)
        self.assertEqual(self.after("approve"), (("Success", None), "charged"))
