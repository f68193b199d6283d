-- What is carried over between the payouts of a company (繰越), and one credit that pays several payouts.
-- `carry_yen`: + what a payout takes over, − what it leaves to a later one; `carried_to` that later one in the end, '' while there is
-- none. expected_yen has it in it, so that it adds up to zero over a chain that has its taker.
ALTER TABLE payout ADD COLUMN carry_yen BIGINT NOT NULL DEFAULT 0;
ALTER TABLE payout ADD COLUMN is_carried BIGINT NOT NULL DEFAULT 0;
ALTER TABLE payout ADD COLUMN carried_to TEXT NOT NULL DEFAULT '';
CREATE INDEX payout_carried ON payout (municipality, trustee, payable_on) WHERE is_carried = 1;

-- What a bank line pays of a payout: all portions of a line together are never more than it.
ALTER TABLE payout_credit DROP CONSTRAINT payout_credit_pkey;
ALTER TABLE payout_credit ADD PRIMARY KEY (import, line, trustee, payout);
