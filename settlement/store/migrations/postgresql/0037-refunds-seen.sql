-- Which line of a statement bears out a refund that went back through its processor. Derived by rule (settlement/matching/refunds_seen.h).
CREATE TABLE refund_seen (
    refund          TEXT    NOT NULL PRIMARY KEY,
    municipality    TEXT    NOT NULL,
    import          BIGINT  NOT NULL,
    line            BIGINT  NOT NULL,
    run             BIGINT  NOT NULL
);
CREATE UNIQUE INDEX refund_seen_by_line ON refund_seen (import, line);
