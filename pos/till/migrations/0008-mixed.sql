-- The cash beside a cashless payment: in the clerk's hand until the rest is known.
ALTER TABLE payment ADD COLUMN cash_yen INTEGER NOT NULL DEFAULT 0;
