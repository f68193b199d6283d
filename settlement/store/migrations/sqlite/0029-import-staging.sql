-- Lines of a large file on their way in: written piece by piece, so that others write between two pieces and a cut loses one
-- piece at most. Nothing here counts. One transaction takes all of them over into statement_line or bank_line; then, or when
-- nobody went on with the file for long, they are removed piece by piece.

CREATE TABLE import_staging (
    staging         INTEGER NOT NULL PRIMARY KEY,
    municipality    TEXT    NOT NULL,
    sha256          BLOB    NOT NULL CHECK (length(sha256) = 32),    -- of the file
    layout          TEXT    NOT NULL,
    layout_version  INTEGER NOT NULL,                -- of a city's own layout; 0: the program's
    line_count      INTEGER NOT NULL CHECK (line_count >= 0),    -- lines that stand here, from the first on
    mark            INTEGER NOT NULL,                -- what these lines said when they were read: another reading has another
    touched_at_ms   INTEGER NOT NULL,
    is_over         INTEGER NOT NULL CHECK (is_over = 0 OR is_over = 1)    -- taken over or given up
) STRICT;
CREATE UNIQUE INDEX import_staging_of_file ON import_staging (municipality, sha256, layout, layout_version) WHERE is_over = 0;

-- As statement_line and bank_line, which check what they say.
CREATE TABLE staged_statement_line (
    staging         INTEGER NOT NULL REFERENCES import_staging (staging),
    line            INTEGER NOT NULL,
    kind            TEXT    NOT NULL,
    is_training     INTEGER NOT NULL,
    brand           TEXT    NOT NULL,
    merchant_reference TEXT NOT NULL,
    acquirer_reference TEXT NOT NULL,
    terminal        TEXT    NOT NULL,
    payout          TEXT    NOT NULL,
    accepted_at_ms  INTEGER,
    amount_yen      INTEGER NOT NULL,
    fee_yen         INTEGER NOT NULL,
    pay_date        TEXT    NOT NULL,
    slip            TEXT    NOT NULL,
    PRIMARY KEY (staging, line)
) STRICT, WITHOUT ROWID;
CREATE TABLE staged_bank_line (
    staging         INTEGER NOT NULL REFERENCES import_staging (staging),
    line            INTEGER NOT NULL,
    direction       TEXT    NOT NULL,
    booked_on       TEXT    NOT NULL,
    value_on        TEXT    NOT NULL,
    amount_yen      INTEGER NOT NULL,
    inquiry_number  TEXT    NOT NULL,
    transaction_code TEXT   NOT NULL,
    payer_code      TEXT    NOT NULL,
    payer_kana      TEXT    NOT NULL,
    sending_bank    TEXT    NOT NULL,
    sending_branch  TEXT    NOT NULL,
    summary         TEXT    NOT NULL,
    edi             TEXT    NOT NULL,
    account_bank    TEXT    NOT NULL,
    account_branch  TEXT    NOT NULL,
    account_kind    TEXT    NOT NULL,
    account_number  TEXT    NOT NULL,
    PRIMARY KEY (staging, line)
) STRICT, WITHOUT ROWID;
