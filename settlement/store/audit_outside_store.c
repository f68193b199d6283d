/* The audit's questions beyond the ledger. None of them is shared with matching: what a pair must be is said here
 * again, in other words. */
#include "settlement/store/audit_outside_store.h"

#include "common/identity/identity.h"
#include "settlement/store/query.h"

/* Our side of a pair as its statement should have it. */
#define OUR_YEN(part) "CASE WHEN " part " = 'void' THEN -p.amount_yen ELSE p.amount_yen END"

/* A person has judged payment `p`'s PART: it is carried on no list. */
#define PAYMENT_IS_JUDGED(part)                                                                                        \
    "EXISTS (SELECT 1 FROM discrepancy AS d WHERE d.payment = p.payment AND d.terminal = p.terminal"                   \
    " AND d.sequence = p.started_sequence AND d.municipality = p.municipality AND d.state = 'resolved'"                \
    " AND d.subject LIKE '%:" part "')"
#define IN_NO_PLACE(part)                                                                                              \
    "NOT EXISTS (SELECT 1 FROM matched AS m WHERE m.terminal = p.terminal AND m.sequence = p.started_sequence"         \
    " AND m.part = '" part "') AND NOT EXISTS (SELECT 1 FROM open_item AS o WHERE o.terminal = p.terminal"             \
    " AND o.sequence = p.started_sequence AND o.part = '" part "') AND NOT " PAYMENT_IS_JUDGED(part)
#define GIVEN_BACK "EXISTS (SELECT 1 FROM reversal AS r WHERE r.payment = p.payment AND r.state = 'reversed')"

/* It counts: no other file has taken its place, and its file does not wait for a second person. */
#define COUNTS " NOT EXISTS (SELECT 1 FROM line_aside AS x WHERE x.import = l.import AND x.line = l.line)"
/* Lines that runs have looked at. */
#define SEEN_LINES                                                                                                     \
    "statement_line AS l JOIN import AS i ON i.import = l.import"                                                      \
    " JOIN matching_state AS s ON s.municipality = i.municipality AND i.import <= s.import"

/* It took no other file's place, and no other took its. */
#define STANDS_FOR_ITSELF(import)                                                                                      \
    "NOT EXISTS (SELECT 1 FROM import_replacement AS y WHERE y.earlier = " import " OR y.later = " import ")"

/* A person said that the credit pays this portion. */
#define DECIDED(portion)                                                                                               \
    "EXISTS (SELECT 1 FROM credit_spread AS ds JOIN credit_spread_part AS dp ON dp.spread = ds.spread"                 \
    " WHERE ds.import = " #portion ".import AND ds.line = " #portion ".line AND ds.undone_by = ''"                     \
    " AND dp.trustee = " #portion ".trustee AND dp.payout = " #portion ".payout"                                       \
    " AND dp.amount_yen = " #portion ".amount_yen)"

/* A person said that the payment and the line belong together in several pieces. */
#define IN_PIECES(pair)                                                                                                \
    "EXISTS (SELECT 1 FROM split_part AS sp JOIN split_decision AS sd ON sd.split = sp.split"                          \
    " WHERE sp.terminal = " #pair ".terminal AND sp.sequence = " #pair ".sequence AND sp.part = " #pair ".part"        \
    " AND sp.import = " #pair ".import AND sp.line = " #pair ".line AND sd.municipality = " #pair ".municipality"      \
    " AND sd.undone_by = '')"
/* The two sides of decision `s`, each piece once. */
#define PIECES_OF_OURS                                                                                                 \
    "(SELECT coalesce(sum(CASE WHEN a.part = 'void' THEN -p.amount_yen ELSE p.amount_yen END), 0) FROM"                \
    " (SELECT DISTINCT terminal, sequence, part FROM split_part WHERE split = s.split) AS a"                           \
    " JOIN payment AS p ON p.terminal = a.terminal AND p.started_sequence = a.sequence)"
#define PIECES_OF_THEIRS                                                                                               \
    "(SELECT coalesce(sum(l.amount_yen), 0) FROM (SELECT DISTINCT import, line FROM split_part WHERE split = s.split)" \
    " AS a JOIN statement_line AS l ON l.import = a.import AND l.line = a.line)"
/* How many pairs of decision `s` stand: the first of a payment in `matched`, the further ones beside it. */
#define PAIRS_THAT_STAND                                                                                               \
    "((SELECT count(*) FROM split_part AS a JOIN matched AS m ON m.terminal = a.terminal AND m.sequence = a.sequence"  \
    " AND m.part = a.part AND m.import = a.import AND m.line = a.line WHERE a.split = s.split) +"                      \
    " (SELECT count(*) FROM split_part AS a JOIN matched_more AS m ON m.terminal = a.terminal"                         \
    " AND m.sequence = a.sequence AND m.part = a.part AND m.import = a.import AND m.line = a.line"                     \
    " WHERE a.split = s.split))"

/* What the line that closed day `b` posted to LEDGER; SIGN is "sum" or "-sum". The postings were held against the
 * journal. */
#define PUT_ASIDE(ledger, sign)                                                                                        \
    "coalesce((SELECT " sign "(o.amount_yen) FROM posting AS o WHERE o.terminal = b.terminal"                          \
    " AND o.sequence = b.closed_sequence AND o.ledger = '" ledger "'), 0)"

/* What the access log says of a closing: settlement/closing writes it there in these words. */
#define CLOSING_FIGURES                                                                                                \
    "'調定' || assessed_count || '件 ' || assessed_yen || '円 収入済' || received_yen || '円 収入未済' ||" \
    " outstanding_yen || '円 SHA-256 ' || record_sha256"

