-- A corrected file takes the place of an earlier one. Both stay as they came; what changes is which of their lines count.

-- The act: LATER in the place of EARLIER. Files that replaced one another form a chain, named by its first file.
CREATE TABLE import_replacement (
    replacement     INTEGER NOT NULL PRIMARY KEY,
    municipality    TEXT    NOT NULL,
    chain           INTEGER NOT NULL REFERENCES import (import),
    earlier         INTEGER NOT NULL REFERENCES import (import),
    later           INTEGER NOT NULL REFERENCES import (import),
    state           TEXT    NOT NULL CHECK (state IN ('proposed', 'done', 'refused')),
    same_count      INTEGER NOT NULL,                -- lines that both files have
    changed_count   INTEGER NOT NULL,
    gone_count      INTEGER NOT NULL,
    added_count     INTEGER NOT NULL,
    proposed_by     TEXT    NOT NULL,
    proposed_at_ms  INTEGER NOT NULL,
    reason          TEXT    NOT NULL,
    decided_by      TEXT    NOT NULL,                -- the second person; '' while there is none, and where nothing differs
    decided_at_ms   INTEGER NOT NULL,
    decided_reason  TEXT    NOT NULL,
    CHECK (decided_by = '' OR state = 'refused' OR decided_by <> proposed_by),
    CHECK (state <> 'done' OR decided_by <> '' OR changed_count + gone_count + added_count = 0)
) STRICT;
CREATE INDEX import_replacement_by_earlier ON import_replacement (earlier);
CREATE INDEX import_replacement_by_later ON import_replacement (later);
CREATE UNIQUE INDEX import_replacement_waiting ON import_replacement (municipality, chain) WHERE state = 'proposed';
CREATE TRIGGER import_replacement_stays BEFORE UPDATE ON import_replacement WHEN OLD.state <> 'proposed'
BEGIN
    SELECT RAISE(ABORT, 'a replacement that was decided is not changed');
END;
CREATE TRIGGER import_replacement_is_not_deleted BEFORE DELETE ON import_replacement
BEGIN
    SELECT RAISE(ABORT, 'a replacement is not deleted');
END;
CREATE TRIGGER import_replacement_needs_an_approver BEFORE UPDATE OF state ON import_replacement
WHEN NEW.state = 'done' AND NEW.decided_by <> ''
BEGIN
    SELECT RAISE(ABORT, 'the second person must be an approver') WHERE NOT EXISTS (
        SELECT 1 FROM staff WHERE login = NEW.decided_by AND role = 'approver' AND is_active = 1
            AND municipality = NEW.municipality);
END;

-- A line that does not count: the same line counts in another file of its chain, it was replaced, or its file waits for a second
-- person. A line counts when it is not here.
CREATE TABLE line_aside (
    import          INTEGER NOT NULL REFERENCES import (import),
    line            INTEGER NOT NULL,
    PRIMARY KEY (import, line)
) STRICT, WITHOUT ROWID;
