-- The work list of a prefecture: 100,000 items may be open at once. Its sums and its order by amount come from indexes alone.
CREATE INDEX discrepancy_open_sums ON discrepancy (municipality, class, state, due_on, amount_yen)
    WHERE state IN ('open', 'awaiting_second');
CREATE INDEX discrepancy_open_by_amount ON discrepancy (municipality, (-abs(amount_yen)), discrepancy)
    WHERE state IN ('open', 'awaiting_second');
