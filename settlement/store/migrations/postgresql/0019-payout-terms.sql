-- What is to come of a payout, and when, by the terms: written by each run for those that are open. Statements alone tell
-- neither: fees may be deducted (差引払い), and many name no pay day.
ALTER TABLE payout ADD COLUMN expected_yen BIGINT NOT NULL DEFAULT 0;
ALTER TABLE payout ADD COLUMN payable_on TEXT NOT NULL DEFAULT '';
UPDATE payout SET expected_yen = amount_yen, payable_on = due_on;
DROP INDEX payout_open;
CREATE INDEX payout_open ON payout (municipality, due_on) WHERE credited_yen <> expected_yen;
CREATE INDEX payout_by_pay_day ON payout (municipality, payable_on, trustee, payout);
