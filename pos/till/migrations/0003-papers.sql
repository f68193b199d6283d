-- Papers about anything: a sale, a payment, a business day, a line of the journal.

ALTER TABLE print_job RENAME COLUMN sale TO subject;
DROP INDEX print_job_sale;
CREATE INDEX print_job_subject ON print_job (subject);

-- What ought to come out of the printer, and how far it got: one row per paper, whatever the number of its jobs. A sale
-- that is voided has a void slip instead of a receipt.
CREATE TABLE paper (
    subject  TEXT NOT NULL,     -- the id of what the paper is about; of a line without an id, its sequence
    form     TEXT NOT NULL,
    sequence INTEGER NOT NULL,  -- of the line that asks for it
    at_ms    INTEGER NOT NULL,  -- of that line
    state    TEXT NOT NULL CHECK (state IN ('waiting', 'started', 'printed', 'not_printed', 'unknown')),
    PRIMARY KEY (subject, form)
) WITHOUT ROWID;
CREATE INDEX paper_open ON paper (sequence) WHERE state <> 'printed';

INSERT INTO paper (subject, form, sequence, at_ms, state)
    SELECT sale, 'receipt', sequence, at_ms,
           COALESCE((SELECT state FROM print_job WHERE subject = sale AND form = 'receipt' ORDER BY job DESC LIMIT 1), 'waiting')
    FROM sale WHERE state <> 'voided';
INSERT INTO paper (subject, form, sequence, at_ms, state)
    SELECT sale, 'void', void_sequence,
           (SELECT CAST(strftime('%s', json_extract(CAST(line AS TEXT), '$.at')) AS INTEGER) * 1000
                   + CAST(substr(json_extract(CAST(line AS TEXT), '$.at'), 21, 3) AS INTEGER)
            FROM journal_line WHERE journal_line.sequence = void_sequence),
           COALESCE((SELECT state FROM print_job WHERE subject = sale AND form = 'void' ORDER BY job DESC LIMIT 1), 'waiting')
    FROM sale WHERE state = 'voided';
