-- Masters are published by an approver, and the tables say so themselves: two people were asked for, but not which.
CREATE TRIGGER masters_draft_needs_an_approver BEFORE UPDATE OF state ON masters_draft
WHEN NEW.state = 'published' AND OLD.state <> 'published'
BEGIN
    SELECT RAISE(ABORT, 'the second person must be an approver') WHERE NOT EXISTS (
        SELECT 1 FROM staff WHERE login = NEW.approved_by AND role = 'approver' AND is_active = 1
            AND municipality = NEW.municipality);
END;
-- '' is what the operator loaded on the command line, where no screen is.
CREATE TRIGGER masters_need_an_approver BEFORE INSERT ON masters WHEN NEW.approved_by <> ''
BEGIN
    SELECT RAISE(ABORT, 'the second person must be an approver') WHERE NEW.approved_by = NEW.proposed_by OR NOT EXISTS (
        SELECT 1 FROM staff WHERE login = NEW.approved_by AND role = 'approver' AND is_active = 1
            AND municipality = NEW.municipality);
END;
