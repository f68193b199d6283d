-- The work list: what people say about a discrepancy, what they expect of it, what they take back, and which payment they
-- say is which line.

CREATE TABLE discrepancy_comment (
    comment         INTEGER NOT NULL PRIMARY KEY,
    discrepancy     INTEGER NOT NULL REFERENCES discrepancy (discrepancy),
    municipality    TEXT    NOT NULL,
    at_ms           INTEGER NOT NULL,
    login           TEXT    NOT NULL,
    text            TEXT    NOT NULL
) STRICT;
CREATE INDEX discrepancy_comment_by_discrepancy ON discrepancy_comment (discrepancy, comment);
CREATE TRIGGER discrepancy_comment_is_not_changed BEFORE UPDATE ON discrepancy_comment
BEGIN
    SELECT RAISE(ABORT, 'a comment is not changed');
END;
CREATE TRIGGER discrepancy_comment_is_not_deleted BEFORE DELETE ON discrepancy_comment
BEGIN
    SELECT RAISE(ABORT, 'a comment is not deleted');
END;

-- A person expects it to clear by itself until this day; ''.
ALTER TABLE discrepancy ADD COLUMN expected_on TEXT NOT NULL DEFAULT '';
-- Somebody takes the resolution back, and why; where money moves an approver must agree before it is open again. What was
-- taken back stays readable in the access log.
ALTER TABLE discrepancy ADD COLUMN undo_by TEXT NOT NULL DEFAULT '';
ALTER TABLE discrepancy ADD COLUMN undo_reason TEXT NOT NULL DEFAULT '';
ALTER TABLE discrepancy ADD COLUMN undo_at_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE discrepancy ADD COLUMN undo_confirmed_by TEXT NOT NULL DEFAULT '';
CREATE INDEX discrepancy_undo_asked ON discrepancy (municipality, happened_on, discrepancy)
    WHERE state = 'resolved' AND undo_by <> '';

-- A resolved one changes in two ways only: somebody asks to take it back or stops asking, or it is open again after that.
DROP TRIGGER discrepancy_resolution_stays;
CREATE TRIGGER discrepancy_resolution_stays BEFORE UPDATE ON discrepancy
WHEN OLD.state = 'resolved' AND NOT (
    (NEW.state = 'resolved' AND NEW.class = OLD.class AND NEW.subject = OLD.subject AND NEW.amount_yen = OLD.amount_yen
        AND NEW.resolution = OLD.resolution AND NEW.reason = OLD.reason AND NEW.resolved_by = OLD.resolved_by
        AND NEW.resolved_at_ms = OLD.resolved_at_ms AND NEW.confirmed_by = OLD.confirmed_by)
    OR (NEW.state = 'open' AND OLD.undo_by <> '' AND (
        OLD.confirmed_by = '' OR (NEW.undo_confirmed_by <> '' AND NEW.undo_confirmed_by <> OLD.undo_by))))
BEGIN
    SELECT RAISE(ABORT, 'a resolved discrepancy is not changed');
END;
CREATE TRIGGER discrepancy_suspense_needs_a_second BEFORE UPDATE ON discrepancy
WHEN NEW.state = 'resolved' AND NEW.resolution = 'suspense' AND NEW.confirmed_by = ''
BEGIN
    SELECT RAISE(ABORT, 'a second person must agree');
END;
CREATE TRIGGER discrepancy_undo_needs_an_approver BEFORE UPDATE OF undo_confirmed_by ON discrepancy
WHEN NEW.undo_confirmed_by <> ''
BEGIN
    SELECT RAISE(ABORT, 'the second person must be an approver') WHERE NOT EXISTS (
        SELECT 1 FROM staff WHERE login = NEW.undo_confirmed_by AND role = 'approver' AND is_active = 1
            AND municipality = NEW.municipality);
END;

-- What a person says of a payment (or its cancellation) and a statement line: they are one, or they are not. Matching takes
-- these before every rule of its own. One that was taken back stays, with who did it.
CREATE TABLE pair_decision (
    decision        INTEGER NOT NULL PRIMARY KEY,
    municipality    TEXT    NOT NULL,
    terminal        TEXT    NOT NULL,
    sequence        INTEGER NOT NULL,                -- of payment.started
    part            TEXT    NOT NULL CHECK (part IN ('sale', 'void')),
    import          INTEGER NOT NULL,
    line            INTEGER NOT NULL,
    is_pair         INTEGER NOT NULL CHECK (is_pair IN (0, 1)),
    at_ms           INTEGER NOT NULL,
    login           TEXT    NOT NULL,
    reason          TEXT    NOT NULL,
    undone_by       TEXT    NOT NULL,                -- ''
    undone_at_ms    INTEGER NOT NULL,
    undone_reason   TEXT    NOT NULL
) STRICT;
CREATE UNIQUE INDEX pair_decision_by_payment ON pair_decision (municipality, terminal, sequence, part, import, line)
    WHERE undone_by = '';
CREATE INDEX pair_decision_by_line ON pair_decision (import, line) WHERE undone_by = '';
