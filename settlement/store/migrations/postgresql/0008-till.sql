-- The whole till: reductions, overrides, facilities and tickets on the lines of a sale, payments partly in cash, refunds,
-- cash that moves without a sale, counts, hand-overs, tickets and visitors. Everything here is derived from journal_run. Rows
-- of older tills keep their meaning: what they did not say is '' or 0.

ALTER TABLE sale ADD COLUMN cash_yen BIGINT  NOT NULL DEFAULT 0;            -- of total_yen: all of it, a part, or none
ALTER TABLE sale ADD COLUMN reference_kind TEXT NOT NULL DEFAULT '';        -- reservation, application, slip; ''
ALTER TABLE sale ADD COLUMN reference_number TEXT NOT NULL DEFAULT '';
UPDATE sale SET cash_yen = total_yen WHERE method = 'cash';
CREATE INDEX sale_by_reference ON sale (municipality, reference_number) WHERE reference_number <> '';

ALTER TABLE sale_line ADD COLUMN facility TEXT NOT NULL DEFAULT '';         -- that was used; ''
ALTER TABLE sale_line ADD COLUMN cash_yen BIGINT  NOT NULL DEFAULT 0;       -- of amount_yen
ALTER TABLE sale_line ADD COLUMN reduction TEXT NOT NULL DEFAULT '';        -- 減免: rule; '' when there is none
ALTER TABLE sale_line ADD COLUMN reduction_name TEXT NOT NULL DEFAULT '';
ALTER TABLE sale_line ADD COLUMN reduction_granter TEXT NOT NULL DEFAULT '';
ALTER TABLE sale_line ADD COLUMN reduction_yen BIGINT  NOT NULL DEFAULT 0;
ALTER TABLE sale_line ADD COLUMN list_price_yen BIGINT;                    -- that unit_price_yen was put in place of; NULL
ALTER TABLE sale_line ADD COLUMN override_reason TEXT NOT NULL DEFAULT '';
ALTER TABLE sale_line ADD COLUMN override_by TEXT NOT NULL DEFAULT '';      -- the supervisor who gave a PIN
ALTER TABLE sale_line ADD COLUMN tariff TEXT NOT NULL DEFAULT '';           -- that came to this line; its words are in the journal
ALTER TABLE sale_line ADD COLUMN ticket TEXT NOT NULL DEFAULT '';           -- that this line pays
UPDATE sale_line SET cash_yen = amount_yen
    WHERE (terminal, sequence) IN (SELECT terminal, sequence FROM sale WHERE method = 'cash');
CREATE INDEX sale_line_by_ticket ON sale_line (ticket) WHERE ticket <> '';

ALTER TABLE payment ADD COLUMN cash_yen BIGINT  NOT NULL DEFAULT 0;         -- put down in cash beside amount_yen

-- Refunds of a later day. `sale` may be another till's, and may not have come in yet: what a sale has left to give back is
-- judged by the audit and by people, because money that went out is a fact.
CREATE TABLE refund (
    terminal        TEXT    NOT NULL,
    requested_sequence BIGINT  NOT NULL,
    municipality    TEXT    NOT NULL,
    place           TEXT    NOT NULL,
    refund          TEXT    NOT NULL,                -- UUIDv7 made by the till
    sale            TEXT    NOT NULL,
    receipt_number  TEXT    NOT NULL,
    business_date   TEXT    NOT NULL,                -- of the request
    requested_at_ms BIGINT  NOT NULL,
    amount_yen      BIGINT  NOT NULL CHECK (amount_yen > 0),
    means           TEXT    NOT NULL CHECK (means IN ('cash', 'gateway', 'bank_transfer')),
    reason          TEXT    NOT NULL,
    clerk           TEXT    NOT NULL,
    approved_by     TEXT    NOT NULL,                -- ''
    state           TEXT    NOT NULL CHECK (state IN ('requested', 'paid', 'withdrawn')),
    state_sequence  BIGINT  NOT NULL,                -- the line that brought it there
    ended_on        TEXT    NOT NULL,                -- business date of that line; '' while requested
    ended_by        TEXT    NOT NULL,
    ended_approved_by TEXT  NOT NULL,
    ended_means     TEXT    NOT NULL,                -- how it was paid
    ended_reason    TEXT    NOT NULL,                -- why it was withdrawn
    PRIMARY KEY (terminal, requested_sequence)
);
CREATE UNIQUE INDEX refund_by_id ON refund (refund);
CREATE INDEX refund_by_sale ON refund (sale);
CREATE INDEX refund_by_day ON refund (municipality, business_date, terminal, requested_sequence);
CREATE INDEX refund_open ON refund (municipality, business_date) WHERE state = 'requested';
CREATE INDEX refund_paid ON refund (terminal, state_sequence) WHERE state = 'paid';

