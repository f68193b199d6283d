-- 年度締め: a fiscal year's 調定 are declared final, by two people; from then on no record of that year comes, changes or goes.

CREATE TABLE year_closing (
    closing         INTEGER NOT NULL PRIMARY KEY,
    municipality    TEXT    NOT NULL,
    fiscal_year     INTEGER NOT NULL,
    state           TEXT    NOT NULL CHECK (state IN ('proposed', 'closed', 'withdrawn')),
    assessed_count  INTEGER NOT NULL,                -- 調定 票, corrections included
    assessed_yen    INTEGER NOT NULL,                -- 減額 negative
    received_yen    INTEGER NOT NULL,                -- of it, come by the day of 出納閉鎖
    outstanding_yen INTEGER NOT NULL,                -- 収入未済, carried over to the next year
    record_sha256   TEXT    NOT NULL,                -- of every 調定 of the year, in the order of their numbers
    proposed_by     TEXT    NOT NULL,
    proposed_at_ms  INTEGER NOT NULL,
    reason          TEXT    NOT NULL,
    decided_by      TEXT    NOT NULL,                -- '' while it is proposed
    decided_at_ms   INTEGER NOT NULL,
    decided_reason  TEXT    NOT NULL,
    CHECK (received_yen + outstanding_yen = assessed_yen),
    CHECK (state <> 'closed' OR (decided_by <> '' AND decided_by <> proposed_by))
) STRICT;
CREATE UNIQUE INDEX year_closing_once ON year_closing (municipality, fiscal_year) WHERE state <> 'withdrawn';

CREATE TRIGGER year_closing_begins_proposed BEFORE INSERT ON year_closing WHEN NEW.state <> 'proposed'
BEGIN
    SELECT RAISE(ABORT, 'a closing is proposed first');
END;
CREATE TRIGGER year_closing_stays BEFORE UPDATE ON year_closing WHEN OLD.state <> 'proposed'
    OR NEW.closing <> OLD.closing OR NEW.municipality <> OLD.municipality OR NEW.fiscal_year <> OLD.fiscal_year
    OR NEW.assessed_count <> OLD.assessed_count OR NEW.assessed_yen <> OLD.assessed_yen
    OR NEW.received_yen <> OLD.received_yen OR NEW.outstanding_yen <> OLD.outstanding_yen
    OR NEW.record_sha256 <> OLD.record_sha256 OR NEW.proposed_by <> OLD.proposed_by
    OR NEW.proposed_at_ms <> OLD.proposed_at_ms OR NEW.reason <> OLD.reason
BEGIN
    SELECT RAISE(ABORT, 'what was proposed or decided about a closing is not changed');
END;
CREATE TRIGGER year_closing_is_not_deleted BEFORE DELETE ON year_closing
BEGIN
    SELECT RAISE(ABORT, 'a closing is not deleted');
END;
CREATE TRIGGER year_closing_needs_an_approver BEFORE UPDATE OF state ON year_closing WHEN NEW.state = 'closed'
BEGIN
    SELECT RAISE(ABORT, 'the second person must be an approver') WHERE NOT EXISTS (
        SELECT 1 FROM staff WHERE login = NEW.decided_by AND role = 'approver' AND is_active = 1 AND municipality = NEW.municipality);
    SELECT RAISE(ABORT, 'not every assessment of the year is exported') WHERE EXISTS (
        SELECT 1 FROM assessment WHERE municipality = NEW.municipality AND fiscal_year = NEW.fiscal_year AND state <> 'exported');
END;
CREATE TRIGGER assessment_of_a_closed_year_is_not_added BEFORE INSERT ON assessment
    WHEN EXISTS (SELECT 1 FROM year_closing WHERE municipality = NEW.municipality AND fiscal_year = NEW.fiscal_year AND state = 'closed')
BEGIN
    SELECT RAISE(ABORT, 'the fiscal year is closed');
END;
CREATE TRIGGER assessment_of_a_closed_year_is_not_changed BEFORE UPDATE ON assessment
    WHEN EXISTS (SELECT 1 FROM year_closing WHERE municipality = OLD.municipality AND fiscal_year = OLD.fiscal_year AND state = 'closed')
BEGIN
    SELECT RAISE(ABORT, 'the fiscal year is closed');
END;
CREATE TRIGGER assessment_of_a_closed_year_is_not_deleted BEFORE DELETE ON assessment
    WHEN EXISTS (SELECT 1 FROM year_closing WHERE municipality = OLD.municipality AND fiscal_year = OLD.fiscal_year AND state = 'closed')
BEGIN
    SELECT RAISE(ABORT, 'the fiscal year is closed');
END;
