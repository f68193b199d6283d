-- An approver may be given 所属: then only 調定 of these are theirs to approve, on whatever way the approval comes. An
-- approver without rows approves all.
CREATE TABLE staff_scope (
    municipality    TEXT    NOT NULL,
    login           TEXT    NOT NULL REFERENCES staff (login),
    kind            TEXT    NOT NULL CHECK (kind = 'section'),
    code            TEXT    NOT NULL CHECK (code <> ''),
    PRIMARY KEY (municipality, login, kind, code)
);

CREATE FUNCTION assessment_is_approved_in_its_section() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM staff_scope WHERE municipality = NEW.municipality AND login = NEW.approved_by AND kind = 'section')
    AND NOT EXISTS (
        SELECT 1 FROM staff_scope WHERE municipality = NEW.municipality AND login = NEW.approved_by AND kind = 'section'
            AND code = NEW.section)
    THEN
        RAISE EXCEPTION 'the approver approves for other sections';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER assessment_is_approved_in_its_section BEFORE UPDATE ON assessment
    FOR EACH ROW WHEN (NEW.state = 'approved' AND OLD.state <> 'approved')
    EXECUTE FUNCTION assessment_is_approved_in_its_section();
