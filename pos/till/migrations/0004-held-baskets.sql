-- Baskets that were put aside. Folds of basket.held, basket.recalled, basket.discarded.

CREATE TABLE held_basket (
    hold          TEXT PRIMARY KEY,
    sequence      INTEGER NOT NULL UNIQUE REFERENCES journal_line (sequence), -- its basket.held: lines and prices
    sale          TEXT NOT NULL,      -- the basket's id
    business_date TEXT NOT NULL,      -- a held basket belongs to its day
    at_ms         INTEGER NOT NULL,
    clerk         TEXT NOT NULL,
    label         TEXT,
    title         TEXT NOT NULL,      -- of the first line
    item_count    INTEGER NOT NULL,
    total_yen     INTEGER NOT NULL,
    state         TEXT NOT NULL CHECK (state IN ('held', 'recalled', 'held_again', 'discarded'))
);
CREATE INDEX held_basket_waiting ON held_basket (sequence) WHERE state IN ('held', 'recalled');

-- Cash that a sale brought into the drawer: all of a cash sale, the cash part of a mixed payment.
ALTER TABLE sale ADD COLUMN cash_yen INTEGER NOT NULL DEFAULT 0;
UPDATE sale SET cash_yen = total_yen WHERE method = 'cash';
