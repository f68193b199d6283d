-- Staff are administered on a page: a password that somebody else chose is changed at the next sign-in, and the tables
-- keep what the page promises.
ALTER TABLE staff ADD COLUMN must_change_password BIGINT NOT NULL DEFAULT 0 CHECK (must_change_password IN (0, 1));

CREATE FUNCTION staff_is_not_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'nobody is deleted: the records name people by login';
END $$;
CREATE TRIGGER staff_is_not_deleted BEFORE DELETE ON staff FOR EACH ROW EXECUTE FUNCTION staff_is_not_deleted();
CREATE FUNCTION staff_login_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the records name people by login';
END $$;
CREATE TRIGGER staff_login_stays BEFORE UPDATE ON staff
    FOR EACH ROW WHEN (NEW.login <> OLD.login OR NEW.municipality <> OLD.municipality OR NEW.staff <> OLD.staff
        OR NEW.created_at_ms <> OLD.created_at_ms OR NEW.created_by <> OLD.created_by)
    EXECUTE FUNCTION staff_login_stays();
-- Two administrators who take each other away at once wait for each other: the program locks their rows first.
CREATE FUNCTION staff_keeps_an_administrator() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM staff WHERE municipality = OLD.municipality AND role = 'administrator' AND is_active = 1
            AND staff <> OLD.staff)
    THEN
        RAISE EXCEPTION 'the last administrator stays';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER staff_keeps_an_administrator BEFORE UPDATE ON staff
    FOR EACH ROW WHEN (OLD.role = 'administrator' AND OLD.is_active = 1
        AND (NEW.role <> 'administrator' OR NEW.is_active = 0))
    EXECUTE FUNCTION staff_keeps_an_administrator();
