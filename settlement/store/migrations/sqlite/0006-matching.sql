-- Which of our payments are which lines of a statement, which deposits have come, and what does not agree. What machines write
-- here can be made again from journals and imports; what people decided (discrepancy.resolution …) cannot.

-- One run: what it looked at and did.
CREATE TABLE reconciliation_run (
    run             INTEGER NOT NULL PRIMARY KEY,
    municipality    TEXT    NOT NULL,
    at_ms           INTEGER NOT NULL,
    login           TEXT    NOT NULL,
    sale_count      INTEGER NOT NULL,
    line_count      INTEGER NOT NULL,
    bank_line_count INTEGER NOT NULL,
    matched_count   INTEGER NOT NULL,
    matched_yen     INTEGER NOT NULL,
    credited_count  INTEGER NOT NULL,
    opened_count    INTEGER NOT NULL,
    cleared_count   INTEGER NOT NULL,
    open_count      INTEGER NOT NULL,
    milliseconds    INTEGER NOT NULL
) STRICT;
CREATE INDEX reconciliation_run_by_municipality ON reconciliation_run (municipality, run);

-- How far runs have looked: journal lines by till, imports and the day by municipality. `rescan`: the ledger was rebuilt.
CREATE TABLE matching_progress (
    terminal        TEXT    NOT NULL PRIMARY KEY,
    sequence        INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE matching_state (
    municipality    TEXT    NOT NULL PRIMARY KEY,
    run             INTEGER NOT NULL,                -- the newest; a run that began before it must begin again
    import          INTEGER NOT NULL,                -- lines of imports up to this one were taken
    due_day         TEXT    NOT NULL,                -- what was due before this day was opened
    rescan          INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TRIGGER matching_restarts AFTER UPDATE OF arrival ON ledger_progress WHEN NEW.arrival < OLD.arrival
BEGIN
    DELETE FROM matching_progress;
    UPDATE matching_state SET rescan = 1;
END;

-- A payment (part 'sale') or its cancellation (part 'void') that no statement line was found for. Named by payment.started.
CREATE TABLE open_item (
    terminal        TEXT    NOT NULL,
    sequence        INTEGER NOT NULL,
    part            TEXT    NOT NULL CHECK (part IN ('sale', 'void')),
    municipality    TEXT    NOT NULL,
    due_on          TEXT    NOT NULL,                -- POSのみ when this day has passed; '' when nothing is expected
    PRIMARY KEY (terminal, sequence, part)
) STRICT, WITHOUT ROWID;
CREATE INDEX open_item_due ON open_item (municipality, due_on);

-- A statement line that no payment was found for.
CREATE TABLE open_line (
    import          INTEGER NOT NULL,
    line            INTEGER NOT NULL,
    municipality    TEXT    NOT NULL,
    PRIMARY KEY (import, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX open_line_by_municipality ON open_line (municipality);

-- One payment or cancellation, one line, the same yen. That a line is in one pair only follows from where lines come from:
-- each is taken from a new import once, or out of open_line, from which the same transaction removes it. An index that says
-- it again would cost more than the whole table.
CREATE TABLE matched (
    terminal        TEXT    NOT NULL,
    sequence        INTEGER NOT NULL,                -- of payment.started
    part            TEXT    NOT NULL CHECK (part IN ('sale', 'void')),
    municipality    TEXT    NOT NULL,
    import          INTEGER NOT NULL,
    line            INTEGER NOT NULL,
    -- Not IN (…): SQLite builds a table for more than two values, anew for every row.
    matched_by      TEXT    NOT NULL
        CHECK (matched_by = 'reference' OR matched_by = 'acquirer_reference' OR matched_by = 'decision'),
    run             INTEGER NOT NULL,
    PRIMARY KEY (terminal, sequence, part)
) STRICT, WITHOUT ROWID;

-- A deposit that statements announce, and what came of it.
CREATE TABLE payout (
    municipality    TEXT    NOT NULL,
    trustee         TEXT    NOT NULL,
    payout          TEXT    NOT NULL,
    due_on          TEXT    NOT NULL,
    first_on        TEXT    NOT NULL,                -- earliest day of a payment in it
    line_count      INTEGER NOT NULL,
    amount_yen      INTEGER NOT NULL,
    fee_yen         INTEGER NOT NULL,
    credited_yen    INTEGER NOT NULL,
    credited_on     TEXT    NOT NULL,                -- of the last credit; ''
    PRIMARY KEY (municipality, trustee, payout)
) STRICT, WITHOUT ROWID;
CREATE INDEX payout_by_day ON payout (municipality, due_on, trustee, payout);
CREATE INDEX payout_by_name ON payout (municipality, payout);
CREATE INDEX payout_open ON payout (municipality, due_on) WHERE credited_yen <> amount_yen;

-- A bank line that pays (a part of) a deposit.
CREATE TABLE payout_credit (
    import          INTEGER NOT NULL,
    line            INTEGER NOT NULL,
    municipality    TEXT    NOT NULL,
    trustee         TEXT    NOT NULL,
    payout          TEXT    NOT NULL,
    amount_yen      INTEGER NOT NULL,
    PRIMARY KEY (import, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX payout_credit_by_payout ON payout_credit (municipality, trustee, payout);

-- A bank line that comes from a trustee and pays no deposit that is known yet.
CREATE TABLE open_credit (
    import          INTEGER NOT NULL,
    line            INTEGER NOT NULL,
    municipality    TEXT    NOT NULL,
    due_on          TEXT    NOT NULL,                -- the statement should have come by then
    PRIMARY KEY (import, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX open_credit_by_municipality ON open_credit (municipality);

-- What does not agree. `subject` names what it is about for ever: 'payment:KO-01:12:sale', 'line:3:17', 'payout:AGG:P1',
-- 'bank:4:2', 'file:…'. A resolved one is never opened again for the same class and subject.
CREATE TABLE discrepancy (
    discrepancy     INTEGER NOT NULL PRIMARY KEY,
    municipality    TEXT    NOT NULL,
    class           TEXT    NOT NULL,
    subject         TEXT    NOT NULL,
    state           TEXT    NOT NULL CHECK (state IN ('open', 'awaiting_second', 'resolved', 'cleared')),
    version         INTEGER NOT NULL,
    amount_yen      INTEGER NOT NULL,                -- what is at stake
    happened_on     TEXT    NOT NULL,                -- day of the event
    opened_on       TEXT    NOT NULL,
    due_on          TEXT    NOT NULL,                -- by then a person should have dealt with it
    cleared_on      TEXT    NOT NULL,
    is_remark       INTEGER NOT NULL,                -- about a pair that agrees in money: does not clear by itself
    terminal        TEXT    NOT NULL,                -- our side; ''
    sequence        INTEGER NOT NULL,                -- payment.started; 0
    import          INTEGER NOT NULL,                -- their side; 0
    line            INTEGER NOT NULL,
    related_import  INTEGER NOT NULL,                -- the line that the evidence points to; 0
    related_line    INTEGER NOT NULL,
    payment         TEXT    NOT NULL,
    receipt_number  TEXT    NOT NULL,
    brand           TEXT    NOT NULL,
    trustee         TEXT    NOT NULL,
    payout          TEXT    NOT NULL,
    summary         TEXT    NOT NULL,                -- the sentence for people
    owner           TEXT    NOT NULL,                -- login of who deals with it; ''
    resolution      TEXT    NOT NULL,
    reason          TEXT    NOT NULL,
    resolved_by     TEXT    NOT NULL,
    resolved_at_ms  INTEGER NOT NULL,
    confirmed_by    TEXT    NOT NULL,                -- second person, where money moves
    confirmed_at_ms INTEGER NOT NULL,
    CHECK (confirmed_by = '' OR confirmed_by <> resolved_by),
    CHECK ((state IN ('awaiting_second', 'resolved')) = (resolution <> '')),
    CHECK (state <> 'resolved' OR resolution NOT IN ('refund', 'collect', 'write_off') OR confirmed_by <> '')
) STRICT;
CREATE UNIQUE INDEX discrepancy_by_subject ON discrepancy (municipality, class, subject) WHERE state <> 'cleared';
CREATE INDEX discrepancy_open ON discrepancy (municipality, happened_on, discrepancy)
    WHERE state IN ('open', 'awaiting_second');
CREATE INDEX discrepancy_by_day ON discrepancy (municipality, happened_on, discrepancy);
CREATE INDEX discrepancy_by_payment ON discrepancy (payment) WHERE payment <> '';
CREATE INDEX discrepancy_by_line ON discrepancy (import, line) WHERE import <> 0;
CREATE INDEX discrepancy_by_payout ON discrepancy (municipality, trustee, payout) WHERE payout <> '';

-- What a person decided stays: only a rejected proposal goes back to open.
CREATE TRIGGER discrepancy_resolution_stays BEFORE UPDATE ON discrepancy WHEN OLD.state = 'resolved'
BEGIN
    SELECT RAISE(ABORT, 'a resolved discrepancy is not changed');
END;
CREATE TRIGGER discrepancy_is_not_deleted BEFORE DELETE ON discrepancy
BEGIN
    SELECT RAISE(ABORT, 'a discrepancy is not deleted');
END;
CREATE TRIGGER discrepancy_needs_an_approver BEFORE UPDATE OF confirmed_by ON discrepancy WHEN NEW.confirmed_by <> ''
BEGIN
    SELECT RAISE(ABORT, 'the second person must be an approver') WHERE NOT EXISTS (
        SELECT 1 FROM staff WHERE login = NEW.confirmed_by AND role = 'approver' AND is_active = 1
            AND municipality = NEW.municipality);
END;
