-- 調定: what the city decided is due. Drafts follow the ledger; what was approved is a fact, refused to every later change by
-- the triggers below, whoever asks.

-- One file pair handed to the finance system.
CREATE TABLE assessment_export (
    export          INTEGER NOT NULL PRIMARY KEY,
    municipality    TEXT    NOT NULL,
    fiscal_year     INTEGER NOT NULL,
    serial          INTEGER NOT NULL CHECK (serial >= 1),        -- within the fiscal year
    created_at_ms   INTEGER NOT NULL,
    created_by      TEXT    NOT NULL,
    count           INTEGER NOT NULL CHECK (count >= 1),
    amount_yen      INTEGER NOT NULL,                            -- 当初 and 増額 less 減額
    UNIQUE (municipality, fiscal_year, serial)
) STRICT;

CREATE TABLE assessment_export_file (
    export          INTEGER NOT NULL REFERENCES assessment_export (export),
    encoding        TEXT    NOT NULL CHECK (encoding IN ('utf8', 'cp932')),
    file_name       TEXT    NOT NULL,
    sha256          TEXT    NOT NULL CHECK (length(sha256) = 64),
    replaced        INTEGER NOT NULL,                            -- characters that CP932 lacks, written as 〓
    bytes           BLOB    NOT NULL,
    PRIMARY KEY (export, encoding)
) STRICT, WITHOUT ROWID;

