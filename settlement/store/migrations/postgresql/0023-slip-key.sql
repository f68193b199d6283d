-- 伝票番号 of statements that keep no reference, and pairs that were found by it.
ALTER TABLE statement_line ADD COLUMN slip TEXT NOT NULL DEFAULT '';
ALTER TABLE matched DROP CONSTRAINT matched_matched_by_check;
ALTER TABLE matched ADD CONSTRAINT matched_matched_by_check
    CHECK (matched_by = 'reference' OR matched_by = 'acquirer_reference' OR matched_by = 'decision' OR matched_by = 'slip');
