-- Refunds that this till carries out itself through the network that took the payment: folds of refund.started, refund.unknown,
-- refund.refused, and the refund.paid that ends one. A request has at most one; what the network refused is finance's.
CREATE TABLE refund_run (
    refund      TEXT PRIMARY KEY REFERENCES refund (refund),
    sequence    INTEGER NOT NULL UNIQUE REFERENCES journal_line (sequence), -- its refund.started
    sale        TEXT NOT NULL,
    payment     TEXT NOT NULL,
    amount_yen  INTEGER NOT NULL CHECK (amount_yen > 0),
    clerk       TEXT NOT NULL,
    approved_by TEXT NOT NULL,
    started_ms  INTEGER NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('started', 'unknown', 'paid', 'refused')),
    cause       TEXT                  -- of an unknown or refused one
);
-- One at a time of a sale: two could each be within what is left at the network, and both beyond it.
CREATE UNIQUE INDEX refund_run_open ON refund_run (sale) WHERE state IN ('started', 'unknown');
