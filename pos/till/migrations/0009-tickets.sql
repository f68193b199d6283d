-- Tickets of car parks, and people who came in without a sale. Folds of ticket.issued, ticket.corrected, ticket.closed,
-- sale.recorded, sale.voided and entry.counted; ticket_clock is this computer's own.

CREATE TABLE ticket (
    ticket      TEXT PRIMARY KEY,   -- 24 digits (pos/tickets)
    sequence    INTEGER NOT NULL,   -- the line that made it known here
    facility    TEXT,
    item        TEXT NOT NULL,
    entered_ms  INTEGER NOT NULL,
    label       TEXT,
    state       TEXT NOT NULL CHECK (state IN ('inside', 'left', 'voided')),
    ended_ms    INTEGER,
    is_corrected INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX ticket_inside ON ticket (sequence) WHERE state = 'inside';

-- What was paid for a ticket; a void takes it back. A ticket may be paid twice: before leaving, and for the time after.
CREATE TABLE ticket_payment (
    ticket    TEXT NOT NULL,
    sale      TEXT NOT NULL,
    paid_ms   INTEGER NOT NULL,
    yen       INTEGER NOT NULL,
    is_voided INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (ticket, sale)
);
CREATE INDEX ticket_payment_sale ON ticket_payment (sale);

CREATE TABLE entry_count (
    business_date TEXT NOT NULL,
    facility      TEXT NOT NULL,
    category      TEXT NOT NULL,
    count         INTEGER NOT NULL,
    PRIMARY KEY (business_date, facility, category)
);

-- How the clock that does not jump stood when a ticket was issued, in this start of the computer.
CREATE TABLE ticket_clock (
    ticket       TEXT PRIMARY KEY,
    start        TEXT NOT NULL,     -- which start of the computer
    monotonic_ms INTEGER NOT NULL
);
