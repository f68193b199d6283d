-- What is carried over between the payouts of a company (繰越), and one credit that pays several payouts.
-- `carry_yen`: + what a payout takes over, − what it leaves to a later one; `carried_to` that later one in the end, '' while there is
-- none. expected_yen has it in it, so that it adds up to zero over a chain that has its taker.
ALTER TABLE payout ADD COLUMN carry_yen INTEGER NOT NULL DEFAULT 0;
ALTER TABLE payout ADD COLUMN is_carried INTEGER NOT NULL DEFAULT 0;
ALTER TABLE payout ADD COLUMN carried_to TEXT NOT NULL DEFAULT '';
CREATE INDEX payout_carried ON payout (municipality, trustee, payable_on) WHERE is_carried = 1;

-- What a bank line pays of a payout: all portions of a line together are never more than it.
ALTER TABLE payout_credit RENAME TO payout_credit_whole;
CREATE TABLE payout_credit (
    import          INTEGER NOT NULL,
    line            INTEGER NOT NULL,
    municipality    TEXT    NOT NULL,
    trustee         TEXT    NOT NULL,
    payout          TEXT    NOT NULL,
    amount_yen      INTEGER NOT NULL,
    PRIMARY KEY (import, line, trustee, payout)
) STRICT, WITHOUT ROWID;
INSERT INTO payout_credit (import, line, municipality, trustee, payout, amount_yen)
    SELECT import, line, municipality, trustee, payout, amount_yen FROM payout_credit_whole;
DROP TABLE payout_credit_whole;
CREATE INDEX payout_credit_by_payout ON payout_credit (municipality, trustee, payout);
