-- What the journals mean. Every row here is derived from journal_run: `rebuild` empties these tables and makes the
-- same rows again. A row is named by the journal line that made it, (terminal, sequence), so that every yen can be
-- walked back. Days are 'YYYY-MM-DD' in Japan; amounts are yen.

-- How far the ledger is: every run up to `arrival` is interpreted. One row.
CREATE TABLE ledger_progress (
    one             BIGINT  NOT NULL PRIMARY KEY CHECK (one = 1),
    arrival         BIGINT  NOT NULL
);
INSERT INTO ledger_progress (one, arrival) VALUES (1, 0);

-- Where each till's interpretation stands.
CREATE TABLE ledger_terminal (
    terminal        TEXT    NOT NULL PRIMARY KEY,
    municipality    TEXT    NOT NULL,
    place           TEXT    NOT NULL,
    sequence        BIGINT  NOT NULL,                -- last line interpreted or parked
    business_date   TEXT    NOT NULL,                -- of that line
    masters_version BIGINT  NOT NULL,                -- the till sells by it; 0: not said yet
    open_day        BIGINT  NOT NULL,                -- sequence of the day.opened that is not closed; 0: closed
    drawer_yen      BIGINT  NOT NULL                 -- what must lie in the drawer, float included
);

-- Lines that could not be interpreted. They block nothing; people see them.
CREATE TABLE parked_line (
    terminal        TEXT    NOT NULL,
    sequence        BIGINT  NOT NULL,
    municipality    TEXT    NOT NULL,
    business_date   TEXT    NOT NULL,
    kind            TEXT    NOT NULL,
    code            TEXT    NOT NULL,                -- stable word
    reason          TEXT    NOT NULL,                -- Japanese, for finance staff
    PRIMARY KEY (terminal, sequence)
);
CREATE INDEX parked_line_by_municipality ON parked_line (municipality, terminal, sequence);

-- sale.recorded: the citizen has paid.
CREATE TABLE sale (
    terminal        TEXT    NOT NULL,
    sequence        BIGINT  NOT NULL,
    municipality    TEXT    NOT NULL,
    place           TEXT    NOT NULL,
    sale            TEXT    NOT NULL,                -- UUIDv7 made by the till
    receipt_number  TEXT    NOT NULL,
    business_date   TEXT    NOT NULL,                -- the day on which the line was written
    received_on     TEXT    NOT NULL,                -- the day on which the citizen paid: 調定年月日 and fiscal year
    fiscal_year     BIGINT  NOT NULL,                -- of received_on
    recorded_at_ms  BIGINT  NOT NULL,                -- the till's clock
    clerk           TEXT    NOT NULL,
    method          TEXT    NOT NULL CHECK (method IN ('cash', 'qr', 'emoney', 'credit', 'none')),
    brand           TEXT    NOT NULL,                -- '' for cash and none
    payment         TEXT    NOT NULL,                -- '' for cash and none
    total_yen       BIGINT  NOT NULL CHECK (total_yen >= 0),
    voided_by       BIGINT  NOT NULL,                -- sequence of its sale.voided; 0: stands
    PRIMARY KEY (terminal, sequence)
);
CREATE UNIQUE INDEX sale_by_id ON sale (sale);
CREATE UNIQUE INDEX sale_by_receipt ON sale (terminal, receipt_number);
CREATE INDEX sale_by_day ON sale (municipality, received_on, terminal, sequence);

CREATE TABLE sale_line (
    terminal        TEXT    NOT NULL,
    sequence        BIGINT  NOT NULL,
    number          BIGINT  NOT NULL,                -- 1 … within the sale
    item            TEXT    NOT NULL,
    name            TEXT    NOT NULL,
    unit_price_yen  BIGINT  NOT NULL,
    quantity        BIGINT  NOT NULL,
    amount_yen      BIGINT  NOT NULL,
    tax             TEXT    NOT NULL CHECK (tax IN ('exempt', 'standard10')),
    account         TEXT    NOT NULL,                -- 歳入科目, by the masters' code
    section         TEXT    NOT NULL,                -- 所属
    issuer          TEXT    NOT NULL,
    exemption       TEXT    NOT NULL,                -- rule of a 0円 issue, '' otherwise
    exemption_name  TEXT    NOT NULL,
    exemption_reason TEXT   NOT NULL,
    PRIMARY KEY (terminal, sequence, number)
);

