"""The finance office of the simulator: the real service under a clock that the test moves, two people, and what the service says."""
import collections
import datetime
import json
import os
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "integration"))

from finance_service import FinanceService  # noqa: E402

LIBRARY = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"  # its clock is read by many threads
PAGE = 500
AT_ONCE = 200  # records of one approval


class Desk:
    def __init__(self, build, folder, document, day):
        """Only what is started from here on lives in the simulator's time."""
        self.folder = pathlib.Path(folder)
        self.clock = self.folder / "clock"
        self.set_clock(day, 7)
        sanitizer = os.environ.get("ASAN_OPTIONS", "")
        os.environ.update(FAKETIME_TIMESTAMP_FILE=str(self.clock), FAKETIME_NO_CACHE="1", FAKETIME_DONT_FAKE_MONOTONIC="1",
                          TZ="Asia/Tokyo", LD_PRELOAD=LIBRARY, ASAN_OPTIONS=f"{sanitizer}:verify_asan_link_order=0".lstrip(":"))
        self.service = FinanceService(build, folder)
        self.service.users = self.service.users[:2]
        self.service.masters = self.folder / "masters.json"
        self.service.masters.write_text(json.dumps(document, ensure_ascii=False))

    def open(self):
        self.service.__enter__()
        self.sign_in()

    def set_clock(self, day, hour):
        """In one step: who reads half of it would live in the machine's time for a moment."""
        new = self.clock.with_suffix(".new")
        new.write_text(f"@{day} {hour:02}:00:00\n")
        new.replace(self.clock)

    def sign_in(self):
        self.user, self.approver = self.service.sign_in("sato"), self.service.sign_in("suzuki")

    def at(self, day, hour):
        """A session does not live through the night."""
        self.set_clock(day, hour)
        self.sign_in()

    def bring(self, layout, name, content):
        answer = self.user.post(f"/api/imports?layout={layout}&file={name}", content, "application/octet-stream")
        assert answer.get("fault_count", 0) == 0, answer["faults"]

    def assess(self):
        """Drafts are made, proposed, approved and exported, until nothing is left to be done."""
        while True:
            self.user.post("/api/assessments/draft", {})
            rows = list(self.rows("/api/assessments?state=draft"))
            if not rows:
                break
            for first in range(0, len(rows), AT_ONCE):
                some = rows[first:first + AT_ONCE]
                for user, what in ((self.user, "propose"), (self.approver, "approve")):
                    chosen = [{"id": row["id"], "version": row["version"]} for row in some]
                    some = user.post(f"/api/assessments/{what}", {"assessments": chosen})["rows"]
        for year in sorted({row["fiscal_year"] for row in self.rows("/api/assessments?state=approved")}):
            self.user.post("/api/exports", {"fiscal_year": year})

    def close(self, year):
        """年度締め by the two people: what was declared."""
        words = {"fiscal_year": year, "reason": "決算"}
        self.user.post("/api/closing/propose", words)
        return self.approver.post("/api/closing/approve", words)["closings"][0]

    def accept_deposit(self, deposit):
        """That another sum came: less as a fee of the bank, more as 仮受金, which a second person confirms."""
        row = next(row for row in self.rows("/api/discrepancies") if (row["payout_trustee"], row["payout"]) == (deposit.trustee, deposit.payout))
        kind = "fee_accepted" if row["class"] == "transfer_fee_deducted" else "suspense"
        self.user.post(f"/api/discrepancies/{row['id']}/resolve", {"kind": kind, "reason": "振込通知書で確認", "version": row["version"]})
        if kind == "suspense":
            self.approver.post(f"/api/discrepancies/{row['id']}/confirm", {"decision": "confirm", "reason": "確認した"})
        deposit.is_accepted = True

    # --- cash: the first of the two prepares, the other confirms ------------------------------------------------------

    def prepare_remittance(self, closes, day, bank):
        """CLOSES are (terminal, line that opened the day). Its id."""
        words = {"closes": [{"terminal": terminal, "sequence": opened} for terminal, opened in closes], "pay_on": str(day), "bank": bank}
        return self.user.post("/api/remittances", words)["id"]

    def confirm_remittance(self, number, day, receipt):
        """What the bank will call it."""
        self.approver.post(f"/api/remittances/{number}/confirm", {"paid_on": str(day), "receipt": receipt})
        return self.user.get(f"/api/remittances/{number}")["rows"][0]["reference"]

    def undo_remittance(self, number):
        self.user.post(f"/api/remittances/{number}/undo", {"reason": "書き損じ"})

    def rows(self, path):
        after = ""
        while after is not None:
            joint = "&" if "?" in path else "?"
            answer = self.user.get(f"{path}{joint}limit={PAGE}" + (f"&after={after}" if after else ""))
            yield from answer["rows"]
            after = answer["next"]

    # --- what the service says ------------------------------------------------------------------------------------

    def assessed(self):
        table = collections.defaultdict(lambda: [0, 0])
        for row in self.rows("/api/assessments?state=exported"):
            sign = -1 if row["kind"] == "decrease" else 1
            sums = table[row["fiscal_year"], row["account"], row["section"]["code"], row["route"]]
            sums[0] += sign * row["amount_yen"]
            sums[1] += sign * row["tax_yen"]
        return {key: tuple(row) for key, row in table.items() if row != [0, 0]}

    def received(self, years, day):
        table = {}
        for year in years:
            answer = self.user.get(f"/api/collection?fiscal_year={year}&to={day}")
            for row in answer["rows"]:
                key = (row["fiscal_year"], row["account"]["code"], row["section"]["code"], row["route"]["code"])
                if row["received_yen"] != 0:
                    table[key] = row["received_yen"]
        return table

    def payouts(self):
        return {(row["trustee"], row["payout"]): row for row in self.rows("/api/payouts")}

    def discrepancies(self):
        return collections.Counter((row["class"], row["amount_yen"]) for row in self.rows("/api/discrepancies"))

    def operators(self, first, last):
        """A question is for 400 days at most."""
        total = 0
        while first <= last:
            until = min(last, first + datetime.timedelta(days=364))
            total += self.user.get(f"/api/operator-revenue?from={first}&to={until}")["amount_yen"]
            first = until + datetime.timedelta(days=1)
        return total

    def held(self):
        return self.user.get("/api/assessments/held")["amount_yen"]

    def payments(self, state):
        """payment: yen."""
        return {row["payment"]: row["amount_yen"] for row in self.rows(f"/api/payments?state={state}")}

    def drawers(self):
        """(year, month): (to be paid in, counted more than expected, closes that were off)."""
        table = collections.defaultdict(lambda: [0, 0, 0])
        for row in self.rows("/api/days?state=closed"):
            year, month, _ = map(int, row["business_date"].split("-"))
            sums, closing = table[year, month], row["closing"]
            sums[0] += closing["deposit_yen"]
            sums[1] += closing["difference_yen"]
            sums[2] += closing["difference_yen"] != 0
        return {month: tuple(sums) for month, sums in table.items()}

    def offices(self):
        return {row["section"]["code"]: (row["count"], row["held_yen"], row["prepared_yen"], row["late_count"], row["late_yen"],
                                         row["is_over_limit"]) for row in self.user.get("/api/cash")["offices"]}

    def standings(self):
        return {row["id"]: (row["bank_record"]["state"], row["amount_yen"]) for row in self.rows("/api/remittances")
                if row["state"] == "confirmed"}

    def export_books(self):
        """The books as text that accounting programs read."""
        file = self.folder / "books.journal"
        self.service.run("export", "--plain-accounting", file)
        return file

    def balances(self):
        """account: yen, as hledger, which knows nothing of us, adds the books up and finds what they assert true."""
        done = subprocess.run(["hledger", "--file", self.export_books(), "balance", "--flat", "--output-format", "json"],
                              env={**os.environ, "LANG": "C.UTF-8"}, capture_output=True, text=True, timeout=600)
        assert done.returncode == 0, done.stderr
        table = {}
        for account, _, _, amounts in json.loads(done.stdout)[0]:
            assert all(one["aquantity"]["decimalPlaces"] == 0 for one in amounts), account
            table[account] = sum(one["aquantity"]["decimalMantissa"] for one in amounts)
        return table

    def audit(self):
        done = self.service.run_raw("audit", "--json", database=True)
        return json.loads(done.stdout)["findings"]
