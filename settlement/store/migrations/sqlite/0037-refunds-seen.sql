-- Which line of a statement bears out a refund that went back through its processor. Derived by rule (settlement/matching/refunds_seen.h).
CREATE TABLE refund_seen (
    refund          TEXT    NOT NULL PRIMARY KEY,
    municipality    TEXT    NOT NULL,
    import          INTEGER NOT NULL,
    line            INTEGER NOT NULL,
    run             INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX refund_seen_by_line ON refund_seen (import, line);