-- Tax as it stands on the receipt: rounded once per rate and issuer.
CREATE TABLE sale_tax (
    terminal        TEXT    NOT NULL,
    sequence        BIGINT  NOT NULL,
    tax             TEXT    NOT NULL,
    issuer          TEXT    NOT NULL,
    subject_yen     BIGINT  NOT NULL,                -- tax included
    tax_yen         BIGINT  NOT NULL,
    PRIMARY KEY (terminal, sequence, tax, issuer)
);

-- sale.voided: taken back on the same business day.
CREATE TABLE sale_void (
    terminal        TEXT    NOT NULL,
    sequence        BIGINT  NOT NULL,
    municipality    TEXT    NOT NULL,
    sale            TEXT    NOT NULL,
    sale_sequence   BIGINT  NOT NULL,
    business_date   TEXT    NOT NULL,
    voided_at_ms    BIGINT  NOT NULL,
    clerk           TEXT    NOT NULL,
    reason          TEXT    NOT NULL,
    total_yen       BIGINT  NOT NULL,
    PRIMARY KEY (terminal, sequence)
);

-- A cashless payment, by its newest line. Money that is started, unknown or in doubt is revenue of nobody.
CREATE TABLE payment (
    terminal        TEXT    NOT NULL,
    started_sequence BIGINT  NOT NULL,
    municipality    TEXT    NOT NULL,
    place           TEXT    NOT NULL,
    payment         TEXT    NOT NULL,                -- UUIDv7: the idempotency key that the gateway saw
    sale            TEXT    NOT NULL,
    method          TEXT    NOT NULL CHECK (method IN ('qr', 'emoney', 'credit')),
    brand           TEXT    NOT NULL,                -- '' until the terminal's answer names it
    amount_yen      BIGINT  NOT NULL CHECK (amount_yen > 0),
    sequence_number TEXT    NOT NULL,                -- the number that the payment terminal was given
    clerk           TEXT    NOT NULL,
    business_date   TEXT    NOT NULL,                -- of payment.started
    started_at_ms   BIGINT  NOT NULL,
    state           TEXT    NOT NULL CHECK (state IN ('started', 'unknown', 'in_doubt', 'approved', 'declined',
                                                      'not_charged', 'reversed', 'held')),
    state_sequence  BIGINT  NOT NULL,                -- the line that brought it there
    abandoned_by    BIGINT  NOT NULL,                -- sequence of payment.abandoned; 0: the clerk did not give it up
    cause           TEXT    NOT NULL,                -- why it was unknown, or why it was refused; '' otherwise
    how             TEXT    NOT NULL,                -- answer, inquiry, cancel, touch; '' until resolved
    resolved_on     TEXT    NOT NULL,                -- business date of payment.resolved; '' until then
    acquirer_reference TEXT NOT NULL,
    approval_code   TEXT    NOT NULL,
    slip_number     TEXT    NOT NULL,
    masked_number   TEXT    NOT NULL,
    accepted_at_ms  BIGINT,                         -- the acquirer's time of approval
    sale_sequence   BIGINT  NOT NULL,                -- the sale.recorded that it paid; 0: none
    PRIMARY KEY (terminal, started_sequence)
);
CREATE UNIQUE INDEX payment_by_id ON payment (payment);
CREATE INDEX payment_by_day ON payment (municipality, business_date, terminal, started_sequence);
CREATE INDEX payment_open ON payment (municipality, state) WHERE state IN ('started', 'unknown', 'in_doubt', 'held');
CREATE INDEX payment_by_reference ON payment (municipality, acquirer_reference) WHERE acquirer_reference <> '';

-- A void on its way to the gateway or terminal.
CREATE TABLE reversal (
    terminal        TEXT    NOT NULL,
    started_sequence BIGINT  NOT NULL,
    municipality    TEXT    NOT NULL,
    reversal        TEXT    NOT NULL,
    payment         TEXT    NOT NULL,
    sale            TEXT    NOT NULL,
    amount_yen      BIGINT  NOT NULL,
    clerk           TEXT    NOT NULL,
    reason          TEXT    NOT NULL,
    state           TEXT    NOT NULL CHECK (state IN ('started', 'unknown', 'reversed', 'refused')),
    state_sequence  BIGINT  NOT NULL,
    cause           TEXT    NOT NULL,                -- why unknown or refused
    PRIMARY KEY (terminal, started_sequence)
);
CREATE UNIQUE INDEX reversal_by_id ON reversal (reversal);
CREATE INDEX reversal_open ON reversal (municipality, state) WHERE state IN ('started', 'unknown');

