-- 払込: cash that was counted out of drawers at 精算 is paid into the designated bank. A row takes closes (business days of tills) whose
-- amounts are computed and never typed. One person prepares it, another confirms the bank's receipt. One that was taken back stays.
CREATE TABLE remittance (
    remittance      INTEGER NOT NULL PRIMARY KEY,
    municipality    TEXT    NOT NULL,
    fiscal_year     INTEGER NOT NULL,                -- of the closes: one paper is of one year
    number          INTEGER NOT NULL CHECK (number > 0),            -- 1 … within the year, without gaps
    section         TEXT    NOT NULL,                -- whose 出納員 pays it in
    officer         TEXT    NOT NULL,                -- the 出納員 by name as of then; '': the masters name none
    bank            TEXT    NOT NULL CHECK (bank <> ''),
    pay_on          TEXT    NOT NULL,                -- 払込日 as planned
    close_count     INTEGER NOT NULL CHECK (close_count > 0),
    amount_yen      INTEGER NOT NULL CHECK (amount_yen > 0),        -- the sum of the closes' deposits
    difference_yen  INTEGER NOT NULL,                -- and of what they were over and short
    prepared_at_ms  INTEGER NOT NULL,
    prepared_by     TEXT    NOT NULL CHECK (prepared_by <> ''),
    confirmed_at_ms INTEGER NOT NULL,                -- 0: not yet
    confirmed_by    TEXT    NOT NULL,                -- ''
    paid_on         TEXT    NOT NULL,                -- 領収日 on the bank's receipt; ''
    receipt         TEXT    NOT NULL,                -- what the bank's receipt is known by; ''
    undone_at_ms    INTEGER NOT NULL,
    undone_by       TEXT    NOT NULL,                -- ''
    undone_reason   TEXT    NOT NULL,
    CHECK (confirmed_by <> prepared_by),
    CHECK (undone_by = '' OR undone_by <> confirmed_by),
    CHECK ((confirmed_by = '') = (paid_on = '') AND (confirmed_by = '') = (receipt = '') AND (confirmed_by = '') = (confirmed_at_ms = 0)),
    CHECK ((undone_by = '') = (undone_reason = '') AND (undone_by = '') = (undone_at_ms = 0))
) STRICT;
CREATE UNIQUE INDEX remittance_by_number ON remittance (municipality, fiscal_year, number);
CREATE INDEX remittance_by_day ON remittance (municipality, pay_on, remittance);
CREATE INDEX remittance_paid ON remittance (municipality, paid_on) WHERE confirmed_by <> '';
CREATE TABLE remittance_close (
    remittance      INTEGER NOT NULL REFERENCES remittance (remittance),
    terminal        TEXT    NOT NULL,
    opened_sequence INTEGER NOT NULL,                -- the business day of the till
    municipality    TEXT    NOT NULL,
    deposit_yen     INTEGER NOT NULL,                -- as its 精算 says
    difference_yen  INTEGER NOT NULL,
    undone_at_ms    INTEGER NOT NULL,                -- with its remittance; 0: stands
    PRIMARY KEY (remittance, terminal, opened_sequence)
) STRICT, WITHOUT ROWID;
-- A close is in one remittance that stands, whoever comes first.
CREATE UNIQUE INDEX remittance_close_once ON remittance_close (terminal, opened_sequence) WHERE undone_at_ms = 0;
-- What the bank's records say of a remittance that was confirmed. Derived by rule (settlement/remittance/bank_match.h).
CREATE TABLE remittance_seen (
    remittance      INTEGER NOT NULL PRIMARY KEY REFERENCES remittance (remittance),
    municipality    TEXT    NOT NULL,
    state           TEXT    NOT NULL CHECK (state IN ('reference', 'amount', 'differs', 'several')),
    import          INTEGER NOT NULL,                -- the line; 0 of several
    line            INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX remittance_seen_by_line ON remittance_seen (import, line) WHERE state IN ('reference', 'amount');
-- What is still to be paid in is looked for from the newest back; days without cash are not in it.
CREATE INDEX business_day_with_cash ON business_day (municipality, business_date, terminal, opened_sequence)
    WHERE closed_sequence <> 0 AND deposit_yen <> 0;
CREATE TRIGGER remittance_is_not_changed BEFORE UPDATE ON remittance WHEN OLD.undone_by <> ''
    OR (OLD.confirmed_by <> '' AND (NEW.confirmed_at_ms, NEW.confirmed_by, NEW.paid_on, NEW.receipt)
        IS NOT (OLD.confirmed_at_ms, OLD.confirmed_by, OLD.paid_on, OLD.receipt))
    OR (NEW.remittance, NEW.municipality, NEW.fiscal_year, NEW.number, NEW.section, NEW.officer, NEW.bank, NEW.pay_on, NEW.close_count,
        NEW.amount_yen, NEW.difference_yen, NEW.prepared_at_ms, NEW.prepared_by)
    IS NOT (OLD.remittance, OLD.municipality, OLD.fiscal_year, OLD.number, OLD.section, OLD.officer, OLD.bank, OLD.pay_on,
        OLD.close_count, OLD.amount_yen, OLD.difference_yen, OLD.prepared_at_ms, OLD.prepared_by)
BEGIN
    SELECT RAISE(ABORT, 'a remittance is not changed; take it back');
END;
CREATE TRIGGER remittance_is_not_deleted BEFORE DELETE ON remittance
BEGIN
    SELECT RAISE(ABORT, 'a remittance is not deleted; take it back');
END;
CREATE TRIGGER remittance_close_is_not_changed BEFORE UPDATE ON remittance_close WHEN OLD.undone_at_ms <> 0
    OR (NEW.remittance, NEW.terminal, NEW.opened_sequence, NEW.municipality, NEW.deposit_yen, NEW.difference_yen)
    IS NOT (OLD.remittance, OLD.terminal, OLD.opened_sequence, OLD.municipality, OLD.deposit_yen, OLD.difference_yen)
BEGIN
    SELECT RAISE(ABORT, 'a remittance is not changed; take it back');
END;
CREATE TRIGGER remittance_close_is_not_deleted BEFORE DELETE ON remittance_close
BEGIN
    SELECT RAISE(ABORT, 'a remittance is not deleted; take it back');
END;
