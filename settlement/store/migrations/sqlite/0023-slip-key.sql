-- 伝票番号 of statements that keep no reference, and pairs that were found by it.
ALTER TABLE statement_line ADD COLUMN slip TEXT NOT NULL DEFAULT '';

-- A CHECK cannot be changed in place.
CREATE TABLE matched_with_slips (
    terminal        TEXT    NOT NULL,
    sequence        INTEGER NOT NULL,                -- of payment.started
    part            TEXT    NOT NULL CHECK (part IN ('sale', 'void')),
    municipality    TEXT    NOT NULL,
    import          INTEGER NOT NULL,
    line            INTEGER NOT NULL,
    -- Not IN (…): SQLite builds a table for more than two values, anew for every row.
    matched_by      TEXT    NOT NULL
        CHECK (matched_by = 'reference' OR matched_by = 'acquirer_reference' OR matched_by = 'decision' OR matched_by = 'slip'),
    run             INTEGER NOT NULL,
    PRIMARY KEY (terminal, sequence, part)
) STRICT, WITHOUT ROWID;
INSERT INTO matched_with_slips (terminal, sequence, part, municipality, import, line, matched_by, run)
    SELECT terminal, sequence, part, municipality, import, line, matched_by, run FROM matched;
DROP TABLE matched;
ALTER TABLE matched_with_slips RENAME TO matched;
