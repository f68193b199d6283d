"""One rule at a time is broken by hand in a copy of the city's database, and the audit must find exactly that, to the yen."""
import json
import pathlib
import sqlite3
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from harness import store  # noqa: E402

# What is broken: which row (its key and its yen), what is done to it, and what must be found, in any order. A finding is its code and how its
# yen follow from the row's: GONE (the row's, nothing), UNKNOWN (nothing, the row's as it is now), NONE (no yen), CHANGED (the row's, so much more),
# COUNTED (so much more than the row's is declared, the row's is counted), or BESIDE (a sum with the row in it: so much more or less than it
# should be). Both engines understand each statement.
GONE, UNKNOWN, NONE = "gone", "unknown", "none"
CHANGED, COUNTED, BESIDE = "changed", "counted", "beside"
BREAKS = (
    ("a sale is ten yen dearer",
     "SELECT terminal || ':' || sequence, total_yen FROM sale WHERE total_yen > 0 AND voided_by = 0 ORDER BY terminal, sequence LIMIT 1",
     "UPDATE sale SET total_yen = total_yen + 10 WHERE terminal || ':' || sequence = ?",
     [("sale_differs", CHANGED, 10), ("daily_payment_differs", BESIDE, -10), ("hourly_payment_differs", BESIDE, -10)]),
    ("a refund is one yen less",
     "SELECT terminal || ':' || requested_sequence, amount_yen FROM refund WHERE refund NOT IN (SELECT refund FROM refund_seen) ORDER BY terminal, requested_sequence LIMIT 1",
     "UPDATE refund SET amount_yen = amount_yen - 1 WHERE terminal || ':' || requested_sequence = ?", [("refund_differs", CHANGED, -1)]),
    ("a pair is gone",
     "SELECT m.import || ':' || m.line, l.amount_yen FROM matched AS m JOIN statement_line AS l ON l.import = m.import AND l.line = m.line"
     " WHERE m.part = 'sale' ORDER BY m.import, m.line LIMIT 1",
     "DELETE FROM matched WHERE import || ':' || line = ?", [("payment_left_out", GONE), ("line_left_out", GONE)]),
    ("a payout is one yen less",
     "SELECT trustee || ':' || payout, amount_yen FROM payout WHERE credited_yen = expected_yen AND carried_to = '' AND carry_yen = 0"
     " AND credited_yen > 0 ORDER BY trustee, payout LIMIT 1",
     "UPDATE payout SET amount_yen = amount_yen - 1 WHERE trustee || ':' || payout = ?", [("payout_differs", CHANGED, -1)]),
    ("an exported file is another",
     "SELECT export || ':' || encoding, NULL FROM assessment_export_file WHERE encoding = 'utf8' ORDER BY export LIMIT 1",
     "UPDATE assessment_export_file SET sha256 = substr('" + "0" * 64 + "', 1, 64) WHERE export || ':' || encoding = ?", [("export_damaged", NONE)]),
    ("an export's sum is ten yen more",
     "SELECT export, amount_yen FROM assessment_export ORDER BY export LIMIT 1",
     "UPDATE assessment_export SET amount_yen = amount_yen + 10 WHERE export = ?", [("export_sum_differs", CHANGED, 10)]),
    ("a close puts a thousand yen less aside",
     "SELECT terminal || ':' || closed_sequence, deposit_yen FROM business_day WHERE closed_sequence <> 0 AND deposit_yen > 1000"
     " ORDER BY terminal, closed_sequence LIMIT 1",
     "UPDATE business_day SET deposit_yen = deposit_yen - 1000 WHERE terminal || ':' || closed_sequence = ?", [("day_close_differs", CHANGED, -1000)]),
    ("a 払込 that the bank proved is a hundred yen more",
     "SELECT r.remittance, r.amount_yen FROM remittance AS r JOIN remittance_seen AS s ON s.remittance = r.remittance"
     " WHERE s.state = 'reference' ORDER BY r.remittance LIMIT 1",
     "UPDATE remittance SET amount_yen = amount_yen + 100 WHERE remittance = ?",
     # its closes come to less, the bank's line is another amount, and who prepared and who confirmed it did so of less
     [("remittance_differs", CHANGED, 100), ("remittance_unproved", COUNTED, 100), ("remittance_unrecorded", UNKNOWN, 100),
      ("remittance_unrecorded", UNKNOWN, 100)]),
    ("a person's entry is gone from the log",
     "SELECT a.entry, i.amount_yen FROM access_log AS a JOIN import AS i ON a.object = 'import:' || i.import WHERE a.what = 'import'"
     " ORDER BY a.entry LIMIT 1",
     "DELETE FROM access_log WHERE entry = ?", [("deed_unrecorded", UNKNOWN), ("access_log_broken", NONE), ("access_log_incomplete", NONE)]),
    ("a line of a journal is another till's",
     "SELECT terminal || ':' || first, NULL FROM journal_run ORDER BY terminal, first LIMIT 1",
     "UPDATE journal_run SET signature = x'" + "00" * 64 + "' WHERE terminal || ':' || first = ?", [("signature_wrong", NONE)]),
    ("a closed year is seven yen more",
     "SELECT closing, assessed_yen FROM year_closing WHERE state = 'closed' LIMIT 1",
     "UPDATE year_closing SET assessed_yen = assessed_yen + 7, outstanding_yen = outstanding_yen + 7 WHERE closing = ?",
     # the count of its records says so, and the log of who proposed and of who approved it
     [("closed_year_differs", COUNTED, 7), ("closing_differs", CHANGED, 7), ("closing_differs", CHANGED, 7)]),
)
TRIGGERS = "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal AND tgparentid = 0"
KEYS = "SELECT conname, conrelid::regclass::text FROM pg_constraint WHERE contype = 'f' AND conparentid = 0"


