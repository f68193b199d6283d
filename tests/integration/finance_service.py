"""The settlement service with users and paper tills, and the files that come from outside, for finance tests."""
import datetime
import json
import pathlib
import subprocess
import sys
import tempfile
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from harness import http, store  # noqa: E402
from harness.finance import Finance  # noqa: E402
from harness.process import ROOT, Process, free_port, run, wait_until  # noqa: E402
from counter_till import CounterTill  # noqa: E402

MASTERS = ROOT / "settlement" / "masters" / "sample" / "koriyama.json"
PASSWORD = "correct horse battery"
USERS = (("sato", "佐藤 花子", "finance"), ("suzuki", "鈴木 一郎", "approver"), ("ito", "伊藤 誠", "approver"),
         ("kansa", "監査 太郎", "auditor"), ("kanri", "管理 次郎", "administrator"))
JST = datetime.timezone(datetime.timedelta(hours=9))


def today():
    return datetime.datetime.now(JST).date()


class FinanceService:
    """A context manager: leaving it ends the process."""

    beginnings = {}

    def __init__(self, build, folder, screens=None):
        self.folder = pathlib.Path(folder)
        self.database = self.folder / "settlement.db"
        self.program = pathlib.Path(build).resolve() / "settlement" / "madoguchi-settlement"
        self.masters = MASTERS
        self.users = USERS  # a password takes a while to be hashed: fewer people, a faster test
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        config = self.folder / "settlement.conf"
        config.write_text(f"[listen]\nport = {self.port}\n[store]\ndatabase = settlement.db\n"
                          + (f"[screens]\nshare = {screens}\n" if screens else ""))
        self.process = Process("settlement", [self.program, "serve", "--config", config], self.folder)

    def __enter__(self):
        self.begin_with_people()
        self.start()
        return self

    def begin_with_people(self):
        """Masters and users. Passwords take their time to hash, so that the first database begins all others like it."""
        key = (str(self.masters), tuple(self.users))
        beginning = FinanceService.beginnings.get(key)
        store.make(self.database, None if beginning is None or not store.is_postgresql() else beginning[0])
        if beginning is None:
            self.run("masters", "load", "--file", self.masters)
            for login, name, role in self.users:
                self.add_user(login, name, role)
            if store.is_postgresql():
                FinanceService.beginnings[key] = self.keep_beginning()
                return
            FinanceService.beginnings[key] = {file.name: file.read_bytes() for file in self.folder.iterdir()
                                              if file.is_file() and file.name.startswith("settlement.db")}
            return
        if store.is_postgresql():
            for name, content in beginning[1].items():
                (self.folder / name).write_bytes(content)
            return
        for name, content in beginning.items():
            (self.folder / name).write_bytes(content)

    def put_to_use(self, layout, sample, reason):
        """A layout of the city's own, tried on SAMPLE: one person proposes it, another agrees."""
        head = json.dumps(layout, ensure_ascii=False).encode()
        words = urllib.parse.urlencode({"descriptor_bytes": len(head), "file": "sample.csv", "reason": reason})
        use = self.sign_in("sato").post(f"/api/layouts?{words}", head + sample, "application/octet-stream")
        self.sign_in("suzuki").post(f"/api/layout-uses/{use['use']}/confirm", {"reason": "同じファイルを見た"})

    def keep_beginning(self):
        """A copy of the database that nobody uses, and what stands beside it."""
        kept = pathlib.Path(tempfile.mkdtemp(prefix="madoguchi-beginning-")) / "settlement.db"
        store.make(kept, self.database)
        return kept, {file.name: file.read_bytes() for file in self.folder.iterdir()
                      if file.is_file() and file.name.startswith("settlement.db.")}

    def __exit__(self, *_):
        self.process.kill()

    def start(self):
        self.process.start()
        wait_until("the service to answer", self.is_up)

    def is_up(self):
        try:
            return http.call("GET", self.url + "/health")
        except OSError:
            return None

    def run(self, *words, expect=0):
        return run([self.program, *words, "--database", self.database], self.folder, expect)

    def run_raw(self, *words, database=False):
        """The finished process, whatever its exit status."""
        more = ["--database", self.database] if database else []
        return subprocess.run([self.program, *words, *more], cwd=self.folder, capture_output=True, text=True, timeout=120)

    def add_user(self, login, name, role):
        file = self.folder / "password"
        file.write_text(PASSWORD + "\n")
        self.run("user", "add", "--login", login, "--name", name, "--role", role, "--password-file", file)

    def sign_in(self, login):
        return Finance(self.url, login, PASSWORD)

    def add_till(self, terminal, place="shimin-1", date=None):
        code = json.loads(self.run("enrol-code", "--terminal", terminal, "--place", place, "--json"))["code"]
        return CounterTill(self.folder, self.port, terminal, code, place, date or today())

    def wait_for_ledger(self, till):
        """Upload, and wait until the ledger has read the till's last line."""
        till.upload()

        wait_until("the ledger", lambda: self.ledger_sequence(till.terminal) >= len(till.lines))

    def ledger_sequence(self, terminal):
        with store.connect(self.database) as database:
            row = database.execute("SELECT sequence FROM ledger_terminal WHERE terminal = ?", (terminal,)).fetchone()
        database.close()
        return row[0] if row else 0


