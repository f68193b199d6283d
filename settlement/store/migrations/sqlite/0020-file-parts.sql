-- Files are kept in parts under their hash, so that no file has to be in memory as a whole, and one that a person gave waits
-- here to be taken in, whatever becomes of the program meanwhile. Files of before stand in `import.bytes`; there it is empty now.

-- Part 0, 1, 2 … of the file with these bytes: 1 MiB each, the last what is left.
CREATE TABLE file_part (
    municipality    TEXT    NOT NULL,
    sha256          BLOB    NOT NULL CHECK (length(sha256) = 32),    -- of the whole file
    part            INTEGER NOT NULL,
    bytes           BLOB    NOT NULL,
    PRIMARY KEY (municipality, sha256, part)
) STRICT;
CREATE TRIGGER file_part_is_not_changed BEFORE UPDATE ON file_part
BEGIN
    SELECT RAISE(ABORT, 'an imported file is not changed');
END;
CREATE TRIGGER file_part_is_not_deleted BEFORE DELETE ON file_part
    WHEN EXISTS (SELECT 1 FROM import WHERE municipality = OLD.municipality AND sha256 = OLD.sha256)
BEGIN
    SELECT RAISE(ABORT, 'an imported file is not deleted');
END;

-- A file that a person gave in the browser and that is not taken in: it is being worked on, or that was cut off.
CREATE TABLE import_waiting (
    waiting         INTEGER NOT NULL PRIMARY KEY,
    municipality    TEXT    NOT NULL,
    sha256          BLOB    NOT NULL CHECK (length(sha256) = 32),
    layout          TEXT    NOT NULL,
    file_name       TEXT    NOT NULL,
    byte_count      INTEGER NOT NULL,
    supersedes      INTEGER NOT NULL,                -- the import whose place it is to take; 0: none
    reason          TEXT    NOT NULL,
    given_at_ms     INTEGER NOT NULL,
    given_by        TEXT    NOT NULL,
    UNIQUE (municipality, sha256)
) STRICT;
