-- What a person says of a payment that stands on the other side in several pieces: one payment is these lines, or these payments are one
-- line. A row of split_part is a piece with the one that it belongs to. One that was taken back stays, with who did it.
CREATE TABLE split_decision (
    split           INTEGER NOT NULL PRIMARY KEY,
    municipality    TEXT    NOT NULL,
    at_ms           INTEGER NOT NULL,
    login           TEXT    NOT NULL,
    reason          TEXT    NOT NULL CHECK (reason <> ''),
    undone_by       TEXT    NOT NULL,                -- ''
    undone_at_ms    INTEGER NOT NULL,
    undone_reason   TEXT    NOT NULL
) STRICT;
CREATE INDEX split_decision_standing ON split_decision (municipality) WHERE undone_by = '';
CREATE TABLE split_part (
    split           INTEGER NOT NULL REFERENCES split_decision (split),
    municipality    TEXT    NOT NULL,
    terminal        TEXT    NOT NULL,
    sequence        INTEGER NOT NULL,                -- of payment.started
    part            TEXT    NOT NULL CHECK (part = 'sale' OR part = 'void'),
    import          INTEGER NOT NULL,
    line            INTEGER NOT NULL,
    PRIMARY KEY (split, terminal, sequence, part, import, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX split_part_by_payment ON split_part (terminal, sequence, part);
CREATE INDEX split_part_by_line ON split_part (import, line);
-- The further lines of a payment in several pieces; its first stands in `matched`, as every payment's does.
CREATE TABLE matched_more (
    import          INTEGER NOT NULL,
    line            INTEGER NOT NULL,
    municipality    TEXT    NOT NULL,
    terminal        TEXT    NOT NULL,
    sequence        INTEGER NOT NULL,
    part            TEXT    NOT NULL CHECK (part = 'sale' OR part = 'void'),
    PRIMARY KEY (import, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX matched_more_by_payment ON matched_more (terminal, sequence, part);
CREATE TRIGGER split_part_is_not_changed BEFORE UPDATE ON split_part
BEGIN
    SELECT RAISE(ABORT, 'what a person decided is not changed; take it back');
END;
CREATE TRIGGER split_part_is_not_deleted BEFORE DELETE ON split_part
BEGIN
    SELECT RAISE(ABORT, 'what a person decided is not deleted; take it back');
END;
CREATE TRIGGER split_decision_is_not_changed BEFORE UPDATE ON split_decision WHEN OLD.undone_by <> ''
    OR (NEW.split, NEW.municipality, NEW.at_ms, NEW.login, NEW.reason)
    IS NOT (OLD.split, OLD.municipality, OLD.at_ms, OLD.login, OLD.reason)
BEGIN
    SELECT RAISE(ABORT, 'what a person decided is not changed; take it back');
END;
CREATE TRIGGER split_decision_is_not_deleted BEFORE DELETE ON split_decision
BEGIN
    SELECT RAISE(ABORT, 'what a person decided is not deleted; take it back');
END;
