-- Who works with the finance screens, and what they did. Nothing here is derived: a lost row is a lost fact.

-- A person at the screens. Nobody is ever deleted or renamed, because the records name people by `login`.
CREATE TABLE staff (
    staff           INTEGER NOT NULL PRIMARY KEY,
    municipality    TEXT    NOT NULL,
    login           TEXT    NOT NULL UNIQUE,         -- unique in the whole service: the sign-in form asks for nothing else
    name            TEXT    NOT NULL,                -- as it stands on papers
    role            TEXT    NOT NULL CHECK (role IN ('finance', 'approver', 'auditor', 'administrator')),
    password_hash   TEXT    NOT NULL,                -- common/signing password_hash
    is_active       INTEGER NOT NULL CHECK (is_active IN (0, 1)),
    created_at_ms   INTEGER NOT NULL,
    created_by      TEXT    NOT NULL
) STRICT;

-- A browser that is signed in. The token is known to the browser only.
CREATE TABLE session (
    token_hash      BLOB    NOT NULL PRIMARY KEY CHECK (length(token_hash) = 32),   -- SHA-256
    staff           INTEGER NOT NULL REFERENCES staff (staff),
    created_at_ms   INTEGER NOT NULL,
    seen_at_ms      INTEGER NOT NULL,
    address         TEXT    NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_by_staff ON session (staff);
CREATE INDEX session_by_age ON session (seen_at_ms);

-- Failed sign-ins by the name that was typed, known or not, so that guessing slows down and tells nothing.
CREATE TABLE sign_in_failure (
    login           TEXT    NOT NULL PRIMARY KEY,
    failures        INTEGER NOT NULL CHECK (failures >= 1),
    failed_at_ms    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_in_failure_by_age ON sign_in_failure (failed_at_ms);

-- Every decision: who, when, what, on what, and what stood there before and after. Append-only.
CREATE TABLE access_log (
    entry           INTEGER NOT NULL PRIMARY KEY,
    municipality    TEXT    NOT NULL,
    at_ms           INTEGER NOT NULL,
    login           TEXT    NOT NULL,                -- '' when nobody was signed in
    address         TEXT    NOT NULL,
    what            TEXT    NOT NULL,                -- stable word
    object          TEXT    NOT NULL,                -- 'assessment:17', 'discrepancy:4', 'import:3' …
    before          TEXT    NOT NULL,                -- '' for what did not exist
    after           TEXT    NOT NULL,
    reason          TEXT    NOT NULL
) STRICT;
CREATE INDEX access_log_by_municipality ON access_log (municipality, entry);
CREATE INDEX access_log_by_object ON access_log (object, entry);
CREATE TRIGGER access_log_is_not_changed BEFORE UPDATE ON access_log
BEGIN
    SELECT RAISE(ABORT, 'the access log is append-only');
END;
CREATE TRIGGER access_log_is_not_deleted BEFORE DELETE ON access_log
BEGIN
    SELECT RAISE(ABORT, 'the access log is append-only');
END;