-- つり銭 lent and returned, cash put in and taken out, while a day is open.
CREATE TABLE cash_movement (
    terminal        TEXT    NOT NULL,
    sequence        BIGINT  NOT NULL,
    municipality    TEXT    NOT NULL,
    place           TEXT    NOT NULL,
    opened_sequence BIGINT  NOT NULL,                -- of the day
    business_date   TEXT    NOT NULL,
    at_ms           BIGINT  NOT NULL,
    kind            TEXT    NOT NULL CHECK (kind IN ('float_lent', 'float_returned', 'cash_in', 'cash_out')),
    amount_yen      BIGINT  NOT NULL CHECK (amount_yen > 0),
    clerk           TEXT    NOT NULL,
    approved_by     TEXT    NOT NULL,                -- ''
    reason          TEXT    NOT NULL,
    PRIMARY KEY (terminal, sequence)
);
CREATE INDEX cash_movement_by_day ON cash_movement (municipality, business_date);

-- Blind counts. `expected_yen` is what the lines before it left in the drawer.
CREATE TABLE cash_count (
    terminal        TEXT    NOT NULL,
    sequence        BIGINT  NOT NULL,
    municipality    TEXT    NOT NULL,
    place           TEXT    NOT NULL,
    opened_sequence BIGINT  NOT NULL,                -- 0: before the opening
    business_date   TEXT    NOT NULL,
    at_ms           BIGINT  NOT NULL,
    purpose         TEXT    NOT NULL CHECK (purpose IN ('open', 'inspection', 'handover', 'close')),
    clerk           TEXT    NOT NULL,
    total_yen       BIGINT  NOT NULL,
    expected_yen    BIGINT  NOT NULL,
    PRIMARY KEY (terminal, sequence)
);

-- Notes and coins of a count, a close, or a float.
CREATE TABLE cash_tally (
    terminal        TEXT    NOT NULL,
    sequence        BIGINT  NOT NULL,
    yen             BIGINT  NOT NULL,
    pieces          BIGINT  NOT NULL CHECK (pieces >= 0),
    PRIMARY KEY (terminal, sequence, yen)
);

-- The drawer goes from one clerk to the next.
CREATE TABLE shift_change (
    terminal        TEXT    NOT NULL,
    sequence        BIGINT  NOT NULL,
    municipality    TEXT    NOT NULL,
    place           TEXT    NOT NULL,
    opened_sequence BIGINT  NOT NULL,
    business_date   TEXT    NOT NULL,
    at_ms           BIGINT  NOT NULL,
    from_clerk      TEXT    NOT NULL,
    to_clerk        TEXT    NOT NULL,
    counted_cash_yen BIGINT  NOT NULL,
    expected_cash_yen BIGINT  NOT NULL,              -- as the till computed it
    ledger_cash_yen BIGINT  NOT NULL,                -- as its lines say; must be the same
    difference_reason TEXT  NOT NULL,
    PRIMARY KEY (terminal, sequence)
);

-- 点検 (X).
CREATE TABLE day_inspection (
    terminal        TEXT    NOT NULL,
    sequence        BIGINT  NOT NULL,
    municipality    TEXT    NOT NULL,
    place           TEXT    NOT NULL,
    opened_sequence BIGINT  NOT NULL,
    business_date   TEXT    NOT NULL,
    at_ms           BIGINT  NOT NULL,
    clerk           TEXT    NOT NULL,
    number          BIGINT  NOT NULL,
    float_yen       BIGINT  NOT NULL,
    cash_in_yen     BIGINT  NOT NULL,
    cash_out_yen    BIGINT  NOT NULL,
    expected_cash_yen BIGINT  NOT NULL,
    ledger_cash_yen BIGINT  NOT NULL,
    zero_count      BIGINT  NOT NULL,
    PRIMARY KEY (terminal, sequence)
);

