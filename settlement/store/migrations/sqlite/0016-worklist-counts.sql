-- How many are open, kept beside the list: the morning page and the head of the work list cost the same with a hundred
-- open items and with a hundred thousand. One row for each class and day on which something is due.
CREATE TABLE worklist_count (
    municipality    TEXT    NOT NULL,
    class           TEXT    NOT NULL,
    due_on          TEXT    NOT NULL,
    open_count      INTEGER NOT NULL CHECK (open_count >= 0), -- those that wait for a second person among them
    awaiting_count  INTEGER NOT NULL CHECK (awaiting_count >= 0),
    amount_yen      INTEGER NOT NULL,
    PRIMARY KEY (municipality, class, due_on)
) STRICT, WITHOUT ROWID;
INSERT INTO worklist_count (municipality, class, due_on, open_count, awaiting_count, amount_yen)
    SELECT municipality, class, due_on, count(*), sum(state = 'awaiting_second'), sum(amount_yen) FROM discrepancy
    WHERE state IN ('open', 'awaiting_second') GROUP BY municipality, class, due_on;

CREATE TRIGGER worklist_count_of_new AFTER INSERT ON discrepancy WHEN NEW.state IN ('open', 'awaiting_second')
BEGIN
    INSERT INTO worklist_count (municipality, class, due_on, open_count, awaiting_count, amount_yen)
        VALUES (NEW.municipality, NEW.class, NEW.due_on, 1, NEW.state = 'awaiting_second', NEW.amount_yen)
        ON CONFLICT (municipality, class, due_on) DO UPDATE SET open_count = open_count + 1,
            awaiting_count = awaiting_count + excluded.awaiting_count, amount_yen = amount_yen + excluded.amount_yen;
END;
CREATE TRIGGER worklist_count_of_changed AFTER UPDATE OF municipality, class, state, due_on, amount_yen ON discrepancy
WHEN NEW.state <> OLD.state OR NEW.due_on <> OLD.due_on OR NEW.amount_yen <> OLD.amount_yen OR NEW.class <> OLD.class
    OR NEW.municipality <> OLD.municipality
BEGIN
    UPDATE worklist_count SET open_count = open_count - 1,
        awaiting_count = awaiting_count - (OLD.state = 'awaiting_second'), amount_yen = amount_yen - OLD.amount_yen
        WHERE OLD.state IN ('open', 'awaiting_second') AND municipality = OLD.municipality AND class = OLD.class
        AND due_on = OLD.due_on;
    INSERT INTO worklist_count (municipality, class, due_on, open_count, awaiting_count, amount_yen)
        SELECT NEW.municipality, NEW.class, NEW.due_on, 1, NEW.state = 'awaiting_second', NEW.amount_yen
        WHERE NEW.state IN ('open', 'awaiting_second')
        ON CONFLICT (municipality, class, due_on) DO UPDATE SET open_count = open_count + 1,
            awaiting_count = awaiting_count + excluded.awaiting_count, amount_yen = amount_yen + excluded.amount_yen;
    DELETE FROM worklist_count WHERE municipality = OLD.municipality AND class = OLD.class AND due_on = OLD.due_on
        AND open_count = 0;
END;
-- The sums that this index was for come from the table above.
DROP INDEX discrepancy_open_sums;

-- What a search looks into, in pieces of three characters: the rows that may have what is searched for, without looking at
-- each. It keeps no text of its own; a piece stands for every row, open or not. The program writes it, because triggers are
-- not trusted with such tables. PostgreSQL looks at each open row instead: no index of its serves LIKE behind the fence
-- between municipalities.
CREATE VIRTUAL TABLE worklist_text USING fts5 (searched, content = '', tokenize = 'trigram', detail = none);
INSERT INTO worklist_text (rowid, searched) SELECT discrepancy, receipt_number || ' ' || payment || ' ' || payout || ' ' || terminal
    || ' ' || amount_yen || ' ' || summary FROM discrepancy;
