-- What this place sells, cut out of the masters when they were applied (pos/masters/extract.h). Part 0 is the head, whose hash
-- stands in the journal; the hashes of the others stand in the head. Cut anew from the document when it is damaged.
CREATE TABLE masters_part (
    version INTEGER NOT NULL,
    part    INTEGER NOT NULL,
    bytes   BLOB NOT NULL,
    PRIMARY KEY (version, part)
);

-- The hash of the head; NULL for what was applied before there were extracts.
ALTER TABLE masters_applied ADD COLUMN extract TEXT;

-- The service's signature of the document. A table of its own: it is read at every start, and the document is not.
CREATE TABLE masters_signature (
    version   INTEGER PRIMARY KEY,
    signature TEXT NOT NULL      -- base64
);

-- The key that masters are signed with, hexadecimal; NULL for a till that was not told one. Only this computer knows it.
ALTER TABLE enrolment ADD COLUMN masters_key TEXT;
