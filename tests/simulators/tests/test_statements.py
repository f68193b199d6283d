"""The files from outside: made from the book, right to the byte, and wrong exactly where a fault was planted.

They are read here by offsets and rules taken from the file descriptions, not with the writer's own tables.
"""

import csv
import io
import os
import unittest

from payment_network import zengin
from payment_network.brands import fee
from payment_network.statements import next_business_day, read_date
from tests.support import NetworkTest, call

DAY = "2026-11-20"      # a Friday
PAY_DATE = "2026/11/24"  # Monday the 23rd is a holiday
HOLIDAYS = ["2026-11-23"]


def read_statement(path):
    """(header, lines, trailer) as lists of text; trailer None where there is none."""
    with open(path, "rb") as file:
        text = file.read().decode("cp932")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    trailer = rows.pop() if rows[-1][0] == "合計" else None
    return text, rows[0], rows[1:], trailer


def read_records(path):
    with open(path, "rb") as file:
        data = file.read()
    records = data.split(b"\r\n")
    assert records.pop() == b"", "the file does not end with CR LF"
    return records


class StatementTest(NetworkTest):
    def setUp(self):
        super().setUp()
        self.control("POST", "clock", {"now": f"{DAY}T10:00:00+09:00"})

    def make(self, plant=(), date=DAY):
        return self.control("POST", "statements", {"date": date, "directory": self.folder, "plant": list(plant),
                                                   "holidays": HOLIDAYS})

    def sell(self):
        """Five payments of which four are money, one sale reversed and one refunded in part."""
        terminal = self.terminal()
        self.qr.charge("pay-1", amount=450)
        self.qr.charge("pay-2", amount=1000)
        terminal.pay("pay-3", amount=750, brand="visa", media="Credit")
        terminal.pay("pay-4", amount=301, brand="transit_ic")
        self.script("decline")
        self.qr.charge("pay-5", amount=9999)
        terminal.reverse("pay-4")
        self.qr.refund("pay-2", "refund-1", 400)


class Statement(StatementTest):
    def test_it_is_cp932_quoted_and_ends_with_a_trailer(self):
        self.sell()
        made = self.make()

        text, header, lines, trailer = read_statement(made["statement"]["path"])
        self.assertEqual(os.path.basename(made["statement"]["path"]), "statement-20261120.csv")
        self.assertTrue(text.startswith('"明細番号","加盟店取引ID","決済会社取引ID","ブランド","端末番号","取引日時","取引区分",'
                                        '"取引金額","手数料","入金予定日","入金番号"\r\n'))
        self.assertTrue(text.endswith('"合計","6","1800"\r\n'))
        self.assertEqual(len(header), 11)
        self.assertEqual(trailer, ["合計", str(len(lines)), str(sum(int(line[7]) for line in lines))])
        self.assertEqual((made["statement"]["lines"], made["statement"]["amount"]), (6, 1800))

    def test_reversals_and_refunds_are_lines_of_their_own_and_declined_payments_are_none(self):
        self.sell()
        _, _, lines, _ = read_statement(self.make()["statement"]["path"])

        self.assertEqual([line[0] for line in lines], ["1", "2", "3", "4", "5", "6"])
        self.assertEqual([(line[1], line[3], line[6], line[7]) for line in lines],
                         [("pay-1", "paypay", "売上", "450"), ("pay-2", "paypay", "売上", "1000"),
                          ("pay-3", "visa", "売上", "750"), ("pay-4", "transit_ic", "売上", "301"),
                          ("pay-4", "transit_ic", "取消", "-301"), ("pay-2", "paypay", "返金", "-400")])
        self.assertEqual(len({line[2] for line in lines}), 6)  # each movement has a reference of its own
        self.assertEqual({line[4] for line in lines}, {"KO-01"})
        self.assertTrue(all(line[5].startswith("2026/11/20 10:00:") for line in lines))

    def test_fees_are_floored_and_have_the_sign_of_the_amount(self):
        self.sell()
        _, _, lines, _ = read_statement(self.make()["statement"]["path"])

        self.assertEqual([int(line[8]) for line in lines], [8, 19, 18, 9, -9, -7])

    def test_every_line_names_its_payout_and_its_pay_date(self):
        self.sell()
        _, _, lines, _ = read_statement(self.make()["statement"]["path"])

        self.assertEqual({line[9] for line in lines}, {PAY_DATE})
        self.assertEqual([line[10] for line in lines],
                         ["P20261120-QR", "P20261120-QR", "P20261120-CARD", "P20261120-EMONEY", "P20261120-EMONEY",
                          "P20261120-QR"])

    def test_a_line_belongs_to_the_day_its_money_moved(self):
        self.qr.charge("pay-1", amount=450)
        self.control("POST", "clock", {"now": "2026-11-21T00:10:00+09:00"})
        self.qr.cancel("pay-1")

        for date, expected in ((DAY, [("売上", "450")]), ("2026-11-21", [("取消", "-450")]), ("2026-11-22", [])):
            _, _, lines, _ = read_statement(self.make(date=date)["statement"]["path"])
            self.assertEqual([(line[6], line[7]) for line in lines], expected)

    def test_a_doubt_appears_when_its_truth_is_known_to_be_charged(self):
        self.script("in_doubt")
        self.terminal().pay("pay-1")
        self.assertEqual(self.make()["statement"]["lines"], 0)
        self.control("POST", "clock", {"now": "2026-11-24T10:00:00+09:00"})
        self.control("POST", "touch")

        self.assertEqual(self.make()["statement"]["lines"], 0)
        self.assertEqual(self.make(date="2026-11-24")["statement"]["lines"], 1)