ALTER TABLE business_day ADD COLUMN masters_version BIGINT  NOT NULL DEFAULT 0;     -- by which it was opened: its drawer
ALTER TABLE business_day ADD COLUMN number BIGINT  NOT NULL DEFAULT 0;      -- of the 精算; 0: not said. The next six as the till says
ALTER TABLE business_day ADD COLUMN close_float_yen BIGINT  NOT NULL DEFAULT 0;     -- つり銭 that is lent at the close
ALTER TABLE business_day ADD COLUMN cash_in_yen BIGINT  NOT NULL DEFAULT 0;
ALTER TABLE business_day ADD COLUMN cash_out_yen BIGINT  NOT NULL DEFAULT 0;
ALTER TABLE business_day ADD COLUMN refund_cash_yen BIGINT  NOT NULL DEFAULT 0;
ALTER TABLE business_day ADD COLUMN float_returned_yen BIGINT  NOT NULL DEFAULT 0;
ALTER TABLE business_day ADD COLUMN deposit_yen BIGINT  NOT NULL DEFAULT 0; -- 払込 = counted − close_float
ALTER TABLE business_day ADD COLUMN ledger_float_yen BIGINT  NOT NULL DEFAULT 0;    -- these four as its lines say
ALTER TABLE business_day ADD COLUMN ledger_in_yen BIGINT  NOT NULL DEFAULT 0;
ALTER TABLE business_day ADD COLUMN ledger_out_yen BIGINT  NOT NULL DEFAULT 0;
ALTER TABLE business_day ADD COLUMN ledger_refund_yen BIGINT  NOT NULL DEFAULT 0;
UPDATE business_day SET close_float_yen = float_yen, ledger_float_yen = float_yen,
    deposit_yen = counted_cash_yen - float_yen WHERE closed_sequence <> 0;

CREATE TABLE ticket (
    terminal        TEXT    NOT NULL,
    sequence        BIGINT  NOT NULL,
    municipality    TEXT    NOT NULL,
    place           TEXT    NOT NULL,
    business_date   TEXT    NOT NULL,
    ticket          TEXT    NOT NULL,                -- what its barcode says
    facility        TEXT    NOT NULL,
    item            TEXT    NOT NULL,
    entered_at_ms   BIGINT  NOT NULL,
    clerk           TEXT    NOT NULL,
    label           TEXT    NOT NULL,
    PRIMARY KEY (terminal, sequence)
);
CREATE INDEX ticket_by_id ON ticket (ticket);
CREATE INDEX ticket_by_day ON ticket (municipality, business_date, facility);

CREATE TABLE ticket_closing (
    terminal        TEXT    NOT NULL,
    sequence        BIGINT  NOT NULL,
    municipality    TEXT    NOT NULL,
    business_date   TEXT    NOT NULL,
    ticket          TEXT    NOT NULL,
    outcome         TEXT    NOT NULL CHECK (outcome IN ('left', 'voided')),
    clerk           TEXT    NOT NULL,
    reason          TEXT    NOT NULL,
    PRIMARY KEY (terminal, sequence)
);
CREATE INDEX ticket_closing_by_id ON ticket_closing (ticket);

-- Visitors without a sale, by day. Each tap is a journal line; only sums are kept here.
CREATE TABLE daily_entry (
    municipality    TEXT    NOT NULL,
    business_date   TEXT    NOT NULL,
    facility        TEXT    NOT NULL,
    category        TEXT    NOT NULL,
    terminal        TEXT    NOT NULL,
    count           BIGINT  NOT NULL,
    PRIMARY KEY (municipality, business_date, facility, category, terminal)
);

-- Three accounts more. `cash_other`: cash that was put into or taken out of a drawer for another reason than a sale, a void or a
-- refund (credit when put in). `refund`: given back to citizens on a later day (debit), until 戻出 and 減額調定 settle it;
-- never netted with revenue. `refund_transit`: refunds that a gateway or a bank gives back, until its record comes.
CREATE TABLE posting_next (
    terminal        TEXT    NOT NULL,
    sequence        BIGINT  NOT NULL,
    number          BIGINT  NOT NULL,
    municipality    TEXT    NOT NULL,
    place           TEXT    NOT NULL,
    ledger          TEXT    NOT NULL CHECK (ledger IN ('drawer', 'float', 'vault', 'over_short', 'receivable',
                                                        'revenue', 'held', 'cash_other', 'refund', 'refund_transit')),
    brand           TEXT    NOT NULL,                -- of receivable and held, '' otherwise
    account         TEXT    NOT NULL,                -- of revenue, '' otherwise; so are the next three
    section         TEXT    NOT NULL,
    tax             TEXT    NOT NULL,
    issuer          TEXT    NOT NULL,
    received_on     TEXT    NOT NULL,
    business_date   TEXT    NOT NULL,
    amount_yen      BIGINT  NOT NULL,
    PRIMARY KEY (terminal, sequence, number)
);
INSERT INTO posting_next SELECT terminal, sequence, number, municipality, place, ledger, brand, account, section, tax, issuer,
    received_on, business_date, amount_yen FROM posting;
