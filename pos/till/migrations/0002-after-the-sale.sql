-- Money that goes back after the business day of the sale. Folds of refund.requested, refund.paid, refund.withdrawn.

CREATE TABLE refund (
    refund         TEXT PRIMARY KEY,
    sequence       INTEGER NOT NULL UNIQUE REFERENCES journal_line (sequence), -- its refund.requested
    sale           TEXT NOT NULL REFERENCES sale (sale),
    business_date  TEXT NOT NULL,     -- of the request
    amount_yen     INTEGER NOT NULL CHECK (amount_yen > 0),
    means          TEXT NOT NULL CHECK (means IN ('cash', 'gateway', 'bank_transfer')),
    reason         TEXT NOT NULL,
    clerk          TEXT NOT NULL,
    requested_ms   INTEGER NOT NULL,
    state          TEXT NOT NULL CHECK (state IN ('requested', 'paid', 'withdrawn')),
    ended_sequence INTEGER            -- its refund.paid or refund.withdrawn
);
CREATE INDEX refund_sale ON refund (sale);
CREATE INDEX refund_open ON refund (means) WHERE state = 'requested';
CREATE INDEX refund_paid ON refund (ended_sequence) WHERE state = 'paid';

-- Which lines of the sale (from 1), and how much of each.
CREATE TABLE refund_line (
    refund     TEXT NOT NULL REFERENCES refund (refund),
    line       INTEGER NOT NULL CHECK (line > 0),
    amount_yen INTEGER NOT NULL CHECK (amount_yen > 0),
    PRIMARY KEY (refund, line)
) WITHOUT ROWID;

-- Finding a sale among a month of them: what the citizen knows of it, newest first. Business dates never go back while
-- sequences grow, so a range of days is a range of sequences.
CREATE INDEX sale_total ON sale (total_yen, sequence);
CREATE INDEX sale_serial ON sale (serial, sequence);
CREATE INDEX sale_brand ON sale (method, brand, sequence);
CREATE INDEX sale_undone ON sale (state, sequence) WHERE state <> 'sold';
