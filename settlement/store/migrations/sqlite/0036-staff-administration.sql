-- Staff are administered on a page: a password that somebody else chose is changed at the next sign-in, and the tables
-- keep what the page promises.
ALTER TABLE staff ADD COLUMN must_change_password INTEGER NOT NULL DEFAULT 0 CHECK (must_change_password IN (0, 1));

CREATE TRIGGER staff_is_not_deleted BEFORE DELETE ON staff
BEGIN
    SELECT RAISE(ABORT, 'nobody is deleted: the records name people by login');
END;
CREATE TRIGGER staff_login_stays BEFORE UPDATE ON staff WHEN NEW.login <> OLD.login OR NEW.municipality <> OLD.municipality
    OR NEW.staff <> OLD.staff OR NEW.created_at_ms <> OLD.created_at_ms OR NEW.created_by <> OLD.created_by
BEGIN
    SELECT RAISE(ABORT, 'the records name people by login');
END;
-- Two administrators who take each other away at once wait for each other: the program locks their rows first.
CREATE TRIGGER staff_keeps_an_administrator BEFORE UPDATE ON staff WHEN OLD.role = 'administrator' AND OLD.is_active = 1
    AND (NEW.role <> 'administrator' OR NEW.is_active = 0)
BEGIN
    SELECT RAISE(ABORT, 'the last administrator stays') WHERE NOT EXISTS (
        SELECT 1 FROM staff WHERE municipality = OLD.municipality AND role = 'administrator' AND is_active = 1
            AND staff <> OLD.staff);
END;
