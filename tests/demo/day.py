"""One day of the city, from the first sale to the exported 調定, with every sum compared with the simulators' own books."""
import json
import time
from collections import Counter

from harness.process import wait_until


class Day:
    """`expected` is what this script knows that it did, in yen; it is compared with what the system says it did."""

    def __init__(self, city, users):
        self.city = city
        self.users = dict(users)
        self.counter = city.tills["KO-01"]
        self.museum = city.tills["KO-02"]
        self.failures = []
        self.started = time.monotonic()

    def run(self):
        for step in (self.sell, self.pay_badly, self.cut_the_network, self.void_and_close, self.take_in_files, self.assess,
                     self.check_sums):
            print(f"== {step.__doc__}", flush=True)
            step()
        seconds = time.monotonic() - self.started
        if self.failures:
            print(f"\n{len(self.failures)} sums do not agree ({seconds:.0f} s)")
            return 1
        print(f"\nall sums agree ({seconds:.0f} s)")
        return 0

    def check(self, what, ours, theirs):
        is_same = ours == theirs
        print(f"   {'ok ' if is_same else 'NOT'} {what}: {ours!r}" + ("" if is_same else f", expected {theirs!r}"), flush=True)
        if not is_same:
            self.failures.append(what)

    # --- the day ------------------------------------------------------------------------------------------------------

    def sell(self):
        """open, and sell certificates and museum tickets by cash, QR, e-money and card"""
        for till in (self.counter, self.museum):
            till.open()
        self.counter.sell_for_cash("koseki-zenbu", "joseki", ("kaisei-genkoseki", 3), tendered=5000)
        self.counter.sell_cashless("qr", "paypay", "juminhyo", "inkan")
        self.counter.sell_cashless("credit", "visa", ("koseki-zenbu", 2))
        self.counter.sell_cashless("emoney", "transit_ic", "juminhyo")
        self.official_use()
        self.museum.sell_for_cash(("bijutsu-ippan", 2), "bijutsu-shochu", tendered=1000)
        self.museum.sell_cashless("emoney", "nanaco", ("bijutsu-ippan", 2))
        self.museum.sell_cashless("qr", "merpay", ("bijutsu-gakusei", 3))
        self.museum.sell_cashless("credit", "jcb", ("bijutsu-ippan-dantai", 20))

    def official_use(self):
        basket = self.counter.ring_up("juminhyo")["basket"]
        self.counter.post("/api/basket/lines/1/exemption", rule="official", reason="公用請求(福祉課)")
        self.counter.post("/api/pay/none", basket=basket["id"])

    def pay_badly(self):
        """a declined card, an answer that never comes, and a card taken away too early"""
        self.city.script("decline", channel="terminal", times=1)
        state = self.counter.sell_cashless("credit", "mastercard", "nozei")
        self.check("the declined card is declined", state["payment"]["state"], "declined")
        self.counter.sell_for_cash("nozei")
        self.city.script("timeout_after", channel="qr", times=1)
        state = self.counter.sell_cashless("qr", "paypay", "kazei")
        self.check("the lost answer does not look like a failure",
                   state["payment"] is None or state["payment"]["state"] == "unknown", True)
        self.counter.all_resolved()
        self.city.script("in_doubt", channel="terminal", times=1)
        state = self.counter.sell_cashless("emoney", "waon", "mibun")
        self.check("the card taken away is 処理未了", state["payment"]["state"], "in_doubt")
        self.counter.post("/api/pay/set-aside")
        self.counter.sell_for_cash("inkan", tendered=500)
        self.city.touch_cards()
        self.counter.all_resolved()

    def cut_the_network(self):
        """cut the network to the settlement service, sell on, run out of paper, kill the till, restore everything"""
        self.counter.all_sent()
        self.city.set_uplink(False)
        self.counter.sell_for_cash("juminhyo", "koseki-zenbu", tendered=1000)
        self.counter.post("/api/simulated/printer", paper="end")
        self.counter.sell_cashless("qr", "paypay", "juminhyo")
        self.counter.all_printed()
        self.counter.post("/api/simulated/printer", paper="ok")
        for paper in self.counter.state()["unprinted"]:
            self.counter.post(f"/api/sales/{paper['sale']}/reprint")
        self.counter.all_printed()
        self.counter.kill()
        self.counter.start()
        self.counter.open()
        print(f"   unsent lines after the restart: {self.counter.state()['status']['uplink']['unsent']}")
        self.counter.sell_cashless("credit", "visa", "eigyo")
        self.city.set_uplink(True)
        self.counter.all_sent()

    def void_and_close(self):
        """void a cash and a QR sale of today, count the drawers, close the day"""
        for method in ("cash", "qr"):
            sale = next(s for s in self.counter.sales() if s["method"] == method and s["state"] == "sold")
            self.counter.post(f"/api/sales/{sale['sale']}/void", reason="申請の取下げ")
        wait_until("the voids", lambda: not [s for s in self.counter.sales() if s["state"] == "voiding"])
        for till in (self.counter, self.museum):
            counted = till.post("/api/day/count", counted_cash_yen=0)
            till.post("/api/day/close", counted_cash_yen=counted["expected_cash_yen"], difference_reason=None)
            till.all_sent()

    def take_in_files(self):
        """import the acquirer's statement and the bank's record, and reconcile"""
        files = self.city.folder / "files"
        today = self.city.today()
        victims = [row for row in self.city.book() if row["state"] == "charged"]
        plant = [{"kind": "wrong_amount", "reference": victims[0]["reference"], "by": 10},
                 {"kind": "extra_line", "amount": 900, "brand": "paypay"}]
        written = self.city.statements(today, files, plant)
        self.planted = written["planted"]
        self.statement = sorted(files.glob("statement-*.csv"))[0]
        self.deposits = sorted(files.glob("deposit-*.txt"))
        self.city.run("import", "--layout", "aggregator-daily", "--file", self.statement)
        for deposit in self.deposits:
            self.city.run("import", "--layout", "zengin-03", "--file", deposit)
        # Exit status 1 says that something is open: it is what was planted, and what nobody has paid over yet.
        self.run_result = json.loads(self.city.run("reconcile", "--json", expect=1))
        print(f"   planted in the statement: {json.dumps(self.planted, ensure_ascii=False)}")

    def assess(self):
        """draft 調定, propose, approve by a second person, export"""
        finance = self.city.sign_in("sato", self.users["sato"])
        approver = self.city.sign_in("suzuki", self.users["suzuki"])
        finance.post("/api/assessments/draft", {"to": str(self.city.today())})
        drafts = finance.get("/api/assessments?state=draft&limit=500")["rows"]
        chosen = {"assessments": [{"id": row["id"], "version": row["version"]} for row in drafts]}
        proposed = finance.post("/api/assessments/propose", chosen)["rows"]
        chosen = {"assessments": [{"id": row["id"], "version": row["version"]} for row in proposed]}
        self.assessments = approver.post("/api/assessments/approve", chosen)["rows"]
        year = self.assessments[0]["fiscal_year"]
        self.export = finance.post("/api/exports", {"fiscal_year": year})["export"]
        self.exported = []
        for file in self.export["files"]:
            path = self.city.folder / "files" / file["file_name"]
            path.write_bytes(finance.get(f"/api/exports/{self.export['id']}/file?encoding={file['encoding']}", raw=True))
            self.exported.append(path)
        self.finance = finance

    # --- the sums -------------------------------------------------------------------------------------------------------

    def check_sums(self):
        """compare: tills, payment network's book, ledger, discrepancies, 調定, audit"""
        sales = [s for till in (self.counter, self.museum) for s in till.sales() if s["state"] == "sold"]
        by_method = Counter()
        for sale in sales:
            by_method[sale["method"]] += sale["total_yen"]
        book = self.city.book()
        in_book = sum(row["amount"] for row in book if row["state"] == "charged")
        cashless = sum(yen for method, yen in by_method.items() if method not in ("cash", "none"))
        self.check("cashless sales at the tills = charged in the payment network's book", cashless, in_book)
        today = self.finance.get(f"/api/today?date={self.city.today()}")
        ledger = sum(row["amount_yen"] for row in today["sales"]["by_method"])
        self.check("sales in the ledger = sales at the tills", ledger, sum(by_method.values()))
        assessed = sum(row["amount_yen"] for row in self.assessments)
        self.check("調定 = sales at the tills", assessed, sum(by_method.values()))
        self.check("調定 numbers are gapless", [row["serial"] for row in self.assessments],
                   list(range(1, len(self.assessments) + 1)))
        found = Counter()
        for row in self.finance.get("/api/discrepancies?state=open&limit=500")["rows"]:
            found[row["class_name"]] += 1
        # A wrong amount in the statement is also what its deposit says, so nothing else follows from it.
        self.check("discrepancies found = planted", dict(found), {"金額相違": 1, "明細のみ": 1})
        audit = json.loads(self.city.run("audit", "--json"))
        self.check("the audit finds nothing", audit["findings"], [])
        self.print_summary(sales, by_method, today, found)

    def print_summary(self, sales, by_method, today, found):
        names = {"cash": "現金", "qr": "コード決済", "emoney": "電子マネー", "credit": "クレジット", "none": "0円"}
        print("\n   売上")
        for method, yen in sorted(by_method.items()):
            count = sum(1 for sale in sales if sale["method"] == method)
            print(f"     {names[method]:<8} {count:3} 件 {yen:>8,} 円")
        matched = today["reconciliation"]
        print(f"   照合  一致 {matched['matched_count']} 件 {matched['matched_yen']:,} 円, 相違 "
              + ", ".join(f"{name} {count} 件" for name, count in found.items()))
        print("   調定")
        for row in self.assessments:
            print(f"     {row['number']} {row['section']['name']} {row['saisetsu']['name']} {row['route_name']} "
                  f"{row['count']} 件 {row['amount_yen']:,} 円")
        print("   files")
        for path in [self.statement, *self.deposits, *self.exported]:
            print(f"     {path}")
