-- 処理未了: the brand's rule, as payment.in_doubt recorded it, and, where it counted as a sale, what was proved later.

ALTER TABLE payment ADD COLUMN doubt_rule TEXT CHECK (doubt_rule IN ('touch_proves', 'touch_confirms', 'counts_as_sale',
                                                                   'run_again'));
ALTER TABLE payment ADD COLUMN doubt_end TEXT CHECK (doubt_end IN ('charged', 'not_charged'));

-- Sales that nobody has proved yet.
CREATE INDEX payment_doubtful ON payment (sequence)
    WHERE doubt_rule = 'counts_as_sale' AND doubt_end IS NULL AND state = 'approved';
