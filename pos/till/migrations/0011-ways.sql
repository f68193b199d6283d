-- By which adapter a payment was sent (NULL: there was but one), so that nobody else is asked about it after a restart or a change of
-- the settings. A presented payment is one where the citizen scans our code; code_id is what the network calls that code.
ALTER TABLE payment ADD COLUMN adapter TEXT;
ALTER TABLE payment ADD COLUMN is_presented INTEGER NOT NULL DEFAULT 0 CHECK (is_presented IN (0, 1));
ALTER TABLE payment ADD COLUMN code_id TEXT;
