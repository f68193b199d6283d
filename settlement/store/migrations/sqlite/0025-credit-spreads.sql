-- What a person says of a credit at the bank: which payouts it pays, and how much of each. Matching takes it before every rule of its
-- own. One that was taken back stays, with who did it.
CREATE TABLE credit_spread (
    spread          INTEGER NOT NULL PRIMARY KEY,
    municipality    TEXT    NOT NULL,
    import          INTEGER NOT NULL,
    line            INTEGER NOT NULL,
    at_ms           INTEGER NOT NULL,
    login           TEXT    NOT NULL,
    reason          TEXT    NOT NULL CHECK (reason <> ''),
    undone_by       TEXT    NOT NULL,                -- ''
    undone_at_ms    INTEGER NOT NULL,
    undone_reason   TEXT    NOT NULL
) STRICT;
CREATE UNIQUE INDEX credit_spread_by_line ON credit_spread (import, line) WHERE undone_by = '';
CREATE TABLE credit_spread_part (
    spread          INTEGER NOT NULL REFERENCES credit_spread (spread),
    municipality    TEXT    NOT NULL,
    trustee         TEXT    NOT NULL,
    payout          TEXT    NOT NULL,
    amount_yen      INTEGER NOT NULL CHECK (amount_yen > 0),
    PRIMARY KEY (spread, trustee, payout)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER credit_spread_part_is_not_changed BEFORE UPDATE ON credit_spread_part
BEGIN
    SELECT RAISE(ABORT, 'what a person decided is not changed; take it back');
END;
CREATE TRIGGER credit_spread_part_is_not_deleted BEFORE DELETE ON credit_spread_part
BEGIN
    SELECT RAISE(ABORT, 'what a person decided is not deleted; take it back');
END;
CREATE TRIGGER credit_spread_is_not_changed BEFORE UPDATE ON credit_spread WHEN OLD.undone_by <> ''
    OR (NEW.spread, NEW.municipality, NEW.import, NEW.line, NEW.at_ms, NEW.login, NEW.reason)
    IS NOT (OLD.spread, OLD.municipality, OLD.import, OLD.line, OLD.at_ms, OLD.login, OLD.reason)
BEGIN
    SELECT RAISE(ABORT, 'what a person decided is not changed; take it back');
END;
CREATE TRIGGER credit_spread_is_not_deleted BEFORE DELETE ON credit_spread
BEGIN
    SELECT RAISE(ABORT, 'what a person decided is not deleted; take it back');
END;
