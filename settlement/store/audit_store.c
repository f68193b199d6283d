/* The audit's questions. `struct audit_rows` is a statement under a name of its own. */
#include "settlement/store/audit_store.h"

#include "settlement/store/query.h"
#include "settlement/store/refund_counts.h"

#define OF_TERMINAL " WHERE terminal = $1 ORDER BY "

/* Joins columns by the unit separator, which stands in none of them. */
#define U " || '\x1f' || "

/* What one 調定 may hold of line `l` of sale `h`: of a sale that was paid in two ways, the part of its route. */
#define PART_YEN                                                                                                       \
    "CASE WHEN h.cash_yen <= 0 OR h.cash_yen >= h.total_yen THEN l.amount_yen WHEN a.route = 'cash' THEN l.cash_yen"   \
    " ELSE l.amount_yen - l.cash_yen END"

#define ASSESSED "sum(iif(a.kind = 'decrease', -s.amount_yen, s.amount_yen))"

static const char *const questions[AUDIT_QUESTION_COUNT] = {
    [AUDIT_TERMINALS] = "SELECT t.terminal, t.municipality, t.place, t.public_key, t.head_sequence, t.head_hash,"
                        " coalesce(l.sequence, 0) FROM terminal AS t LEFT JOIN ledger_terminal AS l USING (terminal)"
                        " ORDER BY t.terminal",
    [AUDIT_RUNS] = "SELECT first, last, signed_first, last_hash, signature, lines FROM journal_run" OF_TERMINAL "last",
    [AUDIT_SALES] =
        "SELECT sequence, sale, receipt_number, business_date, received_on, method, brand, payment, total_yen,"
        " voided_by, place, fiscal_year, municipality, cash_yen, reference_kind, reference_number FROM sale" OF_TERMINAL
        "sequence",
    [AUDIT_SALE_LINES] =
        "SELECT sequence, number, item, unit_price_yen, quantity, amount_yen, tax, account, section, issuer, exemption,"
        " cash_yen, reduction_yen, coalesce(list_price_yen, -1), facility, reduction, reduction_granter, override_by,"
        " tariff, ticket FROM sale_line" OF_TERMINAL "sequence, number",
    [AUDIT_SALE_TAXES] =
        "SELECT sequence, tax, issuer, subject_yen, tax_yen FROM sale_tax" OF_TERMINAL "sequence, tax, issuer",
    [AUDIT_VOIDS] = "SELECT sequence, sale_sequence, total_yen FROM sale_void" OF_TERMINAL "sequence",
    [AUDIT_PAYMENTS] =
        "SELECT started_sequence, payment, sale, method, brand, amount_yen, state, state_sequence, abandoned_by,"
        " sale_sequence, acquirer_reference, municipality, place, business_date, how, resolved_on, approval_code,"
        " slip_number, cash_yen, rule, proved, proved_sequence FROM payment" OF_TERMINAL "started_sequence",
    [AUDIT_REVERSALS] =
        "SELECT started_sequence, reversal, payment, amount_yen, state, state_sequence FROM reversal" OF_TERMINAL
        "started_sequence",
    [AUDIT_DAYS] =
        "SELECT opened_sequence, business_date, float_yen, closed_sequence, expected_cash_yen, ledger_cash_yen,"
        " counted_cash_yen, difference_yen, masters_version FROM business_day" OF_TERMINAL "opened_sequence",
    [AUDIT_POSTINGS] = "SELECT sequence, ledger, brand, account, section, tax, issuer, received_on, amount_yen,"
                       " municipality, place, business_date FROM posting" OF_TERMINAL "sequence, number",
    [AUDIT_PARKED] = "SELECT sequence, kind, code FROM parked_line" OF_TERMINAL "sequence",
    [AUDIT_REFUNDS] = "SELECT requested_sequence, 'refund', amount_yen, "
                      "municipality" U "business_date" U "place" U "refund" U "sale" U "receipt_number" U "means" U
                      "reason" U "clerk" U "approved_by" U "state" U "state_sequence" U "ended_on" U "ended_by" U
                      "ended_approved_by" U "ended_means" U "ended_reason" U "run" U "takes_over" U
                      "coalesce((SELECT group_concat(line || ':' || amount_yen) FROM (SELECT line, amount_yen FROM"
                      " refund_line AS l WHERE l.terminal = refund.terminal AND l.requested_sequence ="
                      " refund.requested_sequence ORDER BY line) AS given), '')"
                      " FROM refund" OF_TERMINAL "requested_sequence",
    [AUDIT_FACTS] =
        "SELECT sequence, 'cash_count', total_yen, "
        "municipality" U "business_date" U "place" U "opened_sequence" U "at_ms" U "purpose" U "clerk" U "expected_yen"
        " FROM cash_count WHERE terminal = $1"
        " UNION ALL SELECT sequence, 'cash_movement', amount_yen, "
        "municipality" U "business_date" U "place" U "opened_sequence" U "at_ms" U "kind" U "clerk" U "approved_by" U
        "reason"
        " FROM cash_movement WHERE terminal = $1"
        " UNION ALL SELECT closed_sequence, 'day_close', deposit_yen, "
        "municipality" U "business_date" U "opened_sequence" U "closed_at_ms" U "closed_by" U "difference_reason" U
        "zero_count" U "number" U "close_float_yen" U "cash_in_yen" U "cash_out_yen" U "refund_cash_yen" U
        "float_returned_yen" U "ledger_float_yen" U "ledger_in_yen" U "ledger_out_yen" U "ledger_refund_yen"
        " FROM business_day WHERE terminal = $1 AND closed_sequence <> 0"
        " UNION ALL SELECT sequence, 'day_inspection', expected_cash_yen, "
        "municipality" U "business_date" U "place" U "opened_sequence" U "at_ms" U "clerk" U "number" U "float_yen" U
        "cash_in_yen" U "cash_out_yen" U "ledger_cash_yen" U "zero_count"
        " FROM day_inspection WHERE terminal = $1"
        " UNION ALL SELECT sequence, 'shift_change', counted_cash_yen, "
        "municipality" U "business_date" U "place" U "opened_sequence" U "at_ms" U "from_clerk" U "to_clerk" U
        "expected_cash_yen" U "ledger_cash_yen" U "difference_reason"
        " FROM shift_change WHERE terminal = $1"
        " UNION ALL SELECT sequence, 'ticket', 0, "
        "municipality" U "business_date" U "place" U "ticket" U "facility" U "item" U "entered_at_ms" U "clerk" U
        "label"
        " FROM ticket WHERE terminal = $1"
        " UNION ALL SELECT sequence, 'ticket_closing', 0, "
        "municipality" U "business_date" U "ticket" U "outcome" U "clerk" U "reason"
        " FROM ticket_closing WHERE terminal = $1"
        " UNION ALL SELECT sequence, 'cash_tally', sum(yen * pieces), group_concat(yen || 'x' || pieces) FROM (SELECT"
        " sequence, yen, pieces FROM cash_tally WHERE terminal = $1 ORDER BY sequence, yen DESC) AS pieces GROUP BY "
        "sequence"
        " ORDER BY 1, 2",
    [AUDIT_VISITS] = "SELECT business_date, facility, category, count, municipality FROM daily_entry"
                     " WHERE terminal = $1 ORDER BY business_date, facility, category",
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
        "SELECT municipality, received_on, terminal, place, method, brand, CASE WHEN voided_by <> 0 THEN 1 ELSE 0 END "
        "AS is_void, 1 AS count,"
        " iif(method = 'cash', total_yen, total_yen - cash_yen) AS amount_yen FROM sale"
        " UNION ALL SELECT municipality, received_on, terminal, place, 'cash', '', CASE WHEN voided_by <> 0 THEN 1 "
        "ELSE 0 END, 0, cash_yen FROM "
        "sale"
        "  WHERE method <> 'cash' AND cash_yen > 0) AS part"
        " UNION ALL SELECT municipality, received_on, terminal, place, method, brand, 0, amount_yen, 0, void_yen, 0,"
        " count, 0, void_count FROM daily_payment) AS sides"
        " GROUP BY municipality, received_on, terminal, place, method, brand"
        " HAVING sum(expected_yen) <> sum(found_yen) OR sum(expected_void_yen) <> sum(found_void_yen)"
        " OR sum(expected_count) <> sum(found_count) OR sum(expected_void_count) <> sum(found_void_count)"
        " ORDER BY received_on, terminal, method, brand",
    [AUDIT_HOURLY_PAYMENTS] =
        "SELECT received_on, hour, method, brand, sum(expected_yen), sum(found_yen), sum(expected_void_yen),"
        " sum(found_void_yen), sum(expected_count), sum(found_count), sum(expected_void_count), sum(found_void_count)"
        " FROM (SELECT municipality, received_on, hour, method, brand, amount_yen AS expected_yen, 0 AS found_yen,"
        " is_void * amount_yen AS expected_void_yen, 0 AS found_void_yen, count AS expected_count, 0 AS found_count,"
        " is_void * count AS expected_void_count, 0 AS found_void_count FROM ("
        "SELECT municipality, received_on, (recorded_at_ms / 3600000 + 9) % 24 AS hour, method, brand,"
        " CASE WHEN voided_by <> 0 THEN 1 ELSE 0 END AS is_void, 1 AS count,"
        " iif(method = 'cash', total_yen, total_yen - cash_yen) AS amount_yen FROM sale"
        " UNION ALL SELECT municipality, received_on, (recorded_at_ms / 3600000 + 9) % 24, 'cash', '',"
        " CASE WHEN voided_by <> 0 THEN 1 ELSE 0 END, 0, cash_yen FROM sale"
        " WHERE method <> 'cash' AND cash_yen > 0) AS part"
        " UNION ALL SELECT municipality, received_on, hour, method, brand, 0, amount_yen, 0, void_yen, 0, count, 0,"
        " void_count FROM hourly_payment) AS sides GROUP BY municipality, received_on, hour, method, brand"
        " HAVING sum(expected_yen) <> sum(found_yen) OR sum(expected_void_yen) <> sum(found_void_yen)"
        " OR sum(expected_count) <> sum(found_count) OR sum(expected_void_count) <> sum(found_void_count)"
        " ORDER BY received_on, hour, method, brand",
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
        " l.section, l.issuer, iif(l.exemption <> '' OR l.amount_yen > 0, l.exemption, l.reduction) AS exemption,"
        " s.method, s.brand, CASE WHEN s.voided_by <> 0 THEN 1 ELSE 0 END AS is_void,"
        " iif(s.method = 'cash', l.amount_yen, l.amount_yen - l.cash_yen) AS amount_yen, l.quantity, l.reduction_yen"
        " FROM sale AS s JOIN sale_line AS l USING (terminal, sequence)"
        " WHERE s.method = 'cash' OR l.cash_yen < l.amount_yen OR l.amount_yen = 0"
        /* Cash beside it: with the quantity when it paid the whole line. */
        " UNION ALL SELECT s.municipality, s.received_on, s.place, l.facility, l.item, l.unit_price_yen, l.tax,"
        " l.account, l.section, l.issuer, l.exemption, 'cash', '', CASE WHEN s.voided_by <> 0 THEN 1 ELSE 0 END, "
        "l.cash_yen,"
        " iif(l.cash_yen = l.amount_yen, l.quantity, 0), iif(l.cash_yen = l.amount_yen, l.reduction_yen, 0)"
        " FROM sale AS s JOIN sale_line AS l USING (terminal, sequence)"
        " WHERE s.method <> 'cash' AND l.cash_yen > 0) AS part"
        " UNION ALL SELECT municipality, received_on, place, facility, item, unit_price_yen, tax, account, section,"
        " issuer, exemption, method, brand, 0, amount_yen, 0, void_yen, 0, quantity, 0, void_quantity,"
        " void_reduction_yen - reduction_yen FROM daily_item) AS sides"
        " GROUP BY municipality, received_on, place, facility, item, unit_price_yen, tax, account, section, issuer,"
        " exemption, method, brand"
        " HAVING sum(expected_yen) <> sum(found_yen) OR sum(expected_void_yen) <> sum(found_void_yen)"
        " OR sum(expected_quantity) <> sum(found_quantity) OR sum(expected_void_quantity) <> sum(found_void_quantity)"
        " OR sum(reduction_yen) <> 0 ORDER BY received_on, place, item",
    [AUDIT_ASSESSMENT_SUMS] =
        "SELECT * FROM (SELECT a.assessment, coalesce(a.fiscal_year || '-' || a.serial, ''), a.amount_yen,"
        " coalesce((SELECT sum(amount_yen) FROM assessment_line AS l WHERE l.assessment = a.assessment), 0) AS lines,"
        " coalesce((SELECT sum(amount_yen) FROM assessment_source AS s WHERE s.assessment = a.assessment), 0) AS "
        "sources"
        " FROM assessment AS a WHERE a.state IN ('approved', 'exported')) AS sums"
        " WHERE amount_yen <> lines OR amount_yen <> sources ORDER BY assessment",
    [AUDIT_ASSESSMENT_SOURCES] =
        "SELECT a.assessment, s.terminal, s.sequence, s.amount_yen, coalesce(" PART_YEN ", 0)"
        " FROM assessment AS a JOIN assessment_source AS s USING (assessment)"
        " LEFT JOIN sale_line AS l ON l.terminal = s.terminal AND l.sequence = s.sequence AND l.number = s.number"
        " LEFT JOIN sale AS h ON h.terminal = s.terminal AND h.sequence = s.sequence"
        " WHERE a.state IN ('approved', 'exported') AND ((a.kind = 'original' AND " PART_YEN
        " IS DISTINCT FROM s.amount_yen)"
        " OR coalesce(" PART_YEN ", 0) < s.amount_yen"
        " OR l.account IS DISTINCT FROM a.account OR l.section IS DISTINCT FROM a.section OR l.tax IS DISTINCT FROM "
        "a.tax"
        " OR h.received_on IS DISTINCT FROM a.assessed_on OR h.municipality IS DISTINCT FROM a.municipality)"
        " ORDER BY a.assessment, s.terminal, s.sequence",
    [AUDIT_ASSESSMENT_TWICE] =
        "SELECT s.terminal, s.sequence, max(l.amount_yen) AS sold,"
        " " ASSESSED " AS assessed"
        " FROM assessment_source AS s JOIN assessment AS a USING (assessment)"
        " JOIN sale_line AS l ON l.terminal = s.terminal AND l.sequence = s.sequence AND l.number = s.number"
        " WHERE a.state IN ('approved', 'exported') GROUP BY s.terminal, s.sequence, s.number"
        " HAVING " ASSESSED " > max(l.amount_yen) OR " ASSESSED " < 0 ORDER BY s.terminal, s.sequence",
    [AUDIT_ASSESSMENT_LEFT] =
        "WITH paid AS (SELECT r.sale, p.line, coalesce(p.amount_yen, r.amount_yen) AS amount_yen FROM refund AS r"
        " JOIN sale AS h ON h.sale = r.sale AND h.municipality = r.municipality LEFT JOIN refund_line AS p"
        " ON p.terminal = r.terminal AND p.requested_sequence = r.requested_sequence WHERE r.state = 'paid'"
        " AND r.ended_on <= (h.fiscal_year + 1) || '-05-31'),"
        " lined AS (SELECT l.terminal, l.sequence, l.number, l.amount_yen, h.sale, coalesce((SELECT sum(p.amount_yen)"
        " FROM paid AS p WHERE p.sale = h.sale AND p.line = l.number), 0) AS back_yen FROM sale AS h"
        " JOIN sale_line AS l USING (terminal, sequence) WHERE h.sale IN (SELECT sale FROM paid)),"
        /* What no line was named for is taken of the lines in their order. */
        " loose AS (SELECT n.terminal, n.sequence, n.number, n.back_yen, n.amount_yen - n.back_yen AS room_yen,"
        " coalesce((SELECT sum(p.amount_yen) FROM paid AS p WHERE p.sale = n.sale AND p.line IS NULL), 0)"
        " - coalesce((SELECT sum(b.amount_yen - b.back_yen) FROM lined AS b WHERE b.sale = n.sale"
        " AND b.number < n.number), 0) AS loose_yen FROM lined AS n),"
        " backs AS (SELECT terminal, sequence, number, back_yen + CASE WHEN loose_yen <= 0 THEN 0"
        " WHEN loose_yen < room_yen THEN loose_yen ELSE room_yen END AS back_yen FROM loose)"
        " SELECT terminal, sequence, left_yen, assessed_yen FROM (SELECT s.terminal, s.sequence, s.number,"
        " CASE WHEN h.voided_by <> 0 THEN 0 ELSE l.amount_yen - coalesce(max(k.back_yen), 0) END AS left_yen,"
        " " ASSESSED " AS assessed_yen,"
        " l.amount_yen AS sold_yen FROM assessment_source AS s JOIN assessment AS a USING (assessment)"
        " JOIN sale AS h ON h.terminal = s.terminal AND h.sequence = s.sequence"
        " JOIN sale_line AS l ON l.terminal = s.terminal AND l.sequence = s.sequence AND l.number = s.number"
        " LEFT JOIN backs AS k ON k.terminal = s.terminal AND k.sequence = s.sequence AND k.number = s.number"
        " WHERE a.state IN ('approved', 'exported')"
        " AND NOT EXISTS (SELECT 1 FROM assessment AS w WHERE w.municipality = a.municipality"
        " AND w.assessed_on = a.assessed_on AND w.state IN ('draft', 'proposed'))"
        " AND NOT EXISTS (SELECT 1 FROM assessment_day AS w WHERE w.municipality = a.municipality"
        " AND w.received_on = a.assessed_on)"
        " AND NOT EXISTS (SELECT 1 FROM assessment_held AS w WHERE w.terminal = s.terminal"
        " AND w.sequence = s.sequence AND w.number = s.number)"
        /* What drafting has not looked at yet: a void by this till, or a refund by any. */
        " AND NOT EXISTS (SELECT 1 FROM ledger_terminal AS t LEFT JOIN assessment_progress AS q USING (terminal)"
        " WHERE t.municipality = a.municipality AND t.sequence > coalesce(q.sequence, 0)"
        " AND (t.terminal = s.terminal OR EXISTS (SELECT 1 FROM refund AS r WHERE r.terminal = t.terminal"
        " AND r.sale = h.sale)))"
        " GROUP BY s.terminal, s.sequence, s.number, h.voided_by, h.sale, h.municipality, h.fiscal_year, l.amount_yen)"
        /* More than was sold, or less than nothing, AUDIT_ASSESSMENT_TWICE says. */
        " AS lines WHERE assessed_yen <> left_yen AND assessed_yen >= 0 AND assessed_yen <= sold_yen"
        " ORDER BY terminal, sequence, number",
    [AUDIT_REFUNDS_ABOVE] =
        "SELECT s.terminal, s.sequence, s.receipt_number, iif(s.voided_by <> 0, 0, s.total_yen) AS left_yen,"
        " sum(r.amount_yen) AS given_yen FROM refund AS r JOIN sale AS s ON s.sale = r.sale"
        " WHERE " REFUND_COUNTS("r") " GROUP BY s.terminal, s.sequence, s.receipt_number, s.voided_by, s.total_yen"
                                     " HAVING sum(r.amount_yen) > iif(s.voided_by <> 0, 0, s.total_yen)"
                                     " ORDER BY s.terminal, s.sequence",
    [AUDIT_REFUND_LINES_ABOVE] =
        "SELECT s.terminal, s.sequence, s.receipt_number, p.line, coalesce(l.amount_yen, 0) AS sold_yen,"
        " sum(p.amount_yen) AS given_yen FROM refund AS r"
        " JOIN refund_line AS p ON p.terminal = r.terminal AND p.requested_sequence = r.requested_sequence"
        " JOIN sale AS s ON s.sale = r.sale"
        " LEFT JOIN sale_line AS l ON l.terminal = s.terminal AND l.sequence = s.sequence AND l.number = p.line"
        " WHERE " REFUND_COUNTS("r") " GROUP BY s.terminal, s.sequence, s.receipt_number, p.line, l.amount_yen"
                                     " HAVING sum(p.amount_yen) > coalesce(l.amount_yen, 0)"
                                     " ORDER BY s.terminal, s.sequence, p.line",
    [AUDIT_REFUNDS_OF_NOTHING] = "SELECT r.terminal, r.state_sequence, r.receipt_number, r.amount_yen FROM refund AS r"
                                 " LEFT JOIN sale AS s ON s.sale = r.sale AND s.municipality = r.municipality"
                                 " AND s.receipt_number = r.receipt_number WHERE r.state = 'paid' AND s.sale IS NULL"
                                 " ORDER BY r.terminal, r.state_sequence",
    [AUDIT_REFUNDS_TWICE] =
        "SELECT r.terminal, r.state_sequence, r.receipt_number, r.amount_yen, d.terminal FROM refund AS r JOIN refund "
        "AS d"
        " ON d.takes_over = r.refund AND d.takes_over <> '' WHERE r.state = 'paid' AND d.state = 'paid'"
        " ORDER BY r.terminal, r.state_sequence",
    [AUDIT_OPERATOR_ASSESSED] =
        "SELECT s.terminal, s.sequence, s.amount_yen, o.operator FROM operator_revenue AS o"
        " JOIN assessment_source AS s ON s.terminal = o.terminal AND s.sequence = o.sequence AND s.number = o.number"
        " JOIN assessment AS a ON a.assessment = s.assessment AND a.state IN ('approved', 'exported')"
        " AND a.kind <> 'decrease' AND a.municipality = o.municipality AND (a.route = 'cash') = (o.route = 'cash')"
        " WHERE NOT EXISTS (SELECT 1 FROM assessment_source AS t JOIN assessment AS d USING (assessment)"
        " WHERE t.terminal = s.terminal AND t.sequence = s.sequence AND t.number = s.number AND d.kind = 'decrease'"
        " AND d.route = a.route AND d.state IN ('approved', 'exported')) ORDER BY s.terminal, s.sequence, s.number",
    [AUDIT_IMPORT_FILES] =
        "SELECT i.import, i.file_name, i.sha256, coalesce(p.bytes, i.bytes) FROM import AS i LEFT JOIN file_part AS p"
        " ON p.municipality = i.municipality AND p.sha256 = i.sha256 ORDER BY i.import, p.part",
    [AUDIT_IMPORT_SUMS] =
        "SELECT i.import, i.file_name, i.amount_yen, coalesce(sum(l.amount_yen), 0) AS lines_yen, i.line_count,"
        " count(l.line) FROM import AS i LEFT JOIN statement_line AS l USING (import) WHERE i.kind = 'statement'"
        " GROUP BY i.import, i.file_name, i.amount_yen, i.line_count"
        " HAVING i.amount_yen <> coalesce(sum(l.amount_yen), 0) OR i.line_count <> count(l.line) ORDER BY i.import",
    [AUDIT_MATCHES] =
        "SELECT m.terminal, m.sequence, m.import, m.line,"
        " coalesce(iif(m.part = 'void', -p.amount_yen, p.amount_yen), 0) AS ours, coalesce(l.amount_yen, 0) AS theirs"
        " FROM matched AS m"
        " LEFT JOIN payment AS p ON p.terminal = m.terminal AND p.started_sequence = m.sequence"
        " LEFT JOIN statement_line AS l ON l.import = m.import AND l.line = m.line"
        " WHERE coalesce(iif(m.part = 'void', -p.amount_yen, p.amount_yen), 0) <> coalesce(l.amount_yen, 0)"
        " AND NOT EXISTS (SELECT 1 FROM split_part AS s WHERE s.terminal = m.terminal AND s.sequence = m.sequence"
        " AND s.part = m.part AND s.import = m.import AND s.line = m.line) /* in several pieces: OUTSIDE_SPLITS */"
        " OR p.terminal IS NULL OR l.import IS NULL OR p.municipality <> m.municipality"
        " ORDER BY m.terminal, m.sequence, m.part",
    [AUDIT_PAYOUT_CREDITS] =
        /* A line that pays one payout is all its; of one that pays several, its portion is. */
    "SELECT p.payout, p.credited_yen, coalesce(sum(CASE WHEN n.portions = 1 THEN b.amount_yen WHEN b.import IS NOT"
    " NULL THEN c.amount_yen END), 0) AS bank_yen FROM payout AS p"
    " LEFT JOIN payout_credit AS c USING (municipality, trustee, payout) LEFT JOIN (SELECT import, line, count(*)"
    " AS portions FROM payout_credit GROUP BY import, line) AS n ON n.import = c.import AND n.line = c.line"
    " LEFT JOIN bank_line AS b ON b.import = c.import AND b.line = c.line AND b.direction = 'in'"
    " GROUP BY p.municipality, p.trustee, p.payout, p.credited_yen"
    " HAVING p.credited_yen <> coalesce(sum(CASE WHEN n.portions = 1 THEN b.amount_yen WHEN b.import IS NOT NULL"
    " THEN c.amount_yen END), 0) ORDER BY p.payout",
    [AUDIT_ASSESSMENT_NUMBERS] =
        "SELECT municipality, fiscal_year, count(*), max(serial) FROM assessment WHERE serial IS NOT NULL"
        " GROUP BY municipality, fiscal_year HAVING count(*) <> max(serial) OR min(serial) <> 1 ORDER BY 1, 2",
};

