-- The till's database. journal_line is the record of truth; every other table below is a fold of it (projection.c) and
-- can be computed anew, except for what only this computer knows: enrolment, masters_document, upload_position.

CREATE TABLE journal_line (
    sequence INTEGER PRIMARY KEY,  -- gapless from 1
    line     BLOB NOT NULL,        -- the exact bytes that are hashed, signed and sent
    hash     BLOB NOT NULL         -- SHA-256 of line; `previous` of the next one
);

-- A line never changes and never goes, whoever has the file open.
CREATE TRIGGER journal_line_is_immutable BEFORE UPDATE ON journal_line
BEGIN SELECT RAISE(ABORT, 'journal lines never change'); END;
CREATE TRIGGER journal_line_is_permanent BEFORE DELETE ON journal_line
BEGIN SELECT RAISE(ABORT, 'journal lines are never deleted'); END;

-- Who this till is. One row once it is enrolled.
CREATE TABLE enrolment (
    id           INTEGER PRIMARY KEY CHECK (id = 1),
    municipality TEXT NOT NULL,
    terminal     TEXT NOT NULL,
    place        TEXT NOT NULL
);

-- What the settlement service has acknowledged. Losing an update costs an upload of lines that it already has.
CREATE TABLE upload_position (
    id           INTEGER PRIMARY KEY CHECK (id = 1),
    acknowledged INTEGER NOT NULL
);
INSERT INTO upload_position VALUES (1, 0);

-- The masters as published; the newest version is in force.
CREATE TABLE masters_document (
    version  INTEGER PRIMARY KEY,
    sha256   TEXT NOT NULL,
    document BLOB NOT NULL
);

-- Which document the journal says is in force: one that was altered on this disk is not sold by.
CREATE TABLE masters_applied (
    version INTEGER PRIMARY KEY,
    sha256  TEXT NOT NULL
);

CREATE TABLE business_day (
    business_date TEXT PRIMARY KEY,   -- YYYY-MM-DD
    day           TEXT NOT NULL UNIQUE,
    state         TEXT NOT NULL CHECK (state IN ('open', 'closed')),
    float_yen     INTEGER NOT NULL,
    opened_sequence INTEGER NOT NULL,
    closed_sequence INTEGER
);

CREATE TABLE sale (
    sale           TEXT PRIMARY KEY,
    sequence       INTEGER NOT NULL UNIQUE REFERENCES journal_line (sequence), -- its sale.recorded
    receipt_number TEXT NOT NULL UNIQUE,
    business_date  TEXT NOT NULL,     -- of the line
    serial         INTEGER NOT NULL,  -- within business_date, gapless from 1
    at_ms          INTEGER NOT NULL,
    clerk          TEXT NOT NULL,
    total_yen      INTEGER NOT NULL,
    method         TEXT NOT NULL,
    brand          TEXT,
    payment        TEXT,
    state          TEXT NOT NULL CHECK (state IN ('sold', 'voiding', 'voided')),
    void_sequence  INTEGER,
    UNIQUE (business_date, serial)
);

-- States as drawn in docs/protocol/journal.md. `abandoned` is kept beside the state: what is known and what is wanted are
-- two things.
CREATE TABLE payment (
    payment         TEXT PRIMARY KEY,
    sequence        INTEGER NOT NULL UNIQUE REFERENCES journal_line (sequence), -- its payment.started
    sale            TEXT NOT NULL,
    method          TEXT NOT NULL,
    brand           TEXT,
    amount_yen      INTEGER NOT NULL,
    sequence_number INTEGER NOT NULL UNIQUE, -- ElectronicValueRW.SequenceNumber
    clerk           TEXT NOT NULL,
    started_ms      INTEGER NOT NULL,
    state           TEXT NOT NULL CHECK (state IN ('started', 'unknown', 'in_doubt', 'approved', 'declined', 'not_charged',
                                                   'reversed', 'held')),
    is_abandoned    INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX payment_open ON payment (state) WHERE state IN ('started', 'unknown', 'in_doubt');
CREATE INDEX payment_sale ON payment (sale);

CREATE TABLE reversal (
    reversal TEXT PRIMARY KEY,
    sequence INTEGER NOT NULL UNIQUE,
    payment  TEXT NOT NULL,
    sale     TEXT NOT NULL,
    clerk    TEXT NOT NULL,
    reason   TEXT NOT NULL,
    state    TEXT NOT NULL CHECK (state IN ('started', 'unknown', 'reversed', 'refused'))
);
CREATE INDEX reversal_open ON reversal (state) WHERE state IN ('started', 'unknown');

-- The print jobs of a sale's papers, newest first by rowid. A paper without a row was never started.
CREATE TABLE print_job (
    job     INTEGER PRIMARY KEY,
    sale    TEXT NOT NULL,
    form    TEXT NOT NULL,
    copy    INTEGER NOT NULL,
    state   TEXT NOT NULL CHECK (state IN ('started', 'printed', 'not_printed', 'unknown'))
);
CREATE INDEX print_job_sale ON print_job (sale);
