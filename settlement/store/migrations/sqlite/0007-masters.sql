-- How masters come to be published: a draft is edited row by row, proposed by one person and approved by another. What was
-- published stays as it is for ever, whoever asks.

ALTER TABLE masters ADD COLUMN title TEXT NOT NULL DEFAULT '';        -- what it changed, in the words of who proposed it
ALTER TABLE masters ADD COLUMN proposed_by TEXT NOT NULL DEFAULT '';  -- login; 'cli' for what the operator loaded
ALTER TABLE masters ADD COLUMN approved_by TEXT NOT NULL DEFAULT '';  -- '' for what the operator loaded

CREATE TRIGGER masters_are_not_changed BEFORE UPDATE ON masters
BEGIN
    SELECT RAISE(ABORT, 'published masters are kept as they are');
END;
CREATE TRIGGER masters_are_not_deleted BEFORE DELETE ON masters
BEGIN
    SELECT RAISE(ABORT, 'published masters are kept as they are');
END;

-- The public half of the key that tills know. The secret is a file beside the database; this row tells a service that
-- lost it from one that never had one.
CREATE TABLE masters_key (
    slot            INTEGER NOT NULL PRIMARY KEY CHECK (slot = 1),
    public_key      BLOB    NOT NULL CHECK (length(public_key) = 32),   -- Ed25519
    since_ms        INTEGER NOT NULL
) STRICT;

-- A set of changes that is published together, or not at all.
CREATE TABLE masters_draft (
    draft           INTEGER NOT NULL PRIMARY KEY,
    municipality    TEXT    NOT NULL,
    title           TEXT    NOT NULL,                            -- 「令和9年4月 使用料の改定」
    state           TEXT    NOT NULL CHECK (state IN ('editing', 'proposed', 'published', 'discarded')),
    revision        INTEGER NOT NULL CHECK (revision >= 1),      -- grows with every change of it
    created_by      TEXT    NOT NULL,
    created_at_ms   INTEGER NOT NULL,
    changed_at_ms   INTEGER NOT NULL,
    proposed_by     TEXT,
    proposed_at_ms  INTEGER,
    approved_by     TEXT,
    approved_at_ms  INTEGER,
    version         INTEGER,                                     -- of the masters that it became
    CHECK ((proposed_by IS NULL) = (proposed_at_ms IS NULL)),
    CHECK ((approved_by IS NULL) = (approved_at_ms IS NULL)),
    CHECK (state <> 'editing' OR proposed_by IS NULL),
    CHECK (state NOT IN ('proposed', 'published') OR proposed_by IS NOT NULL),
    CHECK ((state = 'published') = (approved_by IS NOT NULL)),
    CHECK ((state = 'published') = (version IS NOT NULL)),
    CHECK (approved_by IS NULL OR approved_by <> proposed_by)    -- two people
) STRICT;
CREATE INDEX masters_draft_by_state ON masters_draft (municipality, state, draft);
CREATE UNIQUE INDEX masters_draft_by_version ON masters_draft (municipality, version) WHERE version IS NOT NULL;

-- What the draft does to one row. `before` is the published row that the editor had in view, so that a row which somebody
-- else published meanwhile is seen and not overwritten.
CREATE TABLE masters_change (
    draft           INTEGER NOT NULL REFERENCES masters_draft (draft),
    kind            TEXT    NOT NULL,                            -- table of the document: 'items', 'tariffs' …
    row_key         TEXT    NOT NULL,                            -- of the published row; '+1', '+2' … for new ones
    before          TEXT,                                        -- canonical JSON; NULL: the row is new
    after           TEXT,                                        -- canonical JSON; NULL: the row is taken out
    revision        INTEGER NOT NULL,                            -- of the draft when it was last written
    changed_by      TEXT    NOT NULL,
    changed_at_ms   INTEGER NOT NULL,
    PRIMARY KEY (draft, kind, row_key),
    CHECK (before IS NOT NULL OR after IS NOT NULL)
) STRICT, WITHOUT ROWID;

-- What one person proposed is what the other approves: nothing moves in between, and nothing afterwards.
CREATE TRIGGER masters_change_only_while_editing_1 BEFORE INSERT ON masters_change
WHEN (SELECT state FROM masters_draft WHERE draft = NEW.draft) IS NOT 'editing'
BEGIN
    SELECT RAISE(ABORT, 'this draft is not being edited');
END;
CREATE TRIGGER masters_change_only_while_editing_2 BEFORE UPDATE ON masters_change
WHEN (SELECT state FROM masters_draft WHERE draft = OLD.draft) IS NOT 'editing' OR NEW.draft <> OLD.draft
BEGIN
    SELECT RAISE(ABORT, 'this draft is not being edited');
END;
CREATE TRIGGER masters_change_only_while_editing_3 BEFORE DELETE ON masters_change
WHEN (SELECT state FROM masters_draft WHERE draft = OLD.draft) IS NOT 'editing'
BEGIN
    SELECT RAISE(ABORT, 'this draft is not being edited');
END;
CREATE TRIGGER masters_draft_ends BEFORE UPDATE ON masters_draft
WHEN OLD.state IN ('published', 'discarded')
BEGIN
    SELECT RAISE(ABORT, 'this draft has ended');
END;
CREATE TRIGGER masters_draft_is_approved_as_proposed BEFORE UPDATE ON masters_draft
WHEN NEW.state = 'published'
    AND (OLD.state <> 'proposed' OR NEW.proposed_by <> OLD.proposed_by OR NEW.revision <> OLD.revision)
BEGIN
    SELECT RAISE(ABORT, 'a draft is approved as it was proposed');
END;
CREATE TRIGGER masters_draft_is_not_deleted BEFORE DELETE ON masters_draft
BEGIN
    SELECT RAISE(ABORT, 'drafts are kept');
END;
