-- Files from payment companies and banks: the bytes as they came, and what they say. Nothing here is derived from anything
-- else of ours; a lost row is a lost fact.

CREATE TABLE import (
    import          INTEGER NOT NULL PRIMARY KEY,
    municipality    TEXT    NOT NULL,
    layout          TEXT    NOT NULL,
    kind            TEXT    NOT NULL CHECK (kind IN ('statement', 'bank')),
    trustee         TEXT    NOT NULL,                -- whose statement it is, by the masters; '' for a bank or unknown
    file_name       TEXT    NOT NULL,
    sha256          BLOB    NOT NULL CHECK (length(sha256) = 32),
    imported_at_ms  INTEGER NOT NULL,
    imported_by     TEXT    NOT NULL,
    line_count      INTEGER NOT NULL,
    fee_line_count  INTEGER NOT NULL,                -- of these, lines that belong to no payment
    amount_yen      INTEGER NOT NULL,                -- 取消 and 返金 negative; of a bank what came in less what went out
    fee_yen         INTEGER NOT NULL,
    first_on        TEXT    NOT NULL,                -- days of its lines; '' without any
    last_on         TEXT    NOT NULL,
    byte_count      INTEGER NOT NULL,
    bytes           BLOB    NOT NULL,
    UNIQUE (municipality, sha256)
) STRICT;
CREATE INDEX import_by_municipality ON import (municipality, import);
CREATE TRIGGER import_is_not_changed BEFORE UPDATE ON import
BEGIN
    SELECT RAISE(ABORT, 'an imported file is not changed');
END;
CREATE TRIGGER import_is_not_deleted BEFORE DELETE ON import
BEGIN
    SELECT RAISE(ABORT, 'an imported file is not deleted');
END;

-- One line of a payment company's statement. Found through `matched` and the open lists of matching, so that taking in a
-- large file writes one tree only.
CREATE TABLE statement_line (
    import          INTEGER NOT NULL REFERENCES import (import),
    line            INTEGER NOT NULL,                -- physical line in the file, from 1
    -- Not IN (…): SQLite builds a table for more than two values, anew for every row.
    kind            TEXT    NOT NULL
        CHECK (kind = 'sale' OR kind = 'reversal' OR kind = 'refund' OR kind = 'fee'),
    is_training     INTEGER NOT NULL,
    brand           TEXT    NOT NULL,
    merchant_reference TEXT NOT NULL,                -- the till's payment id; '' when the company has lost it
    acquirer_reference TEXT NOT NULL,
    terminal        TEXT    NOT NULL,
    payout          TEXT    NOT NULL,
    accepted_at_ms  INTEGER,
    amount_yen      INTEGER NOT NULL,
    fee_yen         INTEGER NOT NULL,
    pay_date        TEXT    NOT NULL,
    PRIMARY KEY (import, line)
) STRICT, WITHOUT ROWID;

-- One line of a bank's record.
CREATE TABLE bank_line (
    import          INTEGER NOT NULL REFERENCES import (import),
    line            INTEGER NOT NULL,
    direction       TEXT    NOT NULL CHECK (direction IN ('in', 'out')),
    booked_on       TEXT    NOT NULL,                -- 勘定日
    value_on        TEXT    NOT NULL,                -- 起算日
    amount_yen      INTEGER NOT NULL CHECK (amount_yen >= 0),
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
    PRIMARY KEY (import, line)
) STRICT, WITHOUT ROWID;

-- What statements announce as one deposit: sums of lines, by import.
CREATE TABLE payout_part (
    municipality    TEXT    NOT NULL,
    trustee         TEXT    NOT NULL,
    payout          TEXT    NOT NULL,
    import          INTEGER NOT NULL REFERENCES import (import),
    due_on          TEXT    NOT NULL,                -- latest 入金予定日 of its lines; '' when the layout has none
    first_on        TEXT    NOT NULL,                -- earliest day of a payment in it; '' when unknown
    line_count      INTEGER NOT NULL,
    amount_yen      INTEGER NOT NULL,
    fee_yen         INTEGER NOT NULL,
    PRIMARY KEY (municipality, trustee, payout, import)
) STRICT, WITHOUT ROWID;
