-- The cash in the drawer: what must lie in it, who counted it, and every move of it that is not a sale.

-- The close's own number, counted on this till. float_yen above is what is lent now: the opening, and float.moved since.
ALTER TABLE business_day ADD COLUMN number INTEGER;
UPDATE business_day SET number = (SELECT json_extract(CAST(line AS TEXT), '$.body.number') FROM journal_line
                                  WHERE sequence = closed_sequence)
WHERE state = 'closed';

-- float.moved, cash.moved, refund.paid in cash. A move of the float changes what is lent, not what was earned.
CREATE TABLE cash_movement (
    sequence   INTEGER PRIMARY KEY,  -- of the line
    kind       TEXT NOT NULL CHECK (kind IN ('float', 'cash', 'refund')),
    amount_yen INTEGER NOT NULL      -- into the drawer; out of it below 0
);
INSERT INTO cash_movement SELECT ended_sequence, 'refund', -amount_yen FROM refund WHERE state = 'paid' AND means = 'cash';

-- cash.counted. Every count stays, also one that was counted again.
CREATE TABLE cash_count (
    sequence  INTEGER PRIMARY KEY,
    day       TEXT NOT NULL,
    purpose   TEXT NOT NULL CHECK (purpose IN ('open', 'inspection', 'handover', 'close')),
    clerk     TEXT NOT NULL,
    at_ms     INTEGER NOT NULL,
    total_yen INTEGER NOT NULL
);

-- day.inspected (点検, X), the number-th of its day.
CREATE TABLE inspection (
    sequence INTEGER PRIMARY KEY,
    day      TEXT NOT NULL,
    number   INTEGER NOT NULL,
    UNIQUE (day, number)
);

-- shift.handed_over.
CREATE TABLE handover (
    sequence INTEGER PRIMARY KEY,
    day      TEXT NOT NULL
);

-- drawer.opened, with its word.
CREATE TABLE drawer_opening (
    sequence INTEGER PRIMARY KEY,
    reason   TEXT NOT NULL
);
INSERT INTO drawer_opening
    SELECT sequence, json_extract(CAST(line AS TEXT), '$.body.reason') FROM journal_line
    WHERE json_extract(CAST(line AS TEXT), '$.kind') = 'drawer.opened';
