-- The access log as a chain: an entry that was altered, removed or slipped in is seen by the audit. `chain` is the SHA-256 of
-- the chain of the municipality's entry before and of all that the entry says; '' for entries from before there was one.
ALTER TABLE access_log ADD COLUMN chain TEXT NOT NULL DEFAULT '';

-- How many entries a municipality has and where its chain ends: so that its end cannot be cut off unseen either.
CREATE TABLE access_log_head (
    municipality    TEXT    NOT NULL PRIMARY KEY,
    entries         INTEGER NOT NULL,
    chain           TEXT    NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO access_log_head (municipality, entries, chain) SELECT municipality, count(*), '' FROM access_log GROUP BY municipality;
