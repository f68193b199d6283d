-- 収納: the pairs that no reference leads to, by their line (store/collection_store.c).
CREATE INDEX matched_without_reference ON matched (import, line) WHERE matched_by = 'decision' OR matched_by = 'slip';
CREATE INDEX assessment_by_account ON assessment (municipality, fiscal_year, account, section, route);
