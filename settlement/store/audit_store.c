/* The audit's questions. `struct audit_rows` is a statement under a name of its own. */
#include "settlement/store/audit_store.h"

#include "settlement/store/query.h"

#define OF_TERMINAL " WHERE terminal = $1 ORDER BY "

static const char *const questions[AUDIT_QUESTION_COUNT] = {
    [AUDIT_TERMINALS] = "SELECT t.terminal, t.municipality, t.place, t.public_key, t.head_sequence, t.head_hash,"
                        " coalesce(l.sequence, 0) FROM terminal AS t LEFT JOIN ledger_terminal AS l USING (terminal)"
                        " ORDER BY t.terminal",
    [AUDIT_RUNS] = "SELECT first, last, signed_first, last_hash, signature, lines FROM journal_run" OF_TERMINAL "last",
    [AUDIT_SALES] =
        "SELECT sequence, sale, receipt_number, business_date, received_on, method, brand, payment, total_yen,"
        " voided_by, place, fiscal_year, municipality FROM sale" OF_TERMINAL "sequence",
    [AUDIT_SALE_LINES] =
        "SELECT sequence, number, item, unit_price_yen, quantity, amount_yen, tax, account, section, issuer, exemption"
        " FROM sale_line" OF_TERMINAL "sequence, number",
    [AUDIT_SALE_TAXES] =
        "SELECT sequence, tax, issuer, subject_yen, tax_yen FROM sale_tax" OF_TERMINAL "sequence, tax, issuer",
    [AUDIT_VOIDS] = "SELECT sequence, sale_sequence, total_yen FROM sale_void" OF_TERMINAL "sequence",
    [AUDIT_PAYMENTS] =
        "SELECT started_sequence, payment, sale, method, brand, amount_yen, state, state_sequence, abandoned_by,"
        " sale_sequence, acquirer_reference, municipality, place, business_date, how, resolved_on, approval_code,"
        " slip_number FROM payment" OF_TERMINAL "started_sequence",
    [AUDIT_REVERSALS] =
        "SELECT started_sequence, reversal, payment, amount_yen, state, state_sequence FROM reversal" OF_TERMINAL
        "started_sequence",
    [AUDIT_DAYS] =
        "SELECT opened_sequence, business_date, float_yen, closed_sequence, expected_cash_yen, ledger_cash_yen,"
        " counted_cash_yen, difference_yen FROM business_day" OF_TERMINAL "opened_sequence",
    [AUDIT_POSTINGS] = "SELECT sequence, ledger, brand, account, section, tax, issuer, received_on, amount_yen,"
                       " municipality, place, business_date FROM posting" OF_TERMINAL "sequence, number",
    [AUDIT_PARKED] = "SELECT sequence, kind, code FROM parked_line" OF_TERMINAL "sequence",
    [AUDIT_STRANGERS] =
        "SELECT 'sale', terminal, sequence FROM sale WHERE terminal NOT IN (SELECT terminal FROM terminal)"
        " UNION ALL SELECT 'payment', terminal, started_sequence FROM payment"
        " WHERE terminal NOT IN (SELECT terminal FROM terminal)"
        " UNION ALL SELECT 'posting', terminal, sequence FROM posting"
        " WHERE terminal NOT IN (SELECT terminal FROM terminal) ORDER BY 2, 3, 1",
    [AUDIT_DAILY_PAYMENTS] =
        "SELECT received_on, terminal, place, method, brand, sum(expected_yen), sum(found_yen), sum(expected_void_yen),"
        " sum(found_void_yen), sum(expected_count), sum(found_count), sum(expected_void_count), sum(found_void_count)"
        " FROM (SELECT municipality, received_on, terminal, place, method, brand, amount_yen AS expected_yen,"
        " 0 AS found_yen, is_void * amount_yen AS expected_void_yen, 0 AS found_void_yen, count AS expected_count,"
        " 0 AS found_count, is_void * count AS expected_void_count, 0 AS found_void_count FROM ("
        "SELECT municipality, received_on, terminal, place, method, brand, voided_by <> 0 AS is_void, 1 AS count,"
        " iif(method = 'cash', total_yen, total_yen - cash_yen) AS amount_yen FROM sale"
        " UNION ALL SELECT municipality, received_on, terminal, place, 'cash', '', voided_by <> 0, 0, cash_yen FROM "
        "sale"
        " WHERE method <> 'cash' AND cash_yen > 0)"
        " UNION ALL SELECT municipality, received_on, terminal, place, method, brand, 0, amount_yen, 0, void_yen, 0,"
        " count, 0, void_count FROM daily_payment)"
        " GROUP BY municipality, received_on, terminal, place, method, brand"
        " HAVING sum(expected_yen) <> sum(found_yen) OR sum(expected_void_yen) <> sum(found_void_yen)"
        " OR sum(expected_count) <> sum(found_count) OR sum(expected_void_count) <> sum(found_void_count)"
        " ORDER BY received_on, terminal, method, brand",
    [AUDIT_DAILY_ITEMS] =
        "SELECT received_on, place, item, method, brand, sum(expected_yen), sum(found_yen), sum(expected_void_yen),"
        " sum(found_void_yen), sum(expected_quantity), sum(found_quantity), sum(expected_void_quantity),"
        " sum(found_void_quantity)"
        " FROM (SELECT municipality, received_on, place, facility, item, unit_price_yen, tax, account, section, issuer,"
        " exemption, method, brand, amount_yen AS expected_yen, 0 AS found_yen,"
        " is_void * amount_yen AS expected_void_yen, 0 AS found_void_yen, quantity AS expected_quantity,"
        " 0 AS found_quantity, is_void * quantity AS expected_void_quantity, 0 AS found_void_quantity,"
        " (1 - is_void) * reduction_yen AS reduction_yen FROM ("
        /* The cashless part, or the whole of a sale paid in one way. */
        "SELECT s.municipality, s.received_on, s.place, l.facility, l.item, l.unit_price_yen, l.tax, l.account,"
        " l.section, l.issuer, l.exemption, s.method, s.brand, s.voided_by <> 0 AS is_void,"
        " iif(s.method = 'cash', l.amount_yen, l.amount_yen - l.cash_yen) AS amount_yen, l.quantity, l.reduction_yen"
        " FROM sale AS s JOIN sale_line AS l USING (terminal, sequence)"
        " WHERE s.method = 'cash' OR l.cash_yen < l.amount_yen OR l.amount_yen = 0"
        /* Cash beside it: with the quantity when it paid the whole line. */
        " UNION ALL SELECT s.municipality, s.received_on, s.place, l.facility, l.item, l.unit_price_yen, l.tax,"
        " l.account, l.section, l.issuer, l.exemption, 'cash', '', s.voided_by <> 0, l.cash_yen,"
        " iif(l.cash_yen = l.amount_yen, l.quantity, 0), iif(l.cash_yen = l.amount_yen, l.reduction_yen, 0)"
        " FROM sale AS s JOIN sale_line AS l USING (terminal, sequence)"
        " WHERE s.method <> 'cash' AND l.cash_yen > 0)"
        " UNION ALL SELECT municipality, received_on, place, facility, item, unit_price_yen, tax, account, section,"
        " issuer, exemption, method, brand, 0, amount_yen, 0, void_yen, 0, quantity, 0, void_quantity,"
        " void_reduction_yen - reduction_yen FROM daily_item)"
        " GROUP BY municipality, received_on, place, facility, item, unit_price_yen, tax, account, section, issuer,"
        " exemption, method, brand"
        " HAVING sum(expected_yen) <> sum(found_yen) OR sum(expected_void_yen) <> sum(found_void_yen)"
        " OR sum(expected_quantity) <> sum(found_quantity) OR sum(expected_void_quantity) <> sum(found_void_quantity)"
        " OR sum(reduction_yen) <> 0 ORDER BY received_on, place, item",
    [AUDIT_ASSESSMENT_SUMS] =
        "SELECT a.assessment, coalesce(a.fiscal_year || '-' || a.serial, ''), a.amount_yen,"
        " coalesce((SELECT sum(amount_yen) FROM assessment_line AS l WHERE l.assessment = a.assessment), 0) AS lines,"
        " coalesce((SELECT sum(amount_yen) FROM assessment_source AS s WHERE s.assessment = a.assessment), 0) AS "
        "sources"
        " FROM assessment AS a WHERE a.state IN ('approved', 'exported')"
        " AND (a.amount_yen <> lines OR a.amount_yen <> sources) ORDER BY a.assessment",
    [AUDIT_ASSESSMENT_SOURCES] =
        "SELECT a.assessment, s.terminal, s.sequence, s.amount_yen, coalesce(l.amount_yen, 0)"
        " FROM assessment AS a JOIN assessment_source AS s USING (assessment)"
        " LEFT JOIN sale_line AS l ON l.terminal = s.terminal AND l.sequence = s.sequence AND l.number = s.number"
        " LEFT JOIN sale AS h ON h.terminal = s.terminal AND h.sequence = s.sequence"
        " WHERE a.state IN ('approved', 'exported') AND (l.amount_yen IS NOT s.amount_yen"
        " OR l.account IS NOT a.account OR l.section IS NOT a.section OR l.tax IS NOT a.tax"
        " OR h.received_on IS NOT a.assessed_on OR h.municipality IS NOT a.municipality)"
        " ORDER BY a.assessment, s.terminal, s.sequence",
    [AUDIT_ASSESSMENT_TWICE] =
        "SELECT s.terminal, s.sequence, max(l.amount_yen) AS sold,"
        " sum(iif(a.kind = 'decrease', -s.amount_yen, s.amount_yen)) AS assessed"
        " FROM assessment_source AS s JOIN assessment AS a USING (assessment)"
        " JOIN sale_line AS l ON l.terminal = s.terminal AND l.sequence = s.sequence AND l.number = s.number"
        " WHERE a.state IN ('approved', 'exported') GROUP BY s.terminal, s.sequence, s.number"
        " HAVING assessed > sold OR assessed < 0 ORDER BY s.terminal, s.sequence",
    [AUDIT_IMPORT_FILES] = "SELECT import, file_name, sha256, bytes FROM import ORDER BY import",
    [AUDIT_IMPORT_SUMS] =
        "SELECT i.import, i.file_name, i.amount_yen, coalesce(sum(l.amount_yen), 0) AS lines_yen, i.line_count,"
        " count(l.line) FROM import AS i LEFT JOIN statement_line AS l USING (import) WHERE i.kind = 'statement'"
        " GROUP BY i.import HAVING i.amount_yen <> lines_yen OR i.line_count <> count(l.line) ORDER BY i.import",
    [AUDIT_MATCHES] =
        "SELECT m.terminal, m.sequence, m.import, m.line,"
        " coalesce(iif(m.part = 'void', -p.amount_yen, p.amount_yen), 0) AS ours, coalesce(l.amount_yen, 0) AS theirs"
        " FROM matched AS m"
        " LEFT JOIN payment AS p ON p.terminal = m.terminal AND p.started_sequence = m.sequence"
        " LEFT JOIN statement_line AS l ON l.import = m.import AND l.line = m.line"
        " WHERE ours <> theirs OR p.terminal IS NULL OR l.import IS NULL OR p.municipality <> m.municipality"
        " ORDER BY m.terminal, m.sequence, m.part",
    [AUDIT_PAYOUT_CREDITS] =
        "SELECT p.payout, p.credited_yen, coalesce(sum(b.amount_yen), 0) AS bank_yen FROM payout AS p"
        " LEFT JOIN payout_credit AS c USING (municipality, trustee, payout)"
        " LEFT JOIN bank_line AS b ON b.import = c.import AND b.line = c.line AND b.direction = 'in'"
        " GROUP BY p.municipality, p.trustee, p.payout HAVING p.credited_yen <> bank_yen ORDER BY p.payout",
    [AUDIT_ASSESSMENT_NUMBERS] =
        "SELECT municipality, fiscal_year, count(*), max(serial) FROM assessment WHERE serial IS NOT NULL"
        " GROUP BY municipality, fiscal_year HAVING count(*) <> max(serial) OR min(serial) <> 1 ORDER BY 1, 2",
};