def statement(rows, day, pay_on, payout="P1", brand="paypay", terminal="KO-01", kind="売上"):
    """An aggregator-daily file. ROWS are (merchant reference, acquirer reference, yen) or dicts that override."""
    lines = ['"明細番号","加盟店取引ID","決済会社取引ID","ブランド","端末番号","取引日時","取引区分","取引金額","手数料",'
             '"入金予定日","入金番号"']
    total = 0
    for number, row in enumerate(rows, 1):
        row = row if isinstance(row, dict) else {"reference": row[0], "acquirer": row[1], "yen": row[2]}
        yen = row["yen"]
        total += yen
        lines.append(",".join(f'"{value}"' for value in (
            number, row["reference"], row["acquirer"], row.get("brand", brand), terminal,
            f"{row.get('day', day):%Y/%m/%d} 10:03:11", row.get("kind", kind), yen, yen // 50, f"{pay_on:%Y/%m/%d}",
            row.get("payout", payout))))
    lines.append(f'"合計","{len(rows)}","{total}"')
    return ("\r\n".join(lines) + "\r\n").encode("cp932")


def era(day):
    """YYMMDD in 令和."""
    return f"{day.year - 2018:02}{day:%m%d}"


def bank_record(deposits, day):
    """A 全銀 03 file. DEPOSITS are (yen, payer in half-width kana, EDI)."""
    def field(text, size):
        return text.encode("cp932").ljust(size)[:size]

    records = [b"1030" + era(day).encode() * 3 + b"0001" + field("ﾐﾎﾝｷﾞﾝｺｳ", 15) + b"001" + field("ｺｵﾘﾔﾏ", 15) + b"000"
               + b"1" + b"1234567".rjust(10, b"0") + field("ｺｵﾘﾔﾏｼ", 40) + b"1" + b"1" + b"0" * 14 + b" " * 71]
    total = 0
    for number, (yen, payer, edi) in enumerate(deposits, 1):
        total += yen
        records.append(b"2" + f"{number:08}".encode() + era(day).encode() * 2 + b"1" + b"11" + f"{yen:012}".encode()
                       + b"0" * 12 + b"0" * 6 + b"0" * 6 + b" " + b"0" * 7 + b"000" + b"0" * 10 + field(payer, 48)
                       + field("ﾐﾎﾝｷﾞﾝｺｳ", 15) + field("ﾎﾝﾃﾝ", 15) + field("ﾌﾘｺﾐ", 20) + field(edi, 20) + b" ")
    records.append(b"8" + f"{len(deposits):06}".encode() + f"{total:013}".encode() + b"0" * 6 + b"0" * 13 + b"1"
                   + f"{total:014}".encode() + f"{len(deposits):07}".encode() + b" " * 139)
    records.append(b"9" + f"{len(records) + 1:010}".encode() + b"00001" + b" " * 184)
    assert all(len(record) == 200 for record in records), [len(record) for record in records]
    return b"".join(record + b"\r\n" for record in records)