/* Only drawers that masters ever gave to two tills can be shared: that keeps the comparison small. */
#define DRAWERS_SHARED(DRAWERS, CODE, TERMINAL)                                                                        \
    "WITH given AS MATERIALIZED (SELECT DISTINCT m.municipality, m.version,"                                           \
    " " CODE " AS drawer, " TERMINAL " AS terminal"                                                                    \
    " FROM masters AS m, " DRAWERS " AS d),"                                                                           \
    " used AS MATERIALIZED (SELECT b.municipality, g.drawer, b.terminal, b.opened_sequence, b.opened_at_ms AS since,"  \
    " iif(b.closed_sequence = 0, 9007199254740991, b.closed_at_ms) AS until FROM given AS g"                           \
    " JOIN business_day AS b ON b.terminal = g.terminal AND b.municipality = g.municipality"                           \
    " AND b.masters_version = g.version WHERE (g.municipality, g.drawer) IN (SELECT municipality, drawer FROM given"   \
    " GROUP BY municipality, drawer HAVING count(DISTINCT terminal) > 1))"                                             \
    " SELECT a.drawer, a.terminal, a.opened_sequence, b.terminal, b.opened_sequence FROM used AS a"                    \
    " JOIN used AS b ON b.municipality = a.municipality AND b.drawer = a.drawer AND b.terminal > a.terminal"           \
    " AND b.since < a.until AND a.since < b.until ORDER BY a.terminal, a.opened_sequence, b.terminal"
static const char drawers_shared_sqlite[] =
    DRAWERS_SHARED("json_each(CAST(m.document AS TEXT), '$.drawers')", "json_extract(d.value, '$.code')",
                   "json_extract(d.value, '$.terminal')");
static const char drawers_shared_postgresql[] =
    DRAWERS_SHARED("jsonb_array_elements(convert_from(m.document, 'UTF8')::jsonb -> 'drawers')", "d.value ->> 'code'",
                   "d.value ->> 'terminal'");

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
    const char *sql = question == AUDIT_DRAWERS_SHARED
                          ? query_variant(txn, drawers_shared_sqlite, drawers_shared_postgresql)
                          : questions[question];
    enum status status = query_open(txn, sql, &argument, terminal != NULL ? 1 : 0, &statement, err);
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
