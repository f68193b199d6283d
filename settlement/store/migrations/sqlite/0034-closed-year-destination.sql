-- A 調定 of an open year is not moved into a closed one, either: the trigger of 0032 looked only at the year it came from.
CREATE TRIGGER assessment_is_not_moved_into_a_closed_year BEFORE UPDATE ON assessment
    WHEN EXISTS (SELECT 1 FROM year_closing WHERE municipality = NEW.municipality AND fiscal_year = NEW.fiscal_year AND state = 'closed')
BEGIN
    SELECT RAISE(ABORT, 'the fiscal year is closed');
END;