DROP TABLE posting;
ALTER TABLE posting_next RENAME TO posting;
CREATE INDEX posting_by_day ON posting (municipality, received_on, ledger);

-- By facility too. A sale that was paid partly in cash stands under `cash` with its cash part and under its brand with the rest;
-- the quantity of a line stands under `cash` when cash paid all of it, else under the brand. In daily_payment such a sale is
-- counted under its brand.
CREATE TABLE daily_item_next (
    municipality    TEXT    NOT NULL,
    received_on     TEXT    NOT NULL,
    place           TEXT    NOT NULL,
    facility        TEXT    NOT NULL,
    item            TEXT    NOT NULL,
    unit_price_yen  BIGINT  NOT NULL,
    tax             TEXT    NOT NULL,
    account         TEXT    NOT NULL,
    section         TEXT    NOT NULL,
    issuer          TEXT    NOT NULL,
    exemption       TEXT    NOT NULL,
    method          TEXT    NOT NULL,
    brand           TEXT    NOT NULL,
    quantity        BIGINT  NOT NULL,                -- sold, voided ones included
    amount_yen      BIGINT  NOT NULL,
    reduction_yen   BIGINT  NOT NULL,                -- 減免 that was granted
    void_quantity   BIGINT  NOT NULL,
    void_yen        BIGINT  NOT NULL,
    void_reduction_yen BIGINT  NOT NULL,
    PRIMARY KEY (municipality, received_on, place, facility, item, unit_price_yen, tax, account, section, issuer, exemption,
                 method, brand)
);
INSERT INTO daily_item_next SELECT municipality, received_on, place, '', item, unit_price_yen, tax, account, section, issuer,
    exemption, method, brand, quantity, amount_yen, 0, void_quantity, void_yen, 0 FROM daily_item;
DROP TABLE daily_item;
ALTER TABLE daily_item_next RENAME TO daily_item;

-- A line can be held back twice, once for each of its parts.
CREATE TABLE assessment_held_next (
    municipality    TEXT    NOT NULL,
    received_on     TEXT    NOT NULL,
    terminal        TEXT    NOT NULL,
    sequence        BIGINT  NOT NULL,
    number          BIGINT  NOT NULL,
    reason          TEXT    NOT NULL CHECK (reason IN ('no_account', 'no_trustee', 'closed_year_decrease')),
    amount_yen      BIGINT  NOT NULL,
    PRIMARY KEY (municipality, received_on, terminal, sequence, number, reason)
);
INSERT INTO assessment_held_next SELECT municipality, received_on, terminal, sequence, number, reason, amount_yen
    FROM assessment_held;
DROP TABLE assessment_held;
ALTER TABLE assessment_held_next RENAME TO assessment_held;

-- 利用料金: the operator's money, received at the city's tills and never assessed. Made anew with the day's drafts.
CREATE TABLE operator_revenue (
    municipality    TEXT    NOT NULL,
    received_on     TEXT    NOT NULL,
    terminal        TEXT    NOT NULL,
    sequence        BIGINT  NOT NULL,
    number          BIGINT  NOT NULL,
    route           TEXT    NOT NULL,                -- 'cash', or a trustee's code; '' when no trustee is known
    facility        TEXT    NOT NULL,
    operator        TEXT    NOT NULL,                -- as the masters name it on the day
    item            TEXT    NOT NULL,
    quantity        BIGINT  NOT NULL,
    amount_yen      BIGINT  NOT NULL,
    tax_yen         BIGINT  NOT NULL,
    PRIMARY KEY (municipality, received_on, terminal, sequence, number, route)
);
CREATE INDEX operator_revenue_by_facility ON operator_revenue (municipality, facility, received_on);