-- A drawer's day, from day.opened to day.closed (精算).
CREATE TABLE business_day (
    terminal        TEXT    NOT NULL,
    opened_sequence BIGINT  NOT NULL,
    municipality    TEXT    NOT NULL,
    place           TEXT    NOT NULL,
    day             TEXT    NOT NULL,                -- UUIDv7
    business_date   TEXT    NOT NULL,
    opened_at_ms    BIGINT  NOT NULL,
    opened_by       TEXT    NOT NULL,
    float_yen       BIGINT  NOT NULL,                -- つり銭
    closed_sequence BIGINT  NOT NULL,                -- 0: open
    closed_at_ms    BIGINT  NOT NULL,                -- 0: open
    closed_by       TEXT    NOT NULL,
    expected_cash_yen BIGINT  NOT NULL,              -- as the till computed it
    ledger_cash_yen BIGINT  NOT NULL,                -- as the ledger computed it from the lines; must be the same
    counted_cash_yen BIGINT  NOT NULL,
    difference_yen  BIGINT  NOT NULL,                -- 現金過不足 = counted − expected
    difference_reason TEXT  NOT NULL,
    zero_count      BIGINT  NOT NULL,                -- 0円 issues
    PRIMARY KEY (terminal, opened_sequence)
);
CREATE INDEX business_day_by_date ON business_day (municipality, business_date, terminal);

-- What the till's 精算 says per method and brand.
CREATE TABLE business_day_total (
    terminal        TEXT    NOT NULL,
    closed_sequence BIGINT  NOT NULL,
    method          TEXT    NOT NULL,
    brand           TEXT    NOT NULL,
    count           BIGINT  NOT NULL,
    amount_yen      BIGINT  NOT NULL,
    void_count      BIGINT  NOT NULL,
    void_yen        BIGINT  NOT NULL,
    PRIMARY KEY (terminal, closed_sequence, method, brand)
);

-- Why a drawer was opened; no_sale is what an inspector reads.
CREATE TABLE drawer_opening (
    terminal        TEXT    NOT NULL,
    sequence        BIGINT  NOT NULL,
    municipality    TEXT    NOT NULL,
    business_date   TEXT    NOT NULL,
    opened_at_ms    BIGINT  NOT NULL,
    clerk           TEXT    NOT NULL,
    reason          TEXT    NOT NULL,
    PRIMARY KEY (terminal, sequence)
);

-- Double entry: the postings of one line sum to zero. Debit is positive.
--   drawer      現金: what lies in the till's drawer, float included
--   float       つり銭資金: lent to the drawer by the 会計管理者; never revenue
--   vault       締め後現金: counted out of the drawer at 精算, to be paid in (払込)
--   over_short  現金過不足
--   receivable  未収金: a 指定納付受託者 owes it, by brand
--   revenue     歳入, by account, section, tax and issuer
--   held        過誤納 (預り): taken from a citizen, unwanted, to be given back
CREATE TABLE posting (
    terminal        TEXT    NOT NULL,
    sequence        BIGINT  NOT NULL,
    number          BIGINT  NOT NULL,                -- 1 … within the line
    municipality    TEXT    NOT NULL,
    place           TEXT    NOT NULL,
    ledger          TEXT    NOT NULL CHECK (ledger IN ('drawer', 'float', 'vault', 'over_short', 'receivable',
                                                       'revenue', 'held')),
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
CREATE INDEX posting_by_day ON posting (municipality, received_on, ledger);

-- Sums that screens and 調定 read instead of the sales: by day received, place, item and way of payment.
CREATE TABLE daily_item (
    municipality    TEXT    NOT NULL,
    received_on     TEXT    NOT NULL,
    place           TEXT    NOT NULL,
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
    void_quantity   BIGINT  NOT NULL,
    void_yen        BIGINT  NOT NULL,
    PRIMARY KEY (municipality, received_on, place, item, unit_price_yen, tax, account, section, issuer, exemption,
                 method, brand)
);

-- The same by payment: how many citizens paid how.
CREATE TABLE daily_payment (
    municipality    TEXT    NOT NULL,
    received_on     TEXT    NOT NULL,
    place           TEXT    NOT NULL,
    terminal        TEXT    NOT NULL,
    method          TEXT    NOT NULL,                -- none: 0円 issues
    brand           TEXT    NOT NULL,
    count           BIGINT  NOT NULL,                -- voided ones included
    amount_yen      BIGINT  NOT NULL,
    void_count      BIGINT  NOT NULL,
    void_yen        BIGINT  NOT NULL,
    PRIMARY KEY (municipality, received_on, place, terminal, method, brand)
);
