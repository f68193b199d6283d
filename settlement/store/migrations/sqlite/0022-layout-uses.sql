-- Which version of a layout reads files: one person tried it out and proposes it, a second person puts it to use.

-- The newest that is carried out decides. Going back is a proposal of an earlier version, or of 0: the program's own, or none.
CREATE TABLE layout_use (
    layout_use      INTEGER NOT NULL PRIMARY KEY,
    municipality    TEXT    NOT NULL,
    layout          TEXT    NOT NULL,                -- its name
    version         INTEGER NOT NULL,                -- of city_layout; 0: the program's
    state           TEXT    NOT NULL CHECK (state IN ('proposed', 'done', 'refused', 'before')),
                                                     -- before: saved when one person was enough
    file_name       TEXT    NOT NULL,                -- what it was tried out on; '' when nothing was kept of it
    file_sha256     TEXT    NOT NULL,
    trial           TEXT    NOT NULL,                -- what the service read there: JSON, or ''
    proposed_by     TEXT    NOT NULL,
    proposed_at_ms  INTEGER NOT NULL,
    reason          TEXT    NOT NULL,
    decided_by      TEXT    NOT NULL,                -- the second person; '' while there is none
    decided_at_ms   INTEGER NOT NULL,
    decided_reason  TEXT    NOT NULL,
    CHECK (decided_by = '' OR state = 'refused' OR decided_by <> proposed_by),
    CHECK (state <> 'done' OR decided_by <> '')
) STRICT;
INSERT INTO layout_use (municipality, layout, version, state, file_name, file_sha256, trial, proposed_by, proposed_at_ms, reason,
    decided_by, decided_at_ms, decided_reason)
    SELECT municipality, layout, version, 'before', '', '', '', saved_by, saved_at_ms, reason, '', saved_at_ms, ''
    FROM city_layout ORDER BY municipality, layout, version;
CREATE INDEX layout_use_by_layout ON layout_use (municipality, layout, layout_use);
CREATE UNIQUE INDEX layout_use_waiting ON layout_use (municipality, layout) WHERE state = 'proposed';
CREATE TRIGGER layout_use_stays BEFORE UPDATE ON layout_use WHEN OLD.state <> 'proposed'
BEGIN
    SELECT RAISE(ABORT, 'what was decided about a layout is not changed: propose anew');
END;
CREATE TRIGGER layout_use_keeps_what_was_proposed BEFORE UPDATE ON layout_use
WHEN NEW.municipality <> OLD.municipality OR NEW.layout <> OLD.layout OR NEW.version <> OLD.version OR NEW.trial <> OLD.trial
    OR NEW.proposed_by <> OLD.proposed_by
BEGIN
    SELECT RAISE(ABORT, 'what was proposed about a layout is not changed');
END;
CREATE TRIGGER layout_use_is_not_deleted BEFORE DELETE ON layout_use
BEGIN
    SELECT RAISE(ABORT, 'a use of a layout is not deleted');
END;
CREATE TRIGGER layout_use_needs_an_approver BEFORE UPDATE OF state ON layout_use WHEN NEW.state = 'done'
BEGIN
    SELECT RAISE(ABORT, 'the second person must be an approver') WHERE NOT EXISTS (
        SELECT 1 FROM staff WHERE login = NEW.decided_by AND role = 'approver' AND is_active = 1
            AND municipality = NEW.municipality);
END;
