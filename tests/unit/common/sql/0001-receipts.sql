-- Text that a C literal could hurt: "quotes", \ backslashes, ??= trigraphs, 日本語, and a tab	here.
CREATE TABLE receipt (
    number INTEGER PRIMARY KEY,
    name   TEXT NOT NULL UNIQUE,
    note   TEXT DEFAULT 'a "b" \ ??/ 窓口	!'
) STRICT;
