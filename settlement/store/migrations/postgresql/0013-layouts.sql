-- What a city itself knows of files: layouts it tried out and saved, and lines that could not be read.

-- A version of a layout. The newest of a name is used, also instead of a shipped one of that name.
CREATE TABLE city_layout (
    municipality    TEXT    NOT NULL,
    layout          TEXT    NOT NULL,                -- its name
    version         BIGINT  NOT NULL,                -- 1, 2, 3 …
    descriptor      TEXT    NOT NULL,                -- the JSON as it was uploaded
    saved_at_ms     BIGINT  NOT NULL,
    saved_by        TEXT    NOT NULL,
    reason          TEXT    NOT NULL,
    PRIMARY KEY (municipality, layout, version)
);
CREATE FUNCTION city_layout_is_not_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a layout is not changed: save a new version';
END $$;
CREATE TRIGGER city_layout_is_not_changed BEFORE UPDATE ON city_layout FOR EACH ROW EXECUTE FUNCTION city_layout_is_not_changed();
CREATE FUNCTION city_layout_is_not_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a layout is not deleted';
END $$;
CREATE TRIGGER city_layout_is_not_deleted BEFORE DELETE ON city_layout FOR EACH ROW EXECUTE FUNCTION city_layout_is_not_deleted();

-- A line of an imported file that could not be read, and was left out.
CREATE TABLE import_fault (
    import          BIGINT  NOT NULL REFERENCES import (import),
    fault           BIGINT  NOT NULL,                -- 1, 2, 3 … in the order of the file
    line            BIGINT  NOT NULL,
    byte_column     BIGINT  NOT NULL,                -- from 1
    sentence        TEXT    NOT NULL,
    raw             TEXT    NOT NULL,                -- the line's beginning; '' when it is no text
    PRIMARY KEY (import, fault)
);
