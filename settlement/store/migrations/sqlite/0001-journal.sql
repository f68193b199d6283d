-- Who may send, and what was sent. Nothing here is derived: a lost row is a lost fact.

-- A till that was enrolled. `terminal` is unique in the whole service, because a till names nothing else when it calls.
CREATE TABLE terminal (
    terminal        TEXT    NOT NULL PRIMARY KEY,    -- KO-01
    municipality    TEXT    NOT NULL,                -- 全国地方公共団体コード, 6 digits
    place           TEXT    NOT NULL,                -- code of the counter or gate in the masters
    public_key      BLOB    NOT NULL CHECK (length(public_key) = 32),   -- Ed25519
    software        TEXT    NOT NULL,                -- what the till said it runs when it enrolled
    state           TEXT    NOT NULL CHECK (state IN ('active', 'quarantined', 'revoked')),
    state_reason    TEXT    NOT NULL,                -- '' while active
    state_since_ms  INTEGER NOT NULL,
    enrolled_at_ms  INTEGER NOT NULL,
    head_sequence   INTEGER NOT NULL CHECK (head_sequence >= 0),        -- last line that is durable here; 0: none
    head_hash       BLOB    NOT NULL CHECK (length(head_hash) = 32),    -- its SHA-256; zeros when none
    last_upload_ms  INTEGER                          -- when its newest line came; NULL: nothing yet
) STRICT, WITHOUT ROWID;
CREATE INDEX terminal_by_municipality ON terminal (municipality, terminal);

-- One-time codes. The code itself is shown once and never kept.
CREATE TABLE enrolment_code (
    code_hash       BLOB    NOT NULL PRIMARY KEY CHECK (length(code_hash) = 32),    -- SHA-256 of the normalised code
    municipality    TEXT    NOT NULL,
    terminal        TEXT    NOT NULL,
    place           TEXT    NOT NULL,
    created_at_ms   INTEGER NOT NULL,
    created_by      TEXT    NOT NULL,                -- login, or the operator's account name from the command line
    expires_at_ms   INTEGER NOT NULL,
    used_at_ms      INTEGER,                         -- NULL: not used
    used_public_key BLOB                             -- with it, the same call is answered the same again
) STRICT, WITHOUT ROWID;
CREATE INDEX enrolment_code_by_terminal ON enrolment_code (terminal);

-- Journal lines as they came: the exact bytes of the lines first … last, each ended by a newline. One row is the part
-- of one upload that was new. `arrival` is the order in which the ledger interprets them.
CREATE TABLE journal_run (
    arrival         INTEGER NOT NULL PRIMARY KEY,
    municipality    TEXT    NOT NULL,
    terminal        TEXT    NOT NULL REFERENCES terminal (terminal),
    first           INTEGER NOT NULL CHECK (first >= 1),
    last            INTEGER NOT NULL CHECK (last >= first),
    signed_first    INTEGER NOT NULL CHECK (signed_first BETWEEN 1 AND first),      -- the upload began here
    last_hash       BLOB    NOT NULL CHECK (length(last_hash) = 32),                -- of line `last`
    signature       BLOB    NOT NULL CHECK (length(signature) = 64),    -- over terminal, signed_first, last, last_hash
    received_at_ms  INTEGER NOT NULL,
    lines           BLOB    NOT NULL
) STRICT;
CREATE UNIQUE INDEX journal_run_by_line ON journal_run (terminal, last);

-- Evidence of two tills with one identity: another line came for a sequence that is known.
CREATE TABLE fork (
    fork            INTEGER NOT NULL PRIMARY KEY,
    municipality    TEXT    NOT NULL,
    terminal        TEXT    NOT NULL REFERENCES terminal (terminal),
    sequence        INTEGER NOT NULL,                -- the first line that differs
    known_line      BLOB    NOT NULL,                -- what stands here
    offered_first   INTEGER NOT NULL,
    offered_last    INTEGER NOT NULL,
    offered_hash    BLOB    NOT NULL,                -- of the last offered line
    offered_lines   BLOB    NOT NULL,                -- the whole upload, as it came
    signature       BLOB    NOT NULL,                -- the till's own, over the offered lines
    received_at_ms  INTEGER NOT NULL
) STRICT;
CREATE INDEX fork_by_terminal ON fork (terminal);

-- What can be sold, by version. The bytes are what tills receive and hash.
CREATE TABLE masters (
    municipality    TEXT    NOT NULL,
    version         INTEGER NOT NULL CHECK (version >= 1),
    sha256          TEXT    NOT NULL,                -- of `document`, 64 hexadecimal digits: the ETag
    document        BLOB    NOT NULL,                -- canonical JSON
    loaded_at_ms    INTEGER NOT NULL,
    PRIMARY KEY (municipality, version)
) STRICT, WITHOUT ROWID;
