-- Which lines of a sale a refund gives back, what became of payments that counted as a sale while they were in doubt, and why a
-- drawer was opened without a sale. Derived from journal_run, like all of 0008.

CREATE TABLE refund_line (
    terminal        TEXT    NOT NULL,
    requested_sequence BIGINT  NOT NULL,
    line            BIGINT  NOT NULL,                -- of the sale, from 1
    amount_yen      BIGINT  NOT NULL CHECK (amount_yen > 0),
    PRIMARY KEY (terminal, requested_sequence, line)
);

ALTER TABLE payment ADD COLUMN rule TEXT NOT NULL DEFAULT '';               -- what the brand makes of 処理未了; '' when it never was
ALTER TABLE payment ADD COLUMN proved TEXT NOT NULL DEFAULT '';             -- charged, not_charged: how a sale in doubt turned out; ''
ALTER TABLE payment ADD COLUMN proved_sequence BIGINT  NOT NULL DEFAULT 0;  -- of payment.proved; 0: not yet
CREATE INDEX payment_disproved ON payment (municipality) WHERE proved = 'not_charged';

ALTER TABLE drawer_opening ADD COLUMN note TEXT NOT NULL DEFAULT '';        -- of no_sale
