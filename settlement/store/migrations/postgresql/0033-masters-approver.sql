-- Masters are published by an approver, and the tables say so themselves: two people were asked for, but not which.
CREATE FUNCTION masters_draft_needs_an_approver() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM staff WHERE login = NEW.approved_by AND role = 'approver' AND is_active = 1
            AND municipality = NEW.municipality)
    THEN
        RAISE EXCEPTION 'the second person must be an approver';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER masters_draft_needs_an_approver BEFORE UPDATE OF state ON masters_draft
    FOR EACH ROW WHEN (NEW.state = 'published' AND OLD.state <> 'published') EXECUTE FUNCTION masters_draft_needs_an_approver();
-- '' is what the operator loaded on the command line, where no screen is.
CREATE FUNCTION masters_need_an_approver() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.approved_by = NEW.proposed_by OR NOT EXISTS (
        SELECT 1 FROM staff WHERE login = NEW.approved_by AND role = 'approver' AND is_active = 1
            AND municipality = NEW.municipality)
    THEN
        RAISE EXCEPTION 'the second person must be an approver';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER masters_need_an_approver BEFORE INSERT ON masters
    FOR EACH ROW WHEN (NEW.approved_by <> '') EXECUTE FUNCTION masters_need_an_approver();
