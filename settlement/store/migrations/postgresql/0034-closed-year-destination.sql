-- A 調定 of an open year is not moved into a closed one, either: the trigger of 0032 looked only at the year it came from.
CREATE TRIGGER assessment_is_not_moved_into_a_closed_year BEFORE UPDATE ON assessment
    FOR EACH ROW EXECUTE FUNCTION assessment_of_a_closed_year_is_not_added();