static const char *const questions[OUTSIDE_QUESTION_COUNT] = {
    [OUTSIDE_MATCHES] = "SELECT m.terminal, m.sequence, m.import, m.line, m.matched_by, " OUR_YEN(
        "m.part") " FROM matched AS m"
                  " JOIN payment AS p ON p.terminal = m.terminal AND p.started_sequence = m.sequence"
                  " JOIN statement_line AS l ON l.import = m.import AND l.line = m.line JOIN import AS i ON i.import = "
                  "m.import"
                  " WHERE i.municipality <> m.municipality OR l.kind = 'fee' OR NOT ("
                  "(m.matched_by = 'reference' AND l.merchant_reference = p.payment)"
                  " OR (m.matched_by = 'acquirer_reference' AND l.acquirer_reference <> ''"
                  " AND l.acquirer_reference = p.acquirer_reference)"
                  " OR (m.matched_by = 'slip' AND m.part = 'sale' AND l.merchant_reference = '' AND l.terminal = "
                  "p.terminal"
                  " AND ltrim(l.slip, '0') <> '' AND ltrim(l.slip, '0') = ltrim(p.slip_number, '0')"
                  " AND l.amount_yen = p.amount_yen AND (l.acquirer_reference = '' OR p.acquirer_reference = ''"
                  " OR l.acquirer_reference = p.acquirer_reference) AND (l.accepted_at_ms IS NULL OR"
                  " p.accepted_at_ms IS NULL OR abs(l.accepted_at_ms - p.accepted_at_ms) <= 86400000))"
                  " OR (m.matched_by = 'decision' AND EXISTS (SELECT 1 FROM pair_decision AS d"
                  " WHERE d.municipality = m.municipality AND d.terminal = m.terminal AND d.sequence = m.sequence"
                  " AND d.part = m.part AND d.import = m.import AND d.line = m.line AND d.is_pair = 1 AND d.undone_by "
                  "= '')) OR (m.matched_by = 'decision' AND " IN_PIECES(
                      m) "))"
                         " OR EXISTS (SELECT 1 FROM pair_decision AS d WHERE d.municipality = m.municipality"
                         " AND d.terminal = m.terminal AND d.sequence = m.sequence AND d.part = m.part AND d.import = "
                         "m.import"
                         " AND d.line = m.line AND d.is_pair = 0 AND d.undone_by = '')"
                         " ORDER BY m.terminal, m.sequence, m.part",
    [OUTSIDE_LINES_TWICE] = "SELECT m.import, m.line, l.amount_yen, sum(" OUR_YEN(
        "m.part") ") FROM matched AS m"
                  " JOIN payment AS p ON p.terminal = m.terminal AND p.started_sequence = m.sequence"
                  " JOIN statement_line AS l ON l.import = m.import AND l.line = m.line"
                  " WHERE NOT " IN_PIECES(m) " GROUP BY m.import, m.line, l.amount_yen HAVING count(*) > 1"
                                             " ORDER BY m.import, m.line",
    [OUTSIDE_ABSENT_PAYMENTS] =
        "SELECT p.terminal AS terminal, p.started_sequence AS sequence, 'sale' AS part, p.amount_yen,"
        " CASE WHEN p.state = 'reversed' OR coalesce(v.voided_by, 0) <> 0 OR " GIVEN_BACK " THEN 1 ELSE 0 END,"
        " p.business_date, s.due_day FROM payment AS p"
        " JOIN matching_progress AS g ON g.terminal = p.terminal AND p.started_sequence <= g.sequence"
        " JOIN matching_state AS s ON s.municipality = p.municipality AND s.rescan = 0"
        " LEFT JOIN sale AS v ON v.terminal = p.terminal AND v.sequence = p.sale_sequence"
        " WHERE p.state IN ('approved', 'held', 'reversed') AND " IN_NO_PLACE(
            "sale") " UNION ALL SELECT p.terminal, p.started_sequence, 'void', -p.amount_yen, 0, p.business_date, "
                    "s.due_day"
                    " FROM sale_void AS c JOIN matching_progress AS g ON g.terminal = c.terminal AND c.sequence <= "
                    "g.sequence"
                    " JOIN sale AS v ON v.terminal = c.terminal AND v.sequence = c.sale_sequence AND v.payment <> ''"
                    " JOIN payment AS p ON p.payment = v.payment AND p.sale_sequence <> 0"
                    " JOIN matching_state AS s ON s.municipality = p.municipality AND s.rescan = 0"
                    " WHERE p.state IN ('approved', 'held', 'reversed') AND " IN_NO_PLACE(
                        "void") " ORDER BY terminal, sequence, part",
    [OUTSIDE_PAYMENTS_TWICE] = "SELECT o.terminal, o.sequence, o.part, " OUR_YEN(
        "o.part") " FROM open_item AS o"
                  " JOIN matched AS m ON m.terminal = o.terminal AND m.sequence = o.sequence AND m.part = o.part"
                  " JOIN payment AS p ON p.terminal = o.terminal AND p.started_sequence = o.sequence"
                  " ORDER BY o.terminal, o.sequence, o.part",
    [OUTSIDE_STRANGE_ITEMS] =
        "SELECT o.terminal, o.sequence FROM open_item AS o"
        " JOIN matching_state AS s ON s.municipality = o.municipality AND s.rescan = 0"
        " LEFT JOIN payment AS p ON p.terminal = o.terminal AND p.started_sequence = o.sequence"
        " AND p.municipality = o.municipality WHERE p.terminal IS NULL ORDER BY o.terminal, o.sequence, o.part",
    [OUTSIDE_LINES] =
        "SELECT l.import, l.line, l.amount_yen, CASE WHEN o.import IS NULL THEN 0 ELSE 1 END FROM " SEEN_LINES
        " LEFT JOIN (SELECT import, line, count(*) AS pairs FROM (SELECT import, line FROM matched"
        " UNION ALL SELECT import, line FROM matched_more UNION ALL SELECT import, line FROM refund_seen) AS b GROUP "
        "BY import, line) AS m"
        " ON m.import = l.import AND m.line = l.line"
        " LEFT JOIN open_line AS o ON o.import = l.import AND o.line = l.line WHERE l.kind <> 'fee' AND" COUNTS
        " AND ((m.pairs IS NOT NULL AND o.import IS NOT NULL) OR (m.pairs IS NULL AND o.import IS NULL AND NOT EXISTS"
        " (SELECT 1 FROM discrepancy AS d WHERE d.import = l.import AND d.line = l.line AND d.state = 'resolved'"
        " AND d.is_remark = 0))) ORDER BY l.import, l.line",
    [OUTSIDE_STRANGE_LINES] =
        "SELECT o.import, o.line FROM open_line AS o LEFT JOIN statement_line AS l ON l.import = o.import"
        " AND l.line = o.line AND l.kind <> 'fee' LEFT JOIN import AS i ON i.import = o.import"
        " AND i.municipality = o.municipality WHERE l.import IS NULL OR i.import IS NULL ORDER BY o.import, o.line",
    /* Of a pair the difference, of a cancellation that was paid what was paid, else what stands on the one side. Fees
     * are another matter: they follow from terms. */
    [OUTSIDE_STAKES] =
        "SELECT discrepancy, class, right_yen, amount_yen FROM (SELECT d.discrepancy, d.class, d.amount_yen,"
        " CASE WHEN d.class = 'amount_differs' AND d.sequence <> 0 AND d.import <> 0 THEN l.amount_yen"
        " - CASE WHEN d.subject LIKE '%:void' THEN -p.amount_yen ELSE p.amount_yen END"
        " WHEN d.subject LIKE 'payment:%' AND d.class = 'paid_though_voided' THEN p.amount_yen"
        " WHEN d.subject LIKE 'payment:%:void' THEN -p.amount_yen"
        " WHEN d.subject LIKE 'payment:%' THEN p.amount_yen ELSE l.amount_yen END AS right_yen FROM discrepancy AS d"
        " LEFT JOIN payment AS p ON p.terminal = d.terminal AND p.started_sequence = d.sequence"
        " LEFT JOIN statement_line AS l ON l.import = d.import AND l.line = d.line"
        " WHERE d.state <> 'cleared' AND (d.subject LIKE 'payment:%' OR d.subject LIKE 'line:%')"
        " AND d.class <> 'fee_differs') AS t WHERE right_yen IS NULL OR right_yen <> amount_yen ORDER BY discrepancy",
    [OUTSIDE_DEPOSIT_STAKES] =
        "SELECT d.discrepancy, d.class, abs(p.expected_yen - p.credited_yen), d.amount_yen FROM discrepancy AS d"
        " JOIN payout AS p ON p.municipality = d.municipality AND p.trustee = d.trustee AND p.payout = d.payout"
        " WHERE d.state = 'open' AND d.class IN ('deposit_short', 'deposit_over', 'transfer_fee_deducted')"
        " AND d.subject LIKE 'payout:%' AND abs(p.expected_yen - p.credited_yen) <> d.amount_yen ORDER BY "
        "d.discrepancy",
    /* Only what runs have seen of the bank's record counts: a file that came since is for the next run. */
    [OUTSIDE_DEPOSITS_UNHEARD] =
        "SELECT p.trustee, p.payout, p.expected_yen, p.payable_on FROM payout AS p JOIN (SELECT i.municipality AS city,"
        " max(i.last_on) AS covered FROM import AS i JOIN matching_state AS s ON s.municipality = i.municipality"
        " AND i.import <= s.import WHERE i.kind = 'bank' AND (i.line_count = 0 OR i.line_count > (SELECT count(*)"
        " FROM line_aside AS a WHERE a.import = i.import)) GROUP BY i.municipality) AS b ON b.city = p.municipality"
        " WHERE p.credited_yen = 0 AND p.expected_yen > 0 AND p.payable_on <> '' AND p.payable_on <= b.covered"
        " AND NOT EXISTS (SELECT 1 FROM discrepancy AS d WHERE d.municipality = p.municipality"
        " AND d.subject = 'payout:' || p.trustee || ':' || p.payout AND d.state <> 'cleared')"
        " ORDER BY p.trustee, p.payout",
    [OUTSIDE_PAYOUT_FACTS] =
        "SELECT p.municipality, p.trustee, p.payout, t.yen, t.fee, t.named, coalesce(t.first_ms, t.came_ms),"
        " coalesce(b.covered, ''), p.expected_yen, p.carry_yen, p.credited_yen, p.is_carried, p.payable_on,"
        " p.carried_to, coalesce((SELECT sum(c.amount_yen) FROM payout_credit AS c JOIN bank_line AS k"
        " ON k.import = c.import AND k.line = c.line AND trim(k.edi) = '' AND NOT " DECIDED(
            c) " WHERE c.municipality = p.municipality"
               " AND c.trustee = p.trustee AND c.payout = p.payout), 0)"
               " FROM payout AS p JOIN (SELECT i.municipality AS city, i.trustee AS trustee, l.payout AS payout,"
               " sum(l.amount_yen) AS yen, sum(l.fee_yen) AS fee, max(l.pay_date) AS named, min(l.accepted_at_ms) AS "
               "first_ms,"
               " min(i.imported_at_ms) AS came_ms FROM " SEEN_LINES " WHERE l.payout <> '' AND" COUNTS
               " GROUP BY i.municipality, i.trustee, l.payout) AS t ON t.city = p.municipality AND t.trustee = "
               "p.trustee"
               " AND t.payout = p.payout LEFT JOIN (SELECT i.municipality AS city, max(i.last_on) AS covered FROM "
               "import AS i"
               " JOIN matching_state AS s ON s.municipality = i.municipality AND i.import <= s.import WHERE i.kind = "
               "'bank'"
               " AND (i.line_count = 0 OR i.line_count > (SELECT count(*) FROM line_aside AS a WHERE a.import = "
               "i.import))"
               " GROUP BY i.municipality) AS b ON b.city = p.municipality ORDER BY p.municipality, p.trustee, p.payout",
    [OUTSIDE_FEE_LINES] =
        "SELECT l.import, l.payout, l.brand, CASE WHEN l.accepted_at_ms IS NULL THEN 0 ELSE 1 END,"
        " coalesce(l.accepted_at_ms, 0), l.amount_yen, l.fee_yen FROM " SEEN_LINES " WHERE i.municipality = $1"
        " AND l.kind <> 'fee' AND " STANDS_FOR_ITSELF("l.import") " ORDER BY l.import, l.line",
    [OUTSIDE_FEE_DIFFERENCES] =
        "SELECT d.subject, d.amount_yen FROM discrepancy AS d WHERE d.municipality = $1 AND d.class = 'fee_differs'"
        " AND d.subject LIKE 'fee:%' AND d.state <> 'cleared' AND " STANDS_FOR_ITSELF("d.import") " ORDER BY d.subject",
    [OUTSIDE_SECOND_PERSONS] =
        "SELECT '要確認' AS what, d.discrepancy AS number, d.amount_yen FROM discrepancy AS d"
        " WHERE d.state = 'resolved' AND d.resolution IN ('refund', 'collect', 'write_off', 'suspense')"
        " AND (d.confirmed_by = '' OR d.confirmed_by = d.resolved_by"
        " OR NOT EXISTS (SELECT 1 FROM staff AS s WHERE s.login = d.confirmed_by))"
        " UNION ALL SELECT '差替え', r.replacement, i.amount_yen FROM import_replacement AS r"
        " JOIN import AS i ON i.import = r.later WHERE r.state = 'done'"
        " AND r.changed_count + r.gone_count + r.added_count > 0 AND (r.decided_by = '' OR r.decided_by ="
        " r.proposed_by OR NOT EXISTS (SELECT 1 FROM staff AS s WHERE s.login = r.decided_by))"
        " UNION ALL SELECT '調定', a.assessment, a.amount_yen FROM assessment AS a"
        " WHERE a.state IN ('approved', 'exported')"
        " AND (a.approved_by IS NULL OR a.proposed_by IS NULL OR a.approved_by = a.proposed_by)"
        /* The money is what was read by that version of the layout. */
        " UNION ALL SELECT '書式', u.layout_use, coalesce((SELECT sum(i.amount_yen) FROM import AS i"
        " WHERE i.municipality = u.municipality AND i.layout = u.layout AND i.imported_at_ms >= u.decided_at_ms"
        " AND NOT EXISTS (SELECT 1 FROM layout_use AS n WHERE n.municipality = u.municipality"
        " AND n.layout = u.layout AND n.state = 'done' AND n.layout_use > u.layout_use"
        " AND n.decided_at_ms <= i.imported_at_ms)), 0) FROM layout_use AS u WHERE u.state = 'done'"
        " AND (u.decided_by = '' OR u.decided_by = u.proposed_by OR NOT EXISTS (SELECT 1 FROM staff AS s"
        " WHERE s.login = u.decided_by AND s.municipality = u.municipality)) ORDER BY 1, 2",
    [OUTSIDE_DECISIONS] =
        "SELECT d.terminal, d.sequence, d.import, d.line, l.amount_yen, 0 FROM pair_decision AS d"
        " JOIN payment AS p ON p.terminal = d.terminal AND p.started_sequence = d.sequence"
        " JOIN statement_line AS l ON l.import = d.import AND l.line = d.line"
        " WHERE d.is_pair = 1 AND d.undone_by = '' AND" COUNTS " AND (" OUR_YEN(
            "d.part") ") = l.amount_yen"
                      " AND d.at_ms < (SELECT max(r.at_ms) FROM reconciliation_run AS r WHERE r.municipality = "
                      "d.municipality)"
                      " AND NOT EXISTS (SELECT 1 FROM matched AS m WHERE m.terminal = d.terminal AND m.sequence = "
                      "d.sequence"
                      " AND m.part = d.part AND m.import = d.import AND m.line = d.line)"
                      " UNION ALL SELECT d.terminal, d.sequence, d.import, d.line, 0, l.amount_yen FROM pair_decision "
                      "AS d"
                      " JOIN pair_decision AS e ON e.municipality = d.municipality AND e.decision < d.decision AND "
                      "e.is_pair = 1"
                      " AND e.undone_by = '' AND ((e.import = d.import AND e.line = d.line) OR (e.terminal = d.terminal"
                      " AND e.sequence = d.sequence AND e.part = d.part))"
                      " JOIN statement_line AS l ON l.import = d.import AND l.line = d.line"
                      " WHERE d.is_pair = 1 AND d.undone_by = '' ORDER BY 1, 2, 3, 4",
    [OUTSIDE_UNRECORDED] =
        "SELECT 'import:' || i.import AS object, 'import', i.amount_yen FROM import AS i WHERE NOT EXISTS"
        " (SELECT 1 FROM access_log AS a WHERE a.object = 'import:' || i.import AND a.what = 'import')"
        " UNION ALL SELECT 'discrepancy:' || d.discrepancy, 'resolve', d.amount_yen FROM discrepancy AS d"
        " WHERE d.state IN ('resolved', 'awaiting_second') AND NOT EXISTS (SELECT 1 FROM access_log AS a"
        " WHERE a.object = 'discrepancy:' || d.discrepancy AND a.what = 'resolve' AND a.login = d.resolved_by)"
        " UNION ALL SELECT 'discrepancy:' || d.discrepancy, 'confirm', d.amount_yen FROM discrepancy AS d"
        " WHERE d.state = 'resolved' AND d.confirmed_by <> '' AND NOT EXISTS (SELECT 1 FROM access_log AS a"
        " WHERE a.object = 'discrepancy:' || d.discrepancy AND a.what = 'confirm' AND a.login = d.confirmed_by)"
        " UNION ALL SELECT 'replacement:' || r.replacement, 'import_replace_confirm', i.amount_yen"
        " FROM import_replacement AS r JOIN import AS i ON i.import = r.later WHERE r.state = 'done'"
        " AND r.decided_by <> '' AND NOT EXISTS (SELECT 1 FROM access_log AS a WHERE a.object = 'replacement:' ||"
        " r.replacement AND a.what = 'import_replace_confirm' AND a.login = r.decided_by)"
        " UNION ALL SELECT 'layout_use:' || u.layout_use, 'layout_confirm', 0 FROM layout_use AS u"
        " WHERE u.state = 'done' AND NOT EXISTS (SELECT 1 FROM access_log AS a WHERE a.object = 'layout_use:' ||"
        " u.layout_use AND a.what = 'layout_confirm' AND a.login = u.decided_by)"
        /* Saved when one person was enough: that stands in the log of then. */
        " UNION ALL SELECT 'layout:' || u.layout, 'layout_save', 0 FROM layout_use AS u WHERE u.state = 'before'"
        " AND NOT EXISTS (SELECT 1 FROM access_log AS a WHERE a.object = 'layout:' || u.layout"
        " AND a.what = 'layout_save' AND a.login = u.proposed_by AND a.at_ms = u.proposed_at_ms)"
        " UNION ALL SELECT 'assessment:' || s.assessment, 'export', s.amount_yen FROM assessment AS s"
        " WHERE s.state = 'exported' AND NOT EXISTS (SELECT 1 FROM access_log AS a"
        " WHERE a.object = 'assessment:' || s.assessment AND a.what = 'export')"
        " UNION ALL SELECT 'payment:' || d.terminal || ':' || d.sequence || ':' || d.part, 'pair', l.amount_yen"
        " FROM pair_decision AS d JOIN statement_line AS l ON l.import = d.import AND l.line = d.line WHERE NOT EXISTS"
        " (SELECT 1 FROM access_log AS a WHERE a.object = 'payment:' || d.terminal || ':' || d.sequence || ':' || "
        "d.part"
        " AND a.what = CASE WHEN d.is_pair = 1 THEN 'pair' ELSE 'part' END AND a.login = d.login"
        " AND a.after = 'line:' || d.import || ':' || d.line)"
        " UNION ALL SELECT 'split:' || s.split, CASE WHEN n.undone = 0 THEN 'split' ELSE 'split_undo' "
        "END, " PIECES_OF_OURS " FROM split_decision AS s JOIN (SELECT 0 AS undone UNION ALL SELECT 1) AS n ON "
        "n.undone = 0 OR s.undone_by <> ''"
        " WHERE NOT EXISTS (SELECT 1 FROM access_log AS a WHERE a.object = 'split:' || s.split"
        " AND a.what = CASE WHEN n.undone = 0 THEN 'split' ELSE 'split_undo' END"
        " AND a.login = CASE WHEN n.undone = 0 THEN s.login ELSE s.undone_by END)"
        " UNION ALL SELECT 'credit:' || s.import || ':' || s.line,"
        " CASE WHEN n.undone = 0 THEN 'credit_spread' ELSE 'credit_spread_undo' END, b.amount_yen FROM credit_spread "
        "AS s"
        " JOIN bank_line AS b ON b.import = s.import AND b.line = s.line"
        " JOIN (SELECT 0 AS undone UNION ALL SELECT 1) AS n ON n.undone = 0 OR s.undone_by <> ''"
        " WHERE NOT EXISTS (SELECT 1 FROM access_log AS a WHERE a.object = 'credit:' || s.import || ':' || s.line"
        " AND a.what = CASE WHEN n.undone = 0 THEN 'credit_spread' ELSE 'credit_spread_undo' END"
        " AND a.login = CASE WHEN n.undone = 0 THEN s.login ELSE s.undone_by END"
        " AND a.at_ms = CASE WHEN n.undone = 0 THEN s.at_ms ELSE s.undone_at_ms END) ORDER BY 1, 2",
    [OUTSIDE_REMITTANCES] =
        "SELECT 'sum' AS what, r.remittance AS number, coalesce(t.yen, 0) AS right_yen, "
        "r.amount_yen AS found_yen"
        " FROM remittance AS r LEFT JOIN (SELECT remittance, sum(deposit_yen) AS yen, "
        "sum(difference_yen) AS difference,"
        " count(*) AS closes FROM remittance_close GROUP BY remittance) AS t ON t.remittance = "
        "r.remittance"
        " WHERE coalesce(t.yen, 0) <> r.amount_yen OR coalesce(t.difference, 0) <> r.difference_yen"
        " OR coalesce(t.closes, 0) <> r.close_count"
        " UNION ALL SELECT 'close', c.remittance, " PUT_ASIDE(
            "vault", "sum") ", c.deposit_yen FROM remittance_close AS c"
                            " LEFT JOIN business_day AS b ON b.terminal = c.terminal AND b.opened_sequence "
                            "= c.opened_sequence"
                            " AND b.municipality = c.municipality AND b.closed_sequence <> 0 "
                            "WHERE " PUT_ASIDE("vault", "sum") " <> c.deposit_yen OR " PUT_ASIDE(
                                "over_short",
                                "-sum") " <> c.difference_yen"
                                        " UNION ALL SELECT 'twice', max(c.remittance), max(c.deposit_yen), "
                                        "sum(c.deposit_yen) FROM remittance_close AS c"
                                        " JOIN remittance AS r ON r.remittance = c.remittance AND "
                                        "r.undone_by = ''"
                                        " GROUP BY c.terminal, c.opened_sequence HAVING count(*) > 1"
                                        " UNION ALL SELECT 'freed', c.remittance, 0, c.deposit_yen FROM "
                                        "remittance_close AS c"
                                        " JOIN remittance AS r ON r.remittance = c.remittance WHERE "
                                        "c.undone_at_ms <> r.undone_at_ms"
                                        " UNION ALL SELECT 'gap', 0, max(r.number), count(*) FROM "
                                        "remittance AS r GROUP BY r.municipality, r.fiscal_year"
                                        " HAVING max(r.number) <> count(*)"
                                        " UNION ALL SELECT 'persons', r.remittance, 0, r.amount_yen FROM "
                                        "remittance AS r WHERE r.confirmed_by <> ''"
                                        " AND (r.confirmed_by = r.prepared_by OR r.confirmed_by = "
                                        "r.undone_by OR NOT EXISTS (SELECT 1 FROM staff AS s"
                                        " WHERE s.login = r.confirmed_by AND s.municipality = "
                                        "r.municipality))"
                                        " UNION ALL SELECT 'bank', s.remittance, r.amount_yen, "
                                        "coalesce(l.amount_yen, 0) FROM remittance_seen AS s"
                                        " JOIN remittance AS r ON r.remittance = s.remittance"
                                        " LEFT JOIN bank_line AS l ON l.import = s.import AND l.line = "
                                        "s.line AND l.direction = 'in'"
                                        " WHERE s.state IN ('reference', 'amount') AND (r.undone_by <> '' "
                                        "OR r.confirmed_by = ''"
                                        " OR coalesce(l.amount_yen, 0) <> r.amount_yen OR l.booked_on < "
                                        "r.paid_on"
                                        " OR (s.state = 'reference' AND (l.edi || ' ' || l.summary) NOT "
                                        "LIKE '%HK' || r.fiscal_year ||"
                                        " substr('000000' || r.number, length('000000' || r.number) - 5) || "
                                        "'%')"
                                        " OR EXISTS (SELECT 1 FROM line_aside AS x WHERE x.import = "
                                        "s.import AND x.line = s.line)"
                                        " OR EXISTS (SELECT 1 FROM payout_credit AS p WHERE p.import = "
                                        "s.import AND p.line = s.line))"
                                        " ORDER BY 1, 2",
    [OUTSIDE_REMITTANCE_DEEDS] =
        "SELECT 'log' AS what, r.remittance AS number, 0 AS right_yen, r.amount_yen AS found_yen FROM remittance AS r"
        " JOIN (SELECT 0 AS step UNION ALL SELECT 1 UNION ALL SELECT 2) AS n ON n.step = 0"
        " OR (n.step = 1 AND r.confirmed_by <> '') OR (n.step = 2 AND r.undone_by <> '')"
        " WHERE NOT EXISTS (SELECT 1 FROM access_log AS a WHERE a.object = 'remittance:' || r.remittance"
        " AND a.municipality = r.municipality AND CASE n.step"
        " WHEN 0 THEN a.what = 'remittance_prepare' AND a.login = r.prepared_by AND a.at_ms = r.prepared_at_ms"
        " AND a.after = r.amount_yen || '円 ' || r.close_count || '件 ' || r.difference_yen || '円'"
        " WHEN 1 THEN a.what = 'remittance_confirm' AND a.login = r.confirmed_by AND a.at_ms = r.confirmed_at_ms"
        " AND a.after = r.paid_on || ' ' || r.receipt || ' ' || r.amount_yen || '円'"
        " ELSE a.what = 'remittance_undo' AND a.login = r.undone_by AND a.at_ms = r.undone_at_ms"
        " AND a.reason = r.undone_reason END)"
        " UNION ALL SELECT 'deed', coalesce(r.remittance, 0), coalesce(r.amount_yen, 0), 0 FROM access_log AS a"
        " LEFT JOIN (SELECT remittance, 'remittance:' || remittance AS object, municipality, amount_yen, "
        "prepared_at_ms,"
        " confirmed_at_ms, undone_at_ms FROM remittance) AS r ON r.object = a.object"
        " AND r.municipality = a.municipality"
        " WHERE a.what IN ('remittance_prepare', 'remittance_confirm', 'remittance_undo')"
        " AND coalesce(CASE a.what WHEN 'remittance_prepare' THEN r.prepared_at_ms"
        " WHEN 'remittance_confirm' THEN r.confirmed_at_ms ELSE r.undone_at_ms END, 0) <> a.at_ms"
        " ORDER BY 1, 2",
    [OUTSIDE_HANDOVER_UNRECORDED] =
        "SELECT 'finance_layout:' || f.finance_layout, 'finance_layout_confirm', 0 FROM finance_layout AS f"
        " WHERE f.state = 'done' AND NOT EXISTS (SELECT 1 FROM access_log AS a WHERE a.object = 'finance_layout:' ||"
        " f.finance_layout AND a.what = 'finance_layout_confirm' AND a.login = f.decided_by)"
        " UNION ALL SELECT 'finance_file:' || f.finance_file, 'finance_file', f.amount_yen FROM finance_file AS f"
        " WHERE NOT EXISTS (SELECT 1 FROM access_log AS a WHERE a.object = 'finance_file:' || f.finance_file"
        " AND a.what = 'finance_file' AND a.login = f.made_by)"
        " UNION ALL SELECT 'finance_answer:' || f.finance_answer, 'finance_answer', 0 FROM finance_answer AS f"
        " WHERE NOT EXISTS (SELECT 1 FROM access_log AS a WHERE a.object = 'finance_answer:' || f.finance_answer"
        " AND a.what = 'finance_answer' AND a.login = f.taken_by) ORDER BY 1, 2",
    [OUTSIDE_CLOSED_YEARS] =
        "SELECT c.closing, c.fiscal_year, c.assessed_count, c.assessed_yen, (SELECT count(*) FROM assessment AS a"
        " WHERE a.municipality = c.municipality AND a.fiscal_year = c.fiscal_year AND (a.serial IS NULL"
        " OR a.approved_at_ms > c.decided_at_ms)), c.record_sha256 FROM year_closing AS c"
        " WHERE c.state = 'closed' ORDER BY c.closing",
    /* The nth deed of a year in the log is the nth of its closings: a proposal, then what was decided of it. */
    [OUTSIDE_CLOSING_DEEDS] =
        "WITH told AS (SELECT municipality, object, row_number() OVER (PARTITION BY municipality, object"
        " ORDER BY entry) AS n, what, login, at_ms, after, reason FROM access_log WHERE what LIKE 'year_close_%'),"
        " kept AS (SELECT municipality, object, row_number() OVER (PARTITION BY municipality, object"
        " ORDER BY closing, step) AS n, what, login, at_ms, after, reason, yen FROM ("
        "SELECT municipality, 'year:' || fiscal_year AS object, closing, 0 AS step, 'year_close_propose' AS what,"
        " proposed_by AS login, proposed_at_ms AS at_ms, " CLOSING_FIGURES " AS after, reason, assessed_yen AS yen"
        " FROM year_closing UNION ALL SELECT municipality, 'year:' || fiscal_year, closing, 1,"
        " CASE state WHEN 'closed' THEN 'year_close_approve' ELSE 'year_close_withdraw' END,"
        " decided_by, decided_at_ms, " CLOSING_FIGURES ", decided_reason, assessed_yen"
        " FROM year_closing WHERE state <> 'proposed') AS d)"
        " SELECT CASE WHEN k.n IS NULL THEN 0 ELSE 1 END, coalesce(k.yen, 0), t.object, t.after, t.what FROM told AS t"
        " LEFT JOIN kept AS k ON k.municipality = t.municipality AND k.object = t.object AND k.n = t.n"
        " WHERE k.n IS NULL OR k.what <> t.what OR k.login <> t.login OR k.at_ms <> t.at_ms OR k.after <> t.after"
        " OR k.reason <> t.reason"
        " UNION ALL SELECT 2, k.yen, k.object, '', k.what FROM kept AS k WHERE NOT EXISTS (SELECT 1 FROM told AS t"
        " WHERE t.municipality = k.municipality AND t.object = k.object AND t.n = k.n) ORDER BY 3, 1",
    [OUTSIDE_CLOSED_YEAR_RECORDS] =
        "SELECT a.serial, a.amount_yen, a.tax_yen, a.kind, a.assessed_on, a.account, a.section, a.route, a.tax"
        " FROM year_closing AS c JOIN assessment AS a ON a.municipality = c.municipality"
        " AND a.fiscal_year = c.fiscal_year WHERE c.closing = CAST($1 AS BIGINT) AND a.serial IS NOT NULL"
        " ORDER BY a.serial",
    /* A line below zero that names the refund or its payment, of its yen, for itself. */
    [OUTSIDE_REFUNDS_SEEN] =
        "SELECT coalesce(r.terminal, ''), coalesce(r.state_sequence, 0), e.import, e.line, coalesce(l.amount_yen, 0)"
        " FROM refund_seen AS e LEFT JOIN refund AS r ON r.refund = e.refund AND r.municipality = e.municipality"
        " LEFT JOIN sale AS s ON s.sale = r.sale LEFT JOIN payment AS p ON p.payment = s.payment AND s.payment <> ''"
        " LEFT JOIN statement_line AS l ON l.import = e.import AND l.line = e.line"
        " WHERE r.refund IS NULL OR l.import IS NULL OR r.state <> 'paid' OR r.ended_means <> 'gateway'"
        " OR l.amount_yen <> -r.amount_yen OR l.kind NOT IN ('refund', 'reversal')"
        " OR NOT (l.merchant_reference = r.refund OR l.merchant_reference = coalesce(p.payment, '-')"
        " OR (l.merchant_reference = '' AND l.acquirer_reference <> '' AND l.acquirer_reference ="
        " coalesce(p.acquirer_reference, '-')))"
        " OR EXISTS (SELECT 1 FROM line_aside AS a WHERE a.import = e.import AND a.line = e.line)"
        " OR EXISTS (SELECT 1 FROM matched AS m WHERE m.import = e.import AND m.line = e.line) ORDER BY 3, 4",
    [OUTSIDE_DESK_DEEDS] =
        "WITH kept AS (SELECT r.municipality, 'refund:' || r.refund AS object, n.what AS what, CASE n.what"
        " WHEN 'refund_request' THEN r.clerk WHEN 'refund_approve' THEN r.approved_by ELSE r.ended_by END AS login,"
        " r.amount_yen FROM refund AS r JOIN (SELECT 'refund_request' AS what UNION ALL SELECT 'refund_approve' UNION "
        "ALL"
        " SELECT 'refund_pay' UNION ALL SELECT 'refund_withdraw') AS n ON n.what = 'refund_request'"
        " OR (n.what = 'refund_approve' AND r.approved_by <> '') OR (n.what = 'refund_pay' AND r.state = 'paid')"
        " OR (n.what = 'refund_withdraw' AND r.state = 'withdrawn') WHERE r.terminal LIKE '" DESK_TERMINAL_PREFIX "%'),"
        " told AS (SELECT municipality, object, what, login, after FROM access_log WHERE what IN ('refund_request',"
        " 'refund_approve', 'refund_pay', 'refund_withdraw'))"
        " SELECT 0, k.amount_yen, k.object, k.what, '' FROM kept AS k WHERE NOT EXISTS (SELECT 1 FROM told AS t WHERE"
        " t.municipality = k.municipality AND t.object = k.object AND t.what = k.what AND t.login = k.login)"
        " UNION ALL SELECT 1, 0, t.object, t.what, t.after FROM told AS t WHERE NOT EXISTS (SELECT 1 FROM kept AS k"
        " WHERE k.municipality = t.municipality AND k.object = t.object AND k.what = t.what AND k.login = t.login)"
        " ORDER BY 3, 4, 1",
    [OUTSIDE_TRANSFERS] =
        "SELECT t.transfer, t.item_count, t.amount_yen, coalesce((SELECT CAST(sum(i.amount_yen) AS BIGINT) FROM"
        " refund_transfer_item AS i WHERE i.transfer = t.transfer), 0), (SELECT count(*) FROM refund_transfer_item AS i"
        " WHERE i.transfer = t.transfer), (SELECT count(*) FROM refund_transfer_item AS i LEFT JOIN refund AS r"
        " ON r.refund = i.refund AND r.municipality = i.municipality WHERE i.transfer = t.transfer"
        " AND ((t.state <> 'made' AND i.state = 'sent') OR (t.state <> 'done' AND i.state = 'paid')"
        " OR coalesce(r.amount_yen, 0) <> i.amount_yen OR (i.state = 'paid' AND (coalesce(r.state, '') <> 'paid'"
        " OR r.ended_means <> 'bank_transfer' OR r.ended_by <> t.decided_by)))),"
        " (SELECT count(*) FROM (SELECT 'refund_transfer_make' AS what UNION ALL SELECT 'refund_transfer_done' UNION "
        "ALL"
        " SELECT 'refund_transfer_discard') AS n WHERE (n.what = 'refund_transfer_make' OR (n.what ="
        " 'refund_transfer_done' AND t.state = 'done') OR (n.what = 'refund_transfer_discard' AND t.state = "
        "'discarded'))"
        " AND NOT EXISTS (SELECT 1 FROM access_log AS a WHERE a.municipality = t.municipality AND a.object ="
        " 'refund_transfer:' || t.transfer AND a.what = n.what AND a.login = CASE n.what WHEN 'refund_transfer_make'"
        " THEN t.made_by ELSE t.decided_by END AND (n.what <> 'refund_transfer_make' OR a.after = t.item_count || '件 "
        "' ||"
        " t.amount_yen || '円 ' || t.pay_on || ' SHA-256 ' || t.sha256))), t.sha256, t.bytes"
        " FROM refund_transfer AS t ORDER BY t.transfer",
    [OUTSIDE_TRANSFERS_LOST] =
        "SELECT a.object, 0, a.after FROM access_log AS a WHERE a.what = 'refund_transfer_make' AND NOT EXISTS (SELECT "
        "1"
        " FROM refund_transfer AS t WHERE t.municipality = a.municipality AND a.object = 'refund_transfer:' || "
        "t.transfer)"
        " UNION ALL SELECT 'refund:' || r.refund, r.amount_yen, '' FROM refund AS r WHERE r.terminal LIKE "
        "'" DESK_TERMINAL_PREFIX
        "%' AND r.state = 'paid' AND r.ended_means = 'bank_transfer' AND NOT EXISTS (SELECT 1 FROM"
        " refund_transfer_item AS i WHERE i.municipality = r.municipality AND i.refund = r.refund AND i.state = 'paid')"
        " ORDER BY 1",
    [OUTSIDE_STAFF] =
        "WITH told AS (SELECT municipality, object, after FROM (SELECT municipality, object, after, row_number() OVER"
        " (PARTITION BY municipality, object ORDER BY entry DESC) AS n FROM access_log WHERE object LIKE 'staff:%'"
        " AND what IN ('user_added', 'user_changed', 'user_deactivated', 'user_reactivated', 'password_reset',"
        " 'user_scoped', 'password_changed')) AS deeds WHERE n = 1)"
        " SELECT 1, s.is_active, s.must_change_password, s.login, s.role, s.name, s.password_hash,"
        " coalesce(t.after, ''), coalesce((SELECT group_concat(code) FROM (SELECT code FROM staff_scope AS c"
        " WHERE c.municipality = s.municipality AND c.login = s.login ORDER BY code) AS codes), '')"
        " FROM staff AS s LEFT JOIN told AS t ON t.municipality = s.municipality"
        " AND t.object = 'staff:' || s.login UNION ALL SELECT 0, 0, 0, substr(t.object, 7), '', '', '', t.after, ''"
        " FROM told AS t WHERE NOT EXISTS (SELECT 1 FROM staff AS s WHERE s.municipality = t.municipality"
        " AND t.object = 'staff:' || s.login) ORDER BY 4",
    [OUTSIDE_SCOPED_APPROVALS] =
        "SELECT * FROM (SELECT a.fiscal_year, a.serial, a.amount_yen, a.section, a.approved_by, coalesce((SELECT l.after"
        " FROM access_log AS l WHERE l.object = 'staff:' || a.approved_by AND l.municipality = a.municipality"
        " AND l.after LIKE 'role=%' AND l.entry < (SELECT max(d.entry) FROM access_log AS d WHERE d.object ="
        " 'assessment:' || a.assessment AND d.what = 'approve') ORDER BY l.entry DESC LIMIT 1), '') AS approver"
        " FROM assessment AS a WHERE a.serial IS NOT NULL) AS approvals WHERE approver LIKE '% sections=%' ORDER BY 1, 2",
    [OUTSIDE_ACCESS_LOG] =
        "SELECT entry, at_ms, municipality, chain, login, address, what, object, before, after, reason"
        " FROM access_log ORDER BY municipality, entry",
    [OUTSIDE_ACCESS_HEADS] =
        "SELECT h.entries, (SELECT count(*) FROM access_log AS a WHERE a.municipality = h.municipality), "
        "h.municipality,"
        " h.chain, coalesce((SELECT a.chain FROM access_log AS a WHERE a.municipality = h.municipality"
        " ORDER BY a.entry DESC LIMIT 1), '') FROM access_log_head AS h UNION ALL SELECT 0, count(*), a.municipality, "
        "'',"
        " max(a.chain) FROM access_log AS a WHERE NOT EXISTS (SELECT 1 FROM access_log_head AS h"
        " WHERE h.municipality = a.municipality) GROUP BY a.municipality ORDER BY 3",
    [OUTSIDE_PAYOUTS] =
        "SELECT trustee, payout, sum(lines_yen), sum(payout_yen), sum(lines_fee), sum(payout_fee)"
        " FROM (SELECT i.municipality AS municipality, i.trustee AS trustee, l.payout AS payout,"
        " l.amount_yen AS lines_yen, 0 AS payout_yen, l.fee_yen AS lines_fee, 0 AS payout_fee, 1 AS line_count"
        " FROM " SEEN_LINES " WHERE l.payout <> '' AND" COUNTS
        " UNION ALL SELECT municipality, trustee, payout, 0, amount_yen, 0, fee_yen, -line_count FROM payout) AS t"
        " GROUP BY municipality, trustee, payout HAVING sum(lines_yen) <> sum(payout_yen)"
        " OR sum(lines_fee) <> sum(payout_fee) OR sum(line_count) <> 0 ORDER BY trustee, payout",
    /* A line pays what its EDI names, whole; or all of one company's pay day, each in full, of which its EDI names one
     * or which it names nothing of. */
    [OUTSIDE_CREDITS] =
        "SELECT c.import, c.line, c.payout, CASE WHEN t.whole = 1 THEN p.expected_yen WHEN b.direction = 'in'"
        " AND trim(b.edi) = c.payout THEN b.amount_yen ELSE 0 END, c.amount_yen FROM payout_credit AS c JOIN ("
        "SELECT s.import AS import, s.line AS line, s.portions AS portions, s.yen AS yen, s.odd AS odd,"
        " CASE WHEN s.first_day = s.last_day AND s.of_day = s.portions AND (trim(b.edi) = '' OR (s.portions > 1 AND"
        " EXISTS (SELECT 1 FROM payout_credit AS n WHERE n.import = s.import AND n.line = s.line"
        " AND n.payout = trim(b.edi)))) THEN 1 ELSE 0 END AS whole FROM (SELECT r.import AS import, r.line AS line,"
        " count(*) AS portions, sum(r.amount_yen) AS yen, max(CASE WHEN r.amount_yen = q.expected_yen THEN 0 ELSE 1"
        " END) AS odd, min(r.trustee || ' ' || q.payable_on) AS first_day, max(r.trustee || ' ' || q.payable_on) AS"
        " last_day, min((SELECT count(*) FROM payout AS o WHERE o.municipality = q.municipality AND o.trustee ="
        " q.trustee AND o.payable_on = q.payable_on AND o.expected_yen > 0)) AS of_day FROM payout_credit AS r"
        " LEFT JOIN payout AS q ON q.municipality = r.municipality AND q.trustee = r.trustee AND q.payout = r.payout"
        " GROUP BY r.import, r.line) AS s LEFT JOIN bank_line AS b ON b.import = s.import AND b.line = s.line) AS t"
        " ON t.import = c.import AND t.line = c.line"
        " LEFT JOIN bank_line AS b ON b.import = c.import AND b.line = c.line LEFT JOIN payout AS p"
        " ON p.municipality = c.municipality AND p.trustee = c.trustee AND p.payout = c.payout"
        " WHERE NOT " DECIDED(
            c) " AND (b.import IS NULL OR b.direction <> 'in' OR p.payout IS NULL OR CASE"
               " WHEN t.whole = 1 THEN c.amount_yen <> p.expected_yen OR (t.odd = 0 AND t.yen <> b.amount_yen)"
               " WHEN t.portions = 1 AND trim(b.edi) = c.payout THEN c.amount_yen <> b.amount_yen ELSE 1 = 1 END)"
               " ORDER BY c.import, c.line, c.payout",
    /* What a person said that a credit pays, against what it pays; all of it, and nothing else. A portion that no one
     * knows of is for OUTSIDE_CREDITS. */
    [OUTSIDE_SPREADS] =
        "SELECT s.import, s.line, p.payout, p.amount_yen, coalesce(c.amount_yen, 0) FROM credit_spread AS s"
        " JOIN credit_spread_part AS p ON p.spread = s.spread LEFT JOIN payout_credit AS c ON c.import = s.import"
        " AND c.line = s.line AND c.trustee = p.trustee AND c.payout = p.payout WHERE s.undone_by = '' AND NOT EXISTS "
        "(SELECT 1 FROM line_aside AS x WHERE x.import = s.import AND x.line = s.line)"
        " AND coalesce(c.amount_yen, 0) <> p.amount_yen UNION ALL SELECT s.import, s.line, '',"
        " coalesce(b.amount_yen, 0), sum(p.amount_yen) FROM credit_spread AS s JOIN credit_spread_part AS p"
        " ON p.spread = s.spread LEFT JOIN bank_line AS b ON b.import = s.import AND b.line = s.line"
        " AND b.direction = 'in' WHERE s.undone_by = '' AND NOT EXISTS (SELECT 1 FROM line_aside AS x WHERE x.import = "
        "s.import AND x.line = s.line) GROUP BY s.import, s.line, b.amount_yen"
        " HAVING coalesce(b.amount_yen, 0) <> sum(p.amount_yen) ORDER BY 1, 2, 3",
    /* The lines that count in all files of a chain, against the sums of the one that stands. */
    [OUTSIDE_REPLACED] =
        "SELECT i.import, i.amount_yen, coalesce(sum(t.yen), 0) FROM import_replacement AS r"
        " JOIN import AS i ON i.import = r.later LEFT JOIN (SELECT l.import AS import, l.amount_yen AS yen,"
        " l.fee_yen AS fee FROM statement_line AS l WHERE" COUNTS
        " UNION ALL SELECT l.import, CASE WHEN l.direction = 'in' THEN l.amount_yen ELSE -l.amount_yen END, 0"
        " FROM bank_line AS l WHERE" COUNTS ") AS t ON t.import = r.chain OR t.import IN (SELECT q.later"
        " FROM import_replacement AS q WHERE q.chain = r.chain AND q.state = 'done')"
        " WHERE r.state = 'done' AND NOT EXISTS (SELECT 1 FROM import_replacement AS n WHERE n.chain = r.chain"
        " AND n.state = 'done' AND n.replacement > r.replacement)"
        " GROUP BY i.import, i.amount_yen, i.fee_yen, i.line_count HAVING coalesce(sum(t.yen), 0) <> i.amount_yen"
        " OR coalesce(sum(t.fee), 0) <> i.fee_yen OR count(t.import) <> i.line_count ORDER BY i.import",
    [OUTSIDE_ASIDE] =
        "SELECT a.import, a.line, coalesce(l.amount_yen, b.amount_yen, 0), u.is_used FROM line_aside AS a JOIN ("
        "SELECT x.import AS import, x.line AS line, 0 AS is_used FROM line_aside AS x WHERE NOT EXISTS (SELECT 1"
        " FROM import_replacement AS r WHERE r.earlier = x.import OR r.later = x.import)"
        " UNION ALL SELECT import, line, 1 FROM matched UNION ALL SELECT import, line, 1 FROM matched_more"
        " UNION ALL SELECT import, line, 1 FROM open_line"
        " UNION ALL SELECT import, line, 1 FROM payout_credit UNION ALL SELECT import, line, 1 FROM open_credit)"
        " AS u ON u.import = a.import AND u.line = a.line"
        " LEFT JOIN statement_line AS l ON l.import = a.import AND l.line = a.line"
        " LEFT JOIN bank_line AS b ON b.import = a.import AND b.line = a.line ORDER BY 1, 2, 4",
    /* A standing decision of which the sides differ, or that is carried out in part, or not though it could be; and a
     * further line without a decision. */
    [OUTSIDE_SPLITS] =
        "SELECT s.split, " PIECES_OF_OURS ", " PIECES_OF_THEIRS ", CASE WHEN " PIECES_OF_OURS " <> " PIECES_OF_THEIRS
        " THEN 0 ELSE 1 END FROM split_decision AS s WHERE s.undone_by = '' AND (" PIECES_OF_OURS
        " <> " PIECES_OF_THEIRS " OR " PAIRS_THAT_STAND " <> CASE WHEN " PAIRS_THAT_STAND
        " = 0 AND (EXISTS (SELECT 1 FROM split_part AS a"
        " JOIN line_aside AS x ON x.import = a.import AND x.line = a.line WHERE a.split = s.split) OR s.at_ms >="
        " (SELECT coalesce(max(r.at_ms), 0) FROM reconciliation_run AS r WHERE r.municipality = s.municipality))"
        " THEN 0 ELSE (SELECT count(*) FROM split_part AS a WHERE a.split = s.split) END)"
        " UNION ALL SELECT 0, 0, l.amount_yen, 1 FROM matched_more AS m JOIN statement_line AS l ON l.import = m.import"
        " AND l.line = m.line WHERE NOT " IN_PIECES(m) " ORDER BY 1, 2, 3",
    [OUTSIDE_CREDITS_TWICE] = "SELECT o.import, o.line, c.amount_yen FROM open_credit AS o JOIN payout_credit AS c"
                              " ON c.import = o.import AND c.line = o.line ORDER BY o.import, o.line",
    [OUTSIDE_IMPORTS] =
        "SELECT i.import, i.file_name, i.layout, i.kind, i.imported_at_ms, i.bytes, coalesce((SELECT c.descriptor"
        " FROM layout_use AS u LEFT JOIN city_layout AS c ON c.municipality = u.municipality AND c.layout = u.layout"
        " AND c.version = u.version WHERE u.municipality = i.municipality AND u.layout = i.layout"
        " AND u.state IN ('done', 'before') AND u.decided_at_ms <= i.imported_at_ms"
        " ORDER BY u.layout_use DESC LIMIT 1), '') FROM import AS i"
        " ORDER BY i.import",
    [OUTSIDE_FILE_PARTS] = "SELECT p.bytes FROM import AS i JOIN file_part AS p ON p.municipality = i.municipality"
                           " AND p.sha256 = i.sha256 WHERE i.import = CAST($1 AS BIGINT) ORDER BY p.part",
    [OUTSIDE_STATEMENT_LINES] =
        "SELECT line, kind, amount_yen, fee_yen, CASE WHEN accepted_at_ms IS NULL THEN 0 ELSE 1 END,"
        " coalesce(accepted_at_ms, 0), is_training, brand, merchant_reference, acquirer_reference, terminal, payout,"
        " pay_date, slip FROM statement_line WHERE import = CAST($1 AS BIGINT) ORDER BY line",
    [OUTSIDE_BANK_LINES] =
        "SELECT line, direction, amount_yen, booked_on, value_on, inquiry_number, transaction_code, payer_code,"
        " payer_kana, sending_bank, sending_branch, summary, edi, account_bank, account_branch, account_kind,"
        " account_number FROM bank_line WHERE import = CAST($1 AS BIGINT) ORDER BY line",
    [OUTSIDE_EXPORTS] = "SELECT e.export, e.fiscal_year, e.serial, e.count, e.amount_yen, f.encoding, f.sha256, f.bytes"
                        " FROM assessment_export AS e LEFT JOIN assessment_export_file AS f ON f.export = e.export"
                        " ORDER BY e.export, f.encoding DESC",
    [OUTSIDE_EXPORT_LINES] =
        "SELECT a.fiscal_year, a.serial, coalesce(o.serial, 0), a.kind, a.route, a.tax, a.sale_count, a.count,"
        " a.amount_yen, a.tax_yen, l.line, l.count, l.unit_price_yen, l.amount_yen, l.tax_yen, a.assessed_on,"
        " a.drafted_on, a.account, a.fund_code, a.fund_name, a.kan_code, a.kan_name, a.kou_code, a.kou_name,"
        " a.moku_code, a.moku_name, a.setsu_code, a.setsu_name, a.saisetsu_code, a.saisetsu_name, a.section,"
        " a.section_name, a.route_name, a.summary, l.item, l.name FROM assessment AS a"
        " JOIN assessment_line AS l ON l.assessment = a.assessment"
        " LEFT JOIN assessment AS o ON o.assessment = a.original WHERE a.export = CAST($1 AS BIGINT)"
        " ORDER BY a.serial, l.line",
    [OUTSIDE_FINANCE_FILES] =
        "SELECT f.finance_file, f.assessment_export, f.made_at_ms, f.assessment_count, f.amount_yen,"
        " (SELECT count(*) FROM finance_file_part AS p WHERE p.finance_file = f.finance_file),"
        " (SELECT coalesce(sum(CASE WHEN a.kind = 'decrease' THEN -a.amount_yen ELSE a.amount_yen END), 0)"
        " FROM finance_file_part AS p JOIN assessment AS a ON a.assessment = p.assessment"
        " WHERE p.finance_file = f.finance_file),"
        " (SELECT count(*) FROM finance_file_part AS p JOIN assessment AS a ON a.assessment = p.assessment"
        " WHERE p.finance_file = f.finance_file AND (a.export IS NULL OR a.export <> f.assessment_export)),"
        " CASE WHEN f.after_answer <> 0 THEN 0 ELSE (SELECT count(*) FROM assessment AS a"
        " WHERE a.export = f.assessment_export AND NOT EXISTS (SELECT 1 FROM finance_file_part AS p"
        " WHERE p.finance_file = f.finance_file AND p.assessment = a.assessment)) END,"
        " f.municipality, f.file_name, f.sha256, l.descriptor, f.bytes FROM finance_file AS f"
        " JOIN finance_layout AS l ON l.finance_layout = f.finance_layout ORDER BY f.finance_file",
    [OUTSIDE_FINANCE_ANSWERS] =
        "SELECT a.finance_answer, a.accepted_count, a.refused_count,"
        " (SELECT count(*) FROM finance_answer_line AS l WHERE l.finance_answer = a.finance_answer"
        " AND l.is_accepted = 1), (SELECT count(*) FROM finance_answer_line AS l"
        " WHERE l.finance_answer = a.finance_answer AND l.is_accepted = 0),"
        " (SELECT count(*) FROM finance_answer_line AS l WHERE l.finance_answer = a.finance_answer AND NOT EXISTS"
        " (SELECT 1 FROM finance_file_part AS p WHERE p.finance_file = a.finance_file"
        " AND p.assessment = l.assessment)), a.file_name, a.sha256, a.bytes FROM finance_answer AS a"
        " ORDER BY a.finance_answer",
    [OUTSIDE_EXPORT_SUMS] =
        "SELECT e.fiscal_year, e.serial, coalesce(sum(CASE WHEN a.kind = 'decrease' THEN -a.amount_yen ELSE"
        " a.amount_yen END), 0), e.amount_yen FROM assessment_export AS e LEFT JOIN assessment AS a"
        " ON a.export = e.export GROUP BY e.export, e.fiscal_year, e.serial, e.amount_yen, e.count"
        " HAVING coalesce(sum(CASE WHEN a.kind = 'decrease' THEN -a.amount_yen ELSE a.amount_yen END), 0)"
        " <> e.amount_yen OR count(a.assessment) <> e.count OR (SELECT count(*) FROM assessment_export_file AS f"
        " WHERE f.export = e.export) <> 2 ORDER BY e.fiscal_year, e.serial",
};

enum status
outside_rows_begin(struct store_txn *txn, enum outside_question question, const char *argument, struct audit_rows **out,
                   struct error_detail *err)
{
    struct statement *statement;
    struct bound value = bound_text(argument);
    enum status status = query_open(txn, questions[question], &value, argument != NULL ? 1 : 0, &statement, err);
    if (status == STATUS_OK) {
        *out = (struct audit_rows *)(void *)statement;
    }
    return status;
}
