-- Statistics. How citizens paid by hour of the day: what daily_payment has, by hour (Japan) of the till's clock instead of by till and
-- place, so that ten years of a large city are some hundred thousand rows. A sale that was paid partly in cash is counted under its
-- brand, and adds its cash to `cash` with a count of 0.
CREATE TABLE hourly_payment (
    municipality    TEXT    NOT NULL,
    received_on     TEXT    NOT NULL,
    hour            INTEGER NOT NULL CHECK (hour >= 0 AND hour <= 23),
    method          TEXT    NOT NULL,                -- cash, qr, emoney, credit; none: a 0円 issue
    brand           TEXT    NOT NULL,
    count           INTEGER NOT NULL,                -- sales, voided ones included
    amount_yen      INTEGER NOT NULL,
    void_count      INTEGER NOT NULL,
    void_yen        INTEGER NOT NULL,
    PRIMARY KEY (municipality, received_on, hour, method, brand)
) STRICT, WITHOUT ROWID;
INSERT INTO hourly_payment SELECT municipality, received_on, hour, method, brand, sum(count), sum(amount_yen),
    sum(CASE WHEN is_void THEN count ELSE 0 END), sum(CASE WHEN is_void THEN amount_yen ELSE 0 END) FROM (
    SELECT municipality, received_on, (recorded_at_ms / 3600000 + 9) % 24 AS hour, method, brand, 1 AS count,
        CASE WHEN method = 'cash' THEN total_yen ELSE total_yen - cash_yen END AS amount_yen, voided_by <> 0 AS is_void FROM sale
    UNION ALL SELECT municipality, received_on, (recorded_at_ms / 3600000 + 9) % 24, 'cash', '', 0, cash_yen, voided_by <> 0
        FROM sale WHERE method <> 'cash' AND cash_yen > 0) AS part
    GROUP BY municipality, received_on, hour, method, brand;

-- Refunds stand in statistics under the day they were paid on.
CREATE INDEX refund_by_paid_day ON refund (municipality, ended_on) WHERE state = 'paid';

-- Staff time, as the city measures it: minutes that one case of a work took before and takes now, and how many cases a fiscal year
-- had. A wrong entry is taken back and entered again; it stays, with who did it.
CREATE TABLE time_saving (
    time_saving     INTEGER NOT NULL PRIMARY KEY,
    municipality    TEXT    NOT NULL,
    fiscal_year     INTEGER NOT NULL,
    work            TEXT    NOT NULL CHECK (work <> ''),
    before_seconds  INTEGER NOT NULL CHECK (before_seconds >= 0 AND before_seconds <= 86400),   -- of one case
    after_seconds   INTEGER NOT NULL CHECK (after_seconds >= 0 AND after_seconds <= 86400),
    cases           INTEGER NOT NULL CHECK (cases > 0 AND cases <= 100000000),             -- in the fiscal year
    basis           TEXT    NOT NULL CHECK (basis <> ''),           -- how it was measured
    at_ms           INTEGER NOT NULL,
    login           TEXT    NOT NULL,
    undone_by       TEXT    NOT NULL,                -- ''
    undone_at_ms    INTEGER NOT NULL,
    undone_reason   TEXT    NOT NULL
) STRICT;
CREATE UNIQUE INDEX time_saving_by_work ON time_saving (municipality, fiscal_year, work) WHERE undone_by = '';
CREATE TRIGGER time_saving_is_not_changed BEFORE UPDATE ON time_saving WHEN OLD.undone_by <> ''
    OR (NEW.time_saving, NEW.municipality, NEW.fiscal_year, NEW.work, NEW.before_seconds, NEW.after_seconds, NEW.cases, NEW.basis,
        NEW.at_ms, NEW.login)
    IS NOT (OLD.time_saving, OLD.municipality, OLD.fiscal_year, OLD.work, OLD.before_seconds, OLD.after_seconds, OLD.cases, OLD.basis,
        OLD.at_ms, OLD.login)
BEGIN
    SELECT RAISE(ABORT, 'an entry is not changed; take it back');
END;
CREATE TRIGGER time_saving_is_not_deleted BEFORE DELETE ON time_saving
BEGIN
    SELECT RAISE(ABORT, 'an entry is not deleted; take it back');
END;