-- One 調定票.
CREATE TABLE assessment (
    assessment      INTEGER NOT NULL PRIMARY KEY,
    municipality    TEXT    NOT NULL,
    version         INTEGER NOT NULL CHECK (version >= 1),       -- grows with every change of a draft
    state           TEXT    NOT NULL CHECK (state IN ('draft', 'proposed', 'approved', 'exported')),
    fiscal_year     INTEGER NOT NULL,
    serial          INTEGER CHECK (serial >= 1),                 -- 調定番号, gapless per year; NULL until approved
    assessed_on     TEXT    NOT NULL,                            -- 調定年月日: the day of receipt
    drafted_on      TEXT    NOT NULL,                            -- 起票日
    kind            TEXT    NOT NULL CHECK (kind IN ('original', 'increase', 'decrease')),
    original        INTEGER REFERENCES assessment (assessment),  -- 元調定 of 増額 and 減額
    account         TEXT    NOT NULL,
    fund_code       TEXT    NOT NULL,                            -- names as the masters had them when it was drafted
    fund_name       TEXT    NOT NULL,
    kan_code        TEXT    NOT NULL,
    kan_name        TEXT    NOT NULL,
    kou_code        TEXT    NOT NULL,
    kou_name        TEXT    NOT NULL,
    moku_code       TEXT    NOT NULL,
    moku_name       TEXT    NOT NULL,
    setsu_code      TEXT    NOT NULL,
    setsu_name      TEXT    NOT NULL,
    saisetsu_code   TEXT    NOT NULL,
    saisetsu_name   TEXT    NOT NULL,
    section         TEXT    NOT NULL,
    section_name    TEXT    NOT NULL,
    route           TEXT    NOT NULL,                            -- 'cash' or a trustee's code
    route_name      TEXT    NOT NULL,
    tax             TEXT    NOT NULL CHECK (tax IN ('exempt', 'standard10')),
    count           INTEGER NOT NULL CHECK (count >= 1),
    zero_count      INTEGER NOT NULL CHECK (zero_count >= 0),
    sale_count      INTEGER NOT NULL CHECK (sale_count >= 1),
    amount_yen      INTEGER NOT NULL CHECK (amount_yen > 0),
    tax_yen         INTEGER NOT NULL CHECK (tax_yen BETWEEN 0 AND amount_yen),
    summary         TEXT    NOT NULL,                            -- 摘要
    content_sha256  BLOB    NOT NULL CHECK (length(content_sha256) = 32),  -- of what it was drafted from
    proposed_by     TEXT,
    proposed_at_ms  INTEGER,
    approved_by     TEXT,
    approved_at_ms  INTEGER,
    export          INTEGER REFERENCES assessment_export (export),
    CHECK ((kind = 'original') = (original IS NULL)),
    CHECK ((state = 'draft') = (proposed_by IS NULL)),
    CHECK ((proposed_by IS NULL) = (proposed_at_ms IS NULL)),
    CHECK ((state IN ('approved', 'exported')) = (serial IS NOT NULL)),
    CHECK ((serial IS NULL) = (approved_by IS NULL)),
    CHECK ((approved_by IS NULL) = (approved_at_ms IS NULL)),
    CHECK (approved_by IS NULL OR approved_by <> proposed_by),   -- two people
    CHECK ((state = 'exported') = (export IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX assessment_by_number ON assessment (municipality, fiscal_year, serial) WHERE serial IS NOT NULL;
CREATE UNIQUE INDEX assessment_one_original
    ON assessment (municipality, fiscal_year, assessed_on, account, section, route, tax) WHERE kind = 'original';
CREATE UNIQUE INDEX assessment_one_open_correction
    ON assessment (original, kind) WHERE kind <> 'original' AND state IN ('draft', 'proposed');
CREATE INDEX assessment_by_day ON assessment (municipality, assessed_on, assessment);
CREATE INDEX assessment_waiting ON assessment (municipality, state, assessment) WHERE state <> 'exported';
CREATE INDEX assessment_by_original ON assessment (original) WHERE original IS NOT NULL;
CREATE INDEX assessment_by_export ON assessment (export) WHERE export IS NOT NULL;

-- 集合調定内訳: one line per item and unit price.
CREATE TABLE assessment_line (
    assessment      INTEGER NOT NULL REFERENCES assessment (assessment),
    line            INTEGER NOT NULL CHECK (line >= 1),
    item            TEXT    NOT NULL,
    name            TEXT    NOT NULL,
    count           INTEGER NOT NULL,
    unit_price_yen  INTEGER NOT NULL,
    amount_yen      INTEGER NOT NULL CHECK (amount_yen > 0),
    tax_yen         INTEGER NOT NULL,
    PRIMARY KEY (assessment, line)
) STRICT, WITHOUT ROWID;

-- What every yen of it is: the line of a sale, named by the till's journal line.
CREATE TABLE assessment_source (
    assessment      INTEGER NOT NULL REFERENCES assessment (assessment),
    line            INTEGER NOT NULL,                            -- of assessment_line
    terminal        TEXT    NOT NULL,
    sequence        INTEGER NOT NULL,
    number          INTEGER NOT NULL,                            -- line of the sale
    sale            TEXT    NOT NULL,
    quantity        INTEGER NOT NULL,
    amount_yen      INTEGER NOT NULL CHECK (amount_yen > 0),
    tax_yen         INTEGER NOT NULL,
    PRIMARY KEY (assessment, line, terminal, sequence, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX assessment_source_by_sale ON assessment_source (terminal, sequence, number);

-- Money that is kept out of every 調定 although it was received, and why. Made anew with the day's drafts.
CREATE TABLE assessment_held (
    municipality    TEXT    NOT NULL,
    received_on     TEXT    NOT NULL,
    terminal        TEXT    NOT NULL,
    sequence        INTEGER NOT NULL,
    number          INTEGER NOT NULL,
    reason          TEXT    NOT NULL CHECK (reason IN ('no_account', 'no_trustee', 'closed_year_decrease')),
    amount_yen      INTEGER NOT NULL,
    PRIMARY KEY (municipality, received_on, terminal, sequence, number)
) STRICT, WITHOUT ROWID;

-- How far each till's lines were looked at, and the days that must be drafted (again).
CREATE TABLE assessment_progress (
    terminal        TEXT    NOT NULL PRIMARY KEY,
    sequence        INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE assessment_day (
    municipality    TEXT    NOT NULL,
    received_on     TEXT    NOT NULL,
    PRIMARY KEY (municipality, received_on)
) STRICT, WITHOUT ROWID;

-- A rebuild of the ledger can bring lines that were parked: everything is looked at again.
CREATE TRIGGER assessment_progress_restarts AFTER UPDATE OF arrival ON ledger_progress WHEN NEW.arrival < OLD.arrival
BEGIN
    DELETE FROM assessment_progress;
END;

CREATE TRIGGER assessment_begins_as_draft BEFORE INSERT ON assessment WHEN NEW.state <> 'draft'
BEGIN
    SELECT RAISE(ABORT, 'an assessment begins as a draft');
END;

-- Approval: by another person, an approver, with the next number, and only when the sums agree.
CREATE TRIGGER assessment_is_approved BEFORE UPDATE ON assessment
    WHEN NEW.state = 'approved' AND OLD.state <> 'approved'
BEGIN
    SELECT RAISE(ABORT, 'only what is proposed can be approved') WHERE OLD.state <> 'proposed';
    SELECT RAISE(ABORT, 'approval needs a second person') WHERE NEW.approved_by = OLD.proposed_by;
    SELECT RAISE(ABORT, 'the proposer is not changed by the approval') WHERE NEW.proposed_by IS NOT OLD.proposed_by;
    SELECT RAISE(ABORT, 'approval needs an approver') WHERE NOT EXISTS (
        SELECT 1 FROM staff WHERE login = NEW.approved_by AND role = 'approver' AND is_active = 1
            AND municipality = NEW.municipality);
    SELECT RAISE(ABORT, 'numbers are gapless') WHERE NEW.serial <> 1 + coalesce((
        SELECT max(serial) FROM assessment WHERE municipality = NEW.municipality AND fiscal_year = NEW.fiscal_year
            AND serial IS NOT NULL), 0);
    SELECT RAISE(ABORT, 'the breakdown does not add up') WHERE NEW.amount_yen <> coalesce((
        SELECT sum(amount_yen) FROM assessment_line WHERE assessment = NEW.assessment), 0);
    SELECT RAISE(ABORT, 'the sales do not add up') WHERE NEW.amount_yen <> coalesce((
        SELECT sum(amount_yen) FROM assessment_source WHERE assessment = NEW.assessment), 0);
END;

-- After it, nothing changes but that it was exported, once.
CREATE TRIGGER assessment_is_frozen BEFORE UPDATE ON assessment WHEN OLD.state IN ('approved', 'exported')
BEGIN
    SELECT RAISE(ABORT, 'an approved assessment is not changed; make a correction') WHERE
        OLD.state <> 'approved' OR NEW.state <> 'exported' OR
        (NEW.assessment, NEW.municipality, NEW.version, NEW.fiscal_year, NEW.serial, NEW.assessed_on, NEW.drafted_on,
         NEW.kind, NEW.account, NEW.section, NEW.section_name, NEW.route, NEW.route_name, NEW.tax, NEW.count,
         NEW.zero_count, NEW.sale_count, NEW.amount_yen, NEW.tax_yen, NEW.summary, NEW.content_sha256, NEW.proposed_by,
         NEW.proposed_at_ms, NEW.approved_by, NEW.approved_at_ms)
        IS NOT
        (OLD.assessment, OLD.municipality, OLD.version, OLD.fiscal_year, OLD.serial, OLD.assessed_on, OLD.drafted_on,
         OLD.kind, OLD.account, OLD.section, OLD.section_name, OLD.route, OLD.route_name, OLD.tax, OLD.count,
         OLD.zero_count, OLD.sale_count, OLD.amount_yen, OLD.tax_yen, OLD.summary, OLD.content_sha256, OLD.proposed_by,
         OLD.proposed_at_ms, OLD.approved_by, OLD.approved_at_ms)
        OR NEW.original IS NOT OLD.original OR
        (NEW.fund_code, NEW.fund_name, NEW.kan_code, NEW.kan_name, NEW.kou_code, NEW.kou_name, NEW.moku_code,
         NEW.moku_name, NEW.setsu_code, NEW.setsu_name, NEW.saisetsu_code, NEW.saisetsu_name)
        IS NOT
        (OLD.fund_code, OLD.fund_name, OLD.kan_code, OLD.kan_name, OLD.kou_code, OLD.kou_name, OLD.moku_code,
         OLD.moku_name, OLD.setsu_code, OLD.setsu_name, OLD.saisetsu_code, OLD.saisetsu_name);
END;
CREATE TRIGGER assessment_is_not_deleted BEFORE DELETE ON assessment WHEN OLD.state IN ('approved', 'exported')
BEGIN
    SELECT RAISE(ABORT, 'an approved assessment is not deleted');
END;

CREATE TRIGGER assessment_line_is_not_added BEFORE INSERT ON assessment_line
    WHEN (SELECT state FROM assessment WHERE assessment = NEW.assessment) <> 'draft'
BEGIN
    SELECT RAISE(ABORT, 'only a draft gets lines');
END;
CREATE TRIGGER assessment_line_is_not_changed BEFORE UPDATE ON assessment_line
BEGIN
    SELECT RAISE(ABORT, 'lines are made anew, never changed');
END;
CREATE TRIGGER assessment_line_is_not_deleted BEFORE DELETE ON assessment_line
    WHEN (SELECT state FROM assessment WHERE assessment = OLD.assessment) IN ('approved', 'exported')
BEGIN
    SELECT RAISE(ABORT, 'an approved assessment is not changed; make a correction');
END;
CREATE TRIGGER assessment_source_is_not_added BEFORE INSERT ON assessment_source
    WHEN (SELECT state FROM assessment WHERE assessment = NEW.assessment) <> 'draft'
BEGIN
    SELECT RAISE(ABORT, 'only a draft gets sources');
END;
CREATE TRIGGER assessment_source_is_not_changed BEFORE UPDATE ON assessment_source
BEGIN
    SELECT RAISE(ABORT, 'sources are made anew, never changed');
END;
CREATE TRIGGER assessment_source_is_not_deleted BEFORE DELETE ON assessment_source
    WHEN (SELECT state FROM assessment WHERE assessment = OLD.assessment) IN ('approved', 'exported')
BEGIN
    SELECT RAISE(ABORT, 'an approved assessment is not changed; make a correction');
END;

CREATE TRIGGER assessment_export_is_not_changed BEFORE UPDATE ON assessment_export
BEGIN
    SELECT RAISE(ABORT, 'an export is not changed');
END;
CREATE TRIGGER assessment_export_is_not_deleted BEFORE DELETE ON assessment_export
BEGIN
    SELECT RAISE(ABORT, 'an export is not deleted');
END;
CREATE TRIGGER assessment_export_file_is_not_changed BEFORE UPDATE ON assessment_export_file
BEGIN
    SELECT RAISE(ABORT, 'an exported file is not changed');
END;
CREATE TRIGGER assessment_export_file_is_not_deleted BEFORE DELETE ON assessment_export_file
BEGIN
    SELECT RAISE(ABORT, 'an exported file is not deleted');
END;
