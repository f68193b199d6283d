-- How many are open, kept beside the list: the morning page and the head of the work list cost the same with a hundred
-- open items and with a hundred thousand. One row for each class and day on which something is due. Who writes for a
-- municipality has its lock, so that nobody waits for a row here.
CREATE TABLE worklist_count (
    municipality    TEXT    NOT NULL,
    class           TEXT    NOT NULL,
    due_on          TEXT    NOT NULL,
    open_count      BIGINT  NOT NULL CHECK (open_count >= 0), -- those that wait for a second person among them
    awaiting_count  BIGINT  NOT NULL CHECK (awaiting_count >= 0),
    amount_yen      BIGINT  NOT NULL,
    PRIMARY KEY (municipality, class, due_on)
);
INSERT INTO worklist_count (municipality, class, due_on, open_count, awaiting_count, amount_yen)
    SELECT municipality, class, due_on, count(*), sum(CASE WHEN state = 'awaiting_second' THEN 1 ELSE 0 END),
        sum(amount_yen) FROM discrepancy WHERE state IN ('open', 'awaiting_second') GROUP BY municipality, class, due_on;

CREATE FUNCTION worklist_count_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.state IN ('open', 'awaiting_second') THEN
        UPDATE worklist_count SET open_count = open_count - 1,
            awaiting_count = awaiting_count - CASE WHEN OLD.state = 'awaiting_second' THEN 1 ELSE 0 END,
            amount_yen = amount_yen - OLD.amount_yen
            WHERE municipality = OLD.municipality AND class = OLD.class AND due_on = OLD.due_on;
    END IF;
    IF NEW.state IN ('open', 'awaiting_second') THEN
        INSERT INTO worklist_count AS w (municipality, class, due_on, open_count, awaiting_count, amount_yen)
            VALUES (NEW.municipality, NEW.class, NEW.due_on, 1, CASE WHEN NEW.state = 'awaiting_second' THEN 1 ELSE 0 END,
                NEW.amount_yen)
            ON CONFLICT (municipality, class, due_on) DO UPDATE SET open_count = w.open_count + 1,
                awaiting_count = w.awaiting_count + excluded.awaiting_count, amount_yen = w.amount_yen + excluded.amount_yen;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        DELETE FROM worklist_count WHERE municipality = OLD.municipality AND class = OLD.class AND due_on = OLD.due_on
            AND open_count = 0;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER worklist_count_of_new AFTER INSERT ON discrepancy
    FOR EACH ROW WHEN (NEW.state IN ('open', 'awaiting_second')) EXECUTE FUNCTION worklist_count_keep();
CREATE TRIGGER worklist_count_of_changed AFTER UPDATE OF municipality, class, state, due_on, amount_yen ON discrepancy
    FOR EACH ROW WHEN (NEW.state <> OLD.state OR NEW.due_on <> OLD.due_on OR NEW.amount_yen <> OLD.amount_yen
        OR NEW.class <> OLD.class OR NEW.municipality <> OLD.municipality) EXECUTE FUNCTION worklist_count_keep();
-- The sums that this index was for come from the table above.
DROP INDEX discrepancy_open_sums;
