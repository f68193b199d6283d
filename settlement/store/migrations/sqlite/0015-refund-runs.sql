-- How far a refund is that a till carries out through the network: '', 'running', 'unknown' or 'refused'. Derived from refund.started,
-- refund.unknown and refund.refused; finance must not carry out by hand what a till is carrying out.
ALTER TABLE refund ADD COLUMN run TEXT NOT NULL DEFAULT '' CHECK (run IN ('', 'running', 'unknown', 'refused'));
