-- What a city's finance system is given in its own form, and what it answers.

-- A layout of such a file, as a version that one person proposes and a second puts to use. The newest that is done decides.
CREATE TABLE finance_layout (
    finance_layout  INTEGER NOT NULL PRIMARY KEY,
    municipality    TEXT    NOT NULL,
    layout          TEXT    NOT NULL,                -- its name
    version         INTEGER NOT NULL,
    descriptor      TEXT    NOT NULL,                -- JSON, as it came
    state           TEXT    NOT NULL CHECK (state IN ('proposed', 'done', 'refused')),
    proposed_by     TEXT    NOT NULL,
    proposed_at_ms  INTEGER NOT NULL,
    reason          TEXT    NOT NULL,
    decided_by      TEXT    NOT NULL,                -- the second person; '' while there is none
    decided_at_ms   INTEGER NOT NULL,
    decided_reason  TEXT    NOT NULL,
    UNIQUE (municipality, layout, version),
    CHECK (decided_by = '' OR state = 'refused' OR decided_by <> proposed_by),
    CHECK (state <> 'done' OR decided_by <> '')
) STRICT;
CREATE UNIQUE INDEX finance_layout_waiting ON finance_layout (municipality, layout) WHERE state = 'proposed';

-- A file in such a form, of one export: its bytes, for ever.
CREATE TABLE finance_file (
    finance_file    INTEGER NOT NULL PRIMARY KEY,
    municipality    TEXT    NOT NULL,
    assessment_export INTEGER NOT NULL REFERENCES assessment_export (export),
    finance_layout  INTEGER NOT NULL REFERENCES finance_layout (finance_layout),
    after_answer    INTEGER NOT NULL,                -- only what was refused up to this answer; 0: the whole export
    made_at_ms      INTEGER NOT NULL,
    made_by         TEXT    NOT NULL,
    file_name       TEXT    NOT NULL,
    sha256          TEXT    NOT NULL,
    record_count    INTEGER NOT NULL,
    assessment_count INTEGER NOT NULL,
    amount_yen      INTEGER NOT NULL,                -- 減額 negative
    substituted     INTEGER NOT NULL,                -- characters that became 〓
    bytes           BLOB    NOT NULL,
    UNIQUE (assessment_export, finance_layout, after_answer)
) STRICT;
CREATE TABLE finance_file_part (
    finance_file    INTEGER NOT NULL REFERENCES finance_file (finance_file),
    assessment      INTEGER NOT NULL REFERENCES assessment (assessment),
    PRIMARY KEY (finance_file, assessment)
) STRICT;
CREATE INDEX finance_file_part_by_assessment ON finance_file_part (assessment);

-- What the system answered to a file.
CREATE TABLE finance_answer (
    finance_answer  INTEGER NOT NULL PRIMARY KEY,
    municipality    TEXT    NOT NULL,
    finance_file    INTEGER NOT NULL REFERENCES finance_file (finance_file),
    file_name       TEXT    NOT NULL,
    sha256          TEXT    NOT NULL,
    accepted_count  INTEGER NOT NULL,
    refused_count   INTEGER NOT NULL,
    taken_at_ms     INTEGER NOT NULL,
    taken_by        TEXT    NOT NULL,
    bytes           BLOB    NOT NULL,
    UNIQUE (finance_file, sha256)
) STRICT;
CREATE TABLE finance_answer_line (
    finance_answer  INTEGER NOT NULL REFERENCES finance_answer (finance_answer),
    assessment      INTEGER NOT NULL REFERENCES assessment (assessment),
    is_accepted     INTEGER NOT NULL CHECK (is_accepted = 0 OR is_accepted = 1),
    result          TEXT    NOT NULL,                -- as they wrote it
    reason          TEXT    NOT NULL,
    PRIMARY KEY (finance_answer, assessment)
) STRICT;
CREATE INDEX finance_answer_line_by_assessment ON finance_answer_line (assessment, finance_answer);

CREATE TRIGGER finance_file_is_not_updated BEFORE UPDATE ON finance_file
BEGIN
    SELECT RAISE(ABORT, 'a file for the finance system is not changed');
END;
CREATE TRIGGER finance_file_is_not_deleted BEFORE DELETE ON finance_file
BEGIN
    SELECT RAISE(ABORT, 'a file for the finance system is not deleted');
END;
CREATE TRIGGER finance_file_part_is_not_updated BEFORE UPDATE ON finance_file_part
BEGIN
    SELECT RAISE(ABORT, 'what a file for the finance system holds is not changed');
END;
CREATE TRIGGER finance_file_part_is_not_deleted BEFORE DELETE ON finance_file_part
BEGIN
    SELECT RAISE(ABORT, 'what a file for the finance system holds is not deleted');
END;
CREATE TRIGGER finance_answer_is_not_updated BEFORE UPDATE ON finance_answer
BEGIN
    SELECT RAISE(ABORT, 'an answer of the finance system is not changed');
END;
CREATE TRIGGER finance_answer_is_not_deleted BEFORE DELETE ON finance_answer
BEGIN
    SELECT RAISE(ABORT, 'an answer of the finance system is not deleted');
END;
CREATE TRIGGER finance_answer_line_is_not_updated BEFORE UPDATE ON finance_answer_line
BEGIN
    SELECT RAISE(ABORT, 'an answer of the finance system is not changed');
END;
CREATE TRIGGER finance_answer_line_is_not_deleted BEFORE DELETE ON finance_answer_line
BEGIN
    SELECT RAISE(ABORT, 'an answer of the finance system is not deleted');
END;
CREATE TRIGGER finance_layout_is_not_deleted BEFORE DELETE ON finance_layout
BEGIN
    SELECT RAISE(ABORT, 'a layout for the finance system is not deleted');
END;
CREATE TRIGGER finance_layout_stays BEFORE UPDATE ON finance_layout WHEN NEW.finance_layout <> OLD.finance_layout OR NEW.municipality <> OLD.municipality OR NEW.layout <> OLD.layout
    OR NEW.version <> OLD.version OR NEW.descriptor <> OLD.descriptor OR NEW.proposed_by <> OLD.proposed_by OR NEW.reason <> OLD.reason
    OR NEW.proposed_at_ms <> OLD.proposed_at_ms OR OLD.state <> 'proposed'
BEGIN
    SELECT RAISE(ABORT, 'what was proposed or decided about a layout for the finance system is not changed');
END;
CREATE TRIGGER finance_layout_needs_an_approver BEFORE UPDATE OF state ON finance_layout WHEN NEW.state = 'done'
BEGIN
    SELECT RAISE(ABORT, 'the second person must be an approver') WHERE NOT EXISTS (
        SELECT 1 FROM staff WHERE login = NEW.decided_by AND role = 'approver' AND is_active = 1
            AND municipality = NEW.municipality);
END;
CREATE TRIGGER finance_layout_begins_proposed BEFORE INSERT ON finance_layout WHEN NEW.state <> 'proposed'
BEGIN
    SELECT RAISE(ABORT, 'a layout for the finance system is proposed first');
END;