def copy_unguarded(source, target):
    """A whole copy, without the triggers and foreign keys that would refuse what is broken. Nobody uses SOURCE now."""
    if store.is_postgresql():
        store.make(target, source)
        with store.connect(target) as broken:
            drops = [f'DROP TRIGGER "{name}" ON {table}' for name, table in broken.execute(TRIGGERS)]
            drops += [f'ALTER TABLE {table} DROP CONSTRAINT "{name}"' for name, table in broken.execute(KEYS)]
            broken.execute(";".join(drops))
        return
    origin, broken = sqlite3.connect(source), sqlite3.connect(target)
    try:
        origin.backup(broken)
        for (name,) in broken.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            broken.execute(f'DROP TRIGGER "{name}"')
        broken.commit()
    finally:
        origin.close()
        broken.close()


def copy(source, target):
    """Of what copy_unguarded made."""
    if store.is_postgresql():
        store.make(target, source)
    else:
        target.write_bytes(source.read_bytes())


def findings(program, database):
    done = subprocess.run([program, "audit", "--json", "--database", database], capture_output=True, text=True, timeout=1800)
    return [(one["code"], one["expected_yen"], one["found_yen"]) for one in json.loads(done.stdout)["findings"]]


def follows(finding, wanted, yen):
    """Whether FINDING (code, expected yen, found yen) is what WANTED says of a row of YEN."""
    code, expected, found = finding
    how, *more = wanted[1:]
    return code == wanted[0] and {
        GONE: lambda: (expected, found) == (yen, 0),
        UNKNOWN: lambda: (expected, found) == (0, yen + sum(more)),
        NONE: lambda: (expected, found) == (0, 0),
        CHANGED: lambda: (expected, found) == (yen, yen + more[0]),
        COUNTED: lambda: (expected, found) == (yen + more[0], yen),
        BESIDE: lambda: found - expected == more[0],
    }[how]()


def is_found(found, wanted, yen):
    """Whether each of WANTED is one of FOUND, and nothing else is."""
    left = list(found)
    for what in wanted:
        one = next((one for one in left if follows(one, what, yen)), None)
        if one is None:
            return False
        left.remove(one)
    return not left


def break_one(program, source, target, number):
    """(what was broken, whether exactly what must be found was found, what was found) for break NUMBER in a copy of SOURCE, which
    copy_unguarded made; None where the city has no such row."""
    name, which, change, wanted = BREAKS[number]
    copy(source, target)
    try:
        database = store.connect(target)
        try:
            row = database.execute(which).fetchone()
            if row is None:
                return None
            changed = len(database.execute(change + " RETURNING 1", (row[0],)).fetchall())
            database.commit()
            assert changed == 1, (name, changed)
        finally:
            database.close()
        found = findings(program, target)
    finally:
        store.drop(target)
    return name, is_found(found, wanted, row[1]), found
