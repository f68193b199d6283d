"""A journal of months, written straight into a till's database: whole days of cash sales with their papers, hashed and chained
as a till would, and the rows that follow from the lines. The shapes of lines and rows are copied from a till that really
sold, so that they stay what the program writes."""
import hashlib
import json
import sqlite3
import uuid

SALES_PER_DAY = 300  # a busy counter
LINES_PER_SALE = 4   # drawer.opened, sale.recorded, print.started, print.finished
FOLLOWED = ("sale", "print_job", "business_day")


class Template:
    """The last sale of the till at DATABASE, and the day it closed: bodies by kind, rows by table."""

    def __init__(self, database):
        store = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
        store.row_factory = sqlite3.Row
        self.bodies = {}
        for (line,) in store.execute("SELECT line FROM journal_line ORDER BY sequence"):
            line = json.loads(line)
            self.bodies[line["kind"]] = line["body"]
        self.rows = {table: dict(store.execute(f"SELECT * FROM {table} ORDER BY rowid DESC LIMIT 1").fetchone()) for table in FOLLOWED}
        store.close()


class Writer:
    def __init__(self, store, template, terminal):
        self.store, self.template, self.terminal = store, template, terminal
        self.sequence, self.previous = store.execute(
            "SELECT sequence, lower(hex(hash)) FROM journal_line ORDER BY sequence DESC LIMIT 1").fetchone()
        self.job = 0
        self.lines = []
        self.rows = {table: [] for table in FOLLOWED}

    def line(self, date, kind, changes):
        body = json.dumps({**self.template.bodies[kind], **changes}, ensure_ascii=False, separators=(",", ":"))
        self.sequence += 1
        text = (f'{{"sequence":{self.sequence},"previous":"{self.previous}","terminal":"{self.terminal}",'
                f'"at":"{date}T10:00:00.000+09:00","business_date":"{date}","kind":"{kind}","body":{body}}}').encode()
        digest = hashlib.sha256(text)
        self.previous = digest.hexdigest()
        self.lines.append((self.sequence, text, digest.digest()))

    def row(self, table, changes):
        model = self.template.rows[table]
        assert changes.keys() <= model.keys(), f"table {table} has other columns"
        self.rows[table].append(tuple({**model, **changes}.values()))

    def day(self, date, sales):
        day = str(uuid.uuid4())
        first = self.sequence + 1
        self.line(date, "day.opened", {"day": day})
        for serial in range(1, sales + 1):
            sale, receipt = str(uuid.uuid4()), f"{self.terminal}-{date.replace('-', '')}-{serial:04}"
            self.job += 1
            paper = {"job": self.job, "sale": sale, "form": "receipt", "copy": 0}
            self.line(date, "sale.recorded", {"sale": sale, "receipt_number": receipt, "received_on": date})
            self.row("sale", {"sale": sale, "sequence": self.sequence, "receipt_number": receipt, "business_date": date,
                              "serial": serial, "at_ms": 1_600_000_000_000 + self.sequence})
            self.line(date, "drawer.opened", {})
            self.line(date, "print.started", paper)
            self.line(date, "print.finished", {**paper, "outcome": "printed"})
            self.row("print_job", {"job": self.job, "subject": sale, "form": "receipt", "copy": 0, "state": "printed"})
        self.line(date, "day.closed", {"day": day, "first_sequence": first, "last_sequence": self.sequence})
        self.row("business_day", {"business_date": date, "day": day, "state": "closed", "opened_sequence": first,
                                  "closed_sequence": self.sequence})

    def flush(self):
        self.store.executemany("INSERT INTO journal_line (sequence, line, hash) VALUES (?, ?, ?)", self.lines)
        self.lines.clear()
        for table, rows in self.rows.items():
            if rows:
                self.store.executemany(f"INSERT INTO {table} VALUES ({','.join('?' * len(rows[0]))})", rows)
                rows.clear()


def days_before(count):
    """COUNT dates, the last one well before today."""
    import datetime
    last = datetime.date.today() - datetime.timedelta(days=3)
    return [(last - datetime.timedelta(days=count - 1 - n)).isoformat() for n in range(count)]


def extend(database, template, terminal, lines):
    """Add whole days until about LINES lines stand in DATABASE, none acknowledged. The number of days."""
    per_day = SALES_PER_DAY * LINES_PER_SALE + 2
    days = max(1, round(lines / per_day))
    store = sqlite3.connect(database)
    store.execute("PRAGMA synchronous = OFF")
    writer = Writer(store, template, terminal)
    for number, date in enumerate(days_before(days)):
        writer.day(date, SALES_PER_DAY)
        if number % 20 == 0:
            writer.flush()
    writer.flush()
    store.commit()
    store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    store.close()
    return days
