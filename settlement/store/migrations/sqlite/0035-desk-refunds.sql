-- Refunds of the finance desk: their journal is one of its own (terminal DESK-…), and what goes back by 口座振込 goes in a file of the bank's.

-- A till's request that the desk carries out under a refund of its own, from then on the one that counts.
ALTER TABLE refund ADD COLUMN takes_over TEXT NOT NULL DEFAULT '';
CREATE INDEX refund_taken_over ON refund (takes_over) WHERE takes_over <> '';

-- Where the money of a 口座振込 goes. Personal data: it stands here alone, in no journal, and may be wiped when it is not needed any more.
CREATE TABLE refund_payee (
    municipality    TEXT    NOT NULL,
    refund          TEXT    NOT NULL,
    bank            TEXT    NOT NULL,                -- 統一金融機関番号, 4 digits
    branch          TEXT    NOT NULL,                -- 3 digits
    account_kind    TEXT    NOT NULL CHECK (account_kind IN ('1', '2', '4')),       -- 普通, 当座, 貯蓄
    account_number  TEXT    NOT NULL,                -- 7 digits
    holder_kana     TEXT    NOT NULL,                -- as the bank writes it: half-width, at most 30 characters
    entered_by      TEXT    NOT NULL,
    entered_at_ms   INTEGER NOT NULL,
    PRIMARY KEY (municipality, refund)
) STRICT, WITHOUT ROWID;

-- A 総合振込 file for the bank: made by one person, declared carried out, refund by refund, by another, or given up.
CREATE TABLE refund_transfer (
    transfer        INTEGER NOT NULL PRIMARY KEY,
    municipality    TEXT    NOT NULL,
    pay_on          TEXT    NOT NULL,                -- 振込指定日
    item_count      INTEGER NOT NULL CHECK (item_count > 0),
    amount_yen      INTEGER NOT NULL CHECK (amount_yen > 0),
    file_name       TEXT    NOT NULL,
    sha256          TEXT    NOT NULL,
    bytes           BLOB   NOT NULL,
    made_by         TEXT    NOT NULL CHECK (made_by <> ''),
    made_at_ms      INTEGER NOT NULL,
    state           TEXT    NOT NULL CHECK (state IN ('made', 'done', 'discarded')),
    decided_by      TEXT    NOT NULL,                -- ''
    decided_at_ms   INTEGER NOT NULL,
    decided_reason  TEXT    NOT NULL,                -- of discarded
    CHECK ((state = 'made') = (decided_by = '')),
    CHECK (state <> 'done' OR decided_by <> made_by)
) STRICT;
CREATE INDEX refund_transfer_by_city ON refund_transfer (municipality, transfer);
CREATE TABLE refund_transfer_item (
    transfer        INTEGER NOT NULL REFERENCES refund_transfer (transfer),
    number          INTEGER NOT NULL,                -- 1 … in the file
    municipality    TEXT    NOT NULL,
    refund          TEXT    NOT NULL,
    amount_yen      INTEGER NOT NULL CHECK (amount_yen > 0),
    state           TEXT    NOT NULL CHECK (state IN ('sent', 'paid', 'failed')),
    PRIMARY KEY (transfer, number)
) STRICT;
-- A refund is in one file that stands, whoever comes first.
CREATE UNIQUE INDEX refund_transfer_item_once ON refund_transfer_item (municipality, refund) WHERE state <> 'failed';

CREATE TRIGGER refund_transfer_is_not_changed BEFORE UPDATE ON refund_transfer WHEN OLD.state <> 'made'
    OR NEW.transfer <> OLD.transfer OR NEW.municipality <> OLD.municipality OR NEW.pay_on <> OLD.pay_on
    OR NEW.item_count <> OLD.item_count OR NEW.amount_yen <> OLD.amount_yen OR NEW.file_name <> OLD.file_name
    OR NEW.sha256 <> OLD.sha256 OR NEW.bytes <> OLD.bytes OR NEW.made_by <> OLD.made_by OR NEW.made_at_ms <> OLD.made_at_ms
BEGIN
    SELECT RAISE(ABORT, 'a transfer file is not changed; give it up');
END;
CREATE TRIGGER refund_transfer_is_not_deleted BEFORE DELETE ON refund_transfer
BEGIN
    SELECT RAISE(ABORT, 'a transfer file is not deleted');
END;
CREATE TRIGGER refund_transfer_item_is_not_changed BEFORE UPDATE ON refund_transfer_item WHEN OLD.state <> 'sent'
    OR NEW.transfer <> OLD.transfer OR NEW.number <> OLD.number OR NEW.municipality <> OLD.municipality
    OR NEW.refund <> OLD.refund OR NEW.amount_yen <> OLD.amount_yen
BEGIN
    SELECT RAISE(ABORT, 'a transfer is not changed once it is decided');
END;
CREATE TRIGGER refund_transfer_item_is_not_deleted BEFORE DELETE ON refund_transfer_item
BEGIN
    SELECT RAISE(ABORT, 'a transfer is not deleted');
END;