class Deposits(StatementTest):
    def test_every_record_has_200_bytes_and_the_totals_are_those_of_the_statement(self):
        self.sell()
        made = self.make()

        records = read_records(made["deposit"]["path"])
        self.assertEqual(os.path.basename(made["deposit"]["path"]), "deposit-20261120.txt")
        self.assertEqual([len(record) for record in records], [200] * len(records))
        self.assertEqual([record[:1] for record in records], [b"1", b"2", b"2", b"8", b"9"])
        header, qr, card, trailer, end = records
        self.assertEqual(header[1:22], b"03" + b"0" + b"081124" * 3)
        self.assertEqual([(record[24:36], record[179:199].rstrip()) for record in (qr, card)],
                         [(b"000000001050", b"P20261120-QR"), (b"000000000750", b"P20261120-CARD")])
        self.assertEqual((qr[1:9], card[1:9]), (b"00000001", b"00000002"))
        self.assertEqual((qr[9:15], qr[21:22], qr[22:24]), (b"081124", b"1", b"11"))
        self.assertEqual(qr[81:129].decode("cp932").rstrip(), "ｶ)ﾐﾎﾝｹﾂｻｲ")
        self.assertEqual(trailer[1:20], b"000002" + b"0000000001800")
        self.assertEqual(trailer[20:39], b"0" * 19)
        before, after = int(header[115:129]), int(trailer[40:54])
        self.assertEqual(after - before, 1800)
        self.assertEqual(trailer[54:61], b"0000002")
        self.assertEqual(end[1:16], b"0000000005" + b"00001")
        self.assertEqual(made["deposit"], {"path": made["deposit"]["path"], "count": 2, "amount": 1800})

    def test_a_payout_that_is_not_above_zero_is_not_deposited(self):
        self.sell()  # the e-money payout is sale and reversal: zero
        payouts = {payout["payout"]: payout["deposit"] for payout in self.make()["payouts"]}

        self.assertEqual(payouts, {"P20261120-QR": 1050, "P20261120-CARD": 750, "P20261120-EMONEY": 0})

    def test_a_day_without_money_makes_whole_files_without_lines(self):
        made = self.make()

        self.assertEqual(read_statement(made["statement"]["path"])[3], ["合計", "0", "0"])
        self.assertEqual([record[:1] for record in read_records(made["deposit"]["path"])], [b"1", b"8", b"9"])

    def test_the_pay_date_is_the_next_business_day(self):
        holidays = frozenset([read_date("2026-11-23")])
        for day, expected in (("2026-11-19", "2026-11-20"), ("2026-11-20", "2026-11-24"), ("2026-11-22", "2026-11-24")):
            self.assertEqual(next_business_day(read_date(day), holidays), read_date(expected))