static struct statement *
statement_of(struct audit_rows *rows)
{
    return (struct statement *)(void *)rows;
}

static const struct statement *
const_statement_of(const struct audit_rows *rows)
{
    return (const struct statement *)(const void *)rows;
}

enum status
audit_rows_begin(struct store_txn *txn, enum audit_question question, const char *terminal, struct audit_rows **out,
                 struct error_detail *err)
{
    struct statement *statement;
    struct bound argument = bound_text(terminal);
    enum status status = query_open(txn, questions[question], &argument, terminal != NULL ? 1 : 0, &statement, err);
    if (status == STATUS_OK) {
        *out = (struct audit_rows *)(void *)statement;
    }
    return status;
}

enum status
audit_rows_next(struct audit_rows *rows, bool *out_has_row, struct error_detail *err)
{
    return statement_step(statement_of(rows), out_has_row, err);
}

void
audit_rows_end(struct audit_rows *rows)
{
    if (rows != NULL) {
        statement_reset(statement_of(rows));
    }
}

int64_t
audit_int(const struct audit_rows *rows, int column)
{
    return statement_column_int(const_statement_of(rows), column);
}

const char *
audit_text(const struct audit_rows *rows, int column)
{
    return statement_column_text(const_statement_of(rows), column);
}

const void *
audit_blob(const struct audit_rows *rows, int column, size_t *out_length)
{
    return statement_column_blob(const_statement_of(rows), column, out_length);
}