class Plants(StatementTest):
    def setUp(self):
        super().setUp()
        self.sell()
        self.sound = self.make()
        self.sound_lines = read_statement(self.sound["statement"]["path"])[2]

    def plant(self, **fault):
        """(lines, trailer, deposits by payout, what the answer says was planted)"""
        made = self.make([fault])
        _, _, lines, trailer = read_statement(made["statement"]["path"])
        deposits = {record[179:199].decode().rstrip(): int(record[24:36])
                    for record in read_records(made["deposit"]["path"]) if record[:1] == b"2"}
        for payout in made["payouts"]:
            self.assertEqual(deposits.get(payout["payout"], 0), payout["deposit"])
        if trailer and fault["kind"] != "wrong_count":
            self.assertEqual(trailer[1:], [str(len(lines)), str(sum(int(line[7]) for line in lines))])
        (planted,) = made["planted"]
        self.assertEqual(planted["kind"], fault["kind"])
        return lines, trailer, deposits, planted

    def without_number(self, lines):
        return [line[1:] for line in lines]

    def test_missing_line(self):
        lines, _, deposits, planted = self.plant(kind="missing_line", reference="pay-1")
        self.assertEqual(self.without_number(lines), self.without_number(self.sound_lines[1:]))
        self.assertEqual(deposits["P20261120-QR"], 600)
        self.assertEqual((planted["before"]["amount"], planted["after"]), (450, None))

    def test_extra_line(self):
        lines, _, deposits, planted = self.plant(kind="extra_line", amount=500, brand="jcb")
        self.assertEqual(lines[:-1], self.sound_lines)
        self.assertEqual((lines[-1][1], lines[-1][7]), (planted["after"]["reference"], "500"))
        self.assertEqual(deposits["P20261120-CARD"], 1250)

    def test_wrong_amount(self):
        lines, _, deposits, planted = self.plant(kind="wrong_amount", reference="pay-1", by=10)
        self.assertEqual(lines[0][7], "460")
        self.assertEqual(lines[1:], self.sound_lines[1:])
        self.assertEqual(deposits["P20261120-QR"], 1060)
        self.assertEqual((planted["before"]["amount"], planted["after"]["amount"]), (450, 460))

    def test_wrong_brand(self):
        lines, _, deposits, planted = self.plant(kind="wrong_brand", reference="pay-3", brand="merpay")
        self.assertEqual((lines[2][3], lines[2][10], int(lines[2][8])), ("merpay", "P20261120-QR", fee("merpay", 750)))
        self.assertEqual(deposits, {"P20261120-QR": 1800})
        self.assertEqual((planted["before"]["brand"], planted["after"]["brand"]), ("visa", "merpay"))

    def test_wrong_fee(self):
        lines, _, deposits, planted = self.plant(kind="wrong_fee", reference="pay-1", by=3)
        self.assertEqual(lines[0][8], "11")
        self.assertEqual(deposits["P20261120-QR"], 1050)
        self.assertEqual((planted["before"]["fee"], planted["after"]["fee"]), (8, 11))

    def test_duplicate_line(self):
        lines, _, deposits, planted = self.plant(kind="duplicate_line", reference="pay-1")
        self.assertEqual(lines[0][1:], lines[1][1:])
        self.assertEqual((lines[0][0], lines[1][0]), ("1", "2"))
        self.assertEqual(deposits["P20261120-QR"], 1500)
        self.assertEqual((planted["before"]["line"], planted["after"]["line"]), (1, 2))

    def test_lost_reference(self):
        lines, _, _, planted = self.plant(kind="lost_reference", reference="pay-1")
        self.assertEqual((lines[0][1], lines[0][2:]), ("", self.sound_lines[0][2:]))
        self.assertEqual((planted["before"]["reference"], planted["after"]["reference"]), ("pay-1", ""))

    def test_short_deposit(self):
        lines, _, deposits, planted = self.plant(kind="short_deposit", payout="P20261120-QR", by=440)
        self.assertEqual(lines, self.sound_lines)
        self.assertEqual(deposits["P20261120-QR"], 610)
        self.assertEqual((planted["before"], planted["after"]), (1050, 610))

    def test_missing_deposit(self):
        lines, _, deposits, planted = self.plant(kind="missing_deposit", payout="P20261120-QR")
        self.assertEqual(lines, self.sound_lines)
        self.assertEqual(deposits, {"P20261120-CARD": 750})
        self.assertEqual((planted["before"], planted["after"]), (1050, 0))

    def test_no_trailer(self):
        lines, trailer, _, _ = self.plant(kind="no_trailer")
        self.assertEqual((lines, trailer), (self.sound_lines, None))

    def test_wrong_count(self):
        lines, trailer, _, planted = self.plant(kind="wrong_count")
        self.assertEqual((lines, trailer[1]), (self.sound_lines, "7"))
        self.assertEqual((planted["before"], planted["after"]), (6, 7))

    def test_several_faults_are_planted_together_and_nothing_else_changes(self):
        made = self.make([{"kind": "short_deposit", "payout": "P20261120-CARD", "by": 1},
                          {"kind": "wrong_amount", "reference": "pay-1", "by": -10},
                          {"kind": "missing_line", "reference": "pay-2"}])
        _, _, lines, _ = read_statement(made["statement"]["path"])

        self.assertEqual([(line[1], line[7]) for line in lines],
                         [("pay-1", "440"), ("pay-3", "750"), ("pay-4", "301"), ("pay-4", "-301"), ("pay-2", "-400")])
        self.assertEqual([payout["deposit"] for payout in made["payouts"]], [40, 749, 0])
        self.assertEqual(sorted(planted["kind"] for planted in made["planted"]),
                         ["missing_line", "short_deposit", "wrong_amount"])

    def test_planting_leaves_the_book_alone(self):
        before = self.book()
        self.plant(kind="wrong_amount", reference="pay-1", by=10)

        self.assertEqual(self.book(), before)
        self.assertEqual(self.make(), self.sound)

    def test_a_fault_that_would_test_nothing_is_refused_and_nothing_is_written(self):
        os.remove(self.sound["statement"]["path"])
        for fault in ({"kind": "missing_line", "reference": "pay-9"}, {"kind": "wrong_brand", "reference": "pay-1",
                                                                       "brand": "paypay"},
                      {"kind": "wrong_amount", "reference": "pay-1", "by": 0},
                      {"kind": "wrong_amount", "reference": "pay-1", "by": -450}, {"kind": "unheard_of"}, {"kind": []},
                      {"kind": "missing_line"}, {"kind": "missing_line", "reference": "pay-1", "by": 1},
                      {"kind": "short_deposit", "payout": "P20261120-QR", "by": 1050},
                      {"kind": "missing_deposit", "payout": "P20261120-EMONEY"},
                      {"kind": "missing_deposit", "payout": "P20261121-QR"}, "no_trailer"):
            status, answer = call(self.port, "POST", "/control/statements",
                                  {"date": DAY, "directory": self.folder, "plant": [fault]})
            self.assertEqual((status, answer["error"]["code"]), (400, "BAD_REQUEST"), fault)
        self.assertFalse(os.path.exists(self.sound["statement"]["path"]))


class EraDates(unittest.TestCase):
    def test_dates_are_those_of_the_japanese_era(self):
        for date, expected in (("2025-01-01", b"070101"), ("2019-05-01", b"010501"), ("2019-04-30", b"310430"),
                               ("1989-01-08", b"010108"), ("2026-06-06", b"080606")):
            year, month, day = map(int, date.split("-"))
            self.assertEqual(zengin.era_date(zengin.datetime.date(year, month, day)), expected)
