/* SQL of statistics. */
#include "settlement/store/statistics_store.h"

#include "settlement/store/query.h"

/* ---- the sums by hour ------------------------------------------------------------------------------------------- */

enum { HOUR_MS = 3600000, JAPAN_HOURS = 9 };

static enum status
hour_part_add(struct store_txn *txn, const struct sale_row *sale, const char *method, const char *brand, int64_t count,
              int64_t amount_yen, struct error_detail *err)
{
    return query_run(
        txn,
        "INSERT INTO hourly_payment (municipality, received_on, hour, method, brand, count, amount_yen, void_count,"
        " void_yen) VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0) ON CONFLICT (municipality, received_on, hour, method,"
        " brand) DO UPDATE SET count = hourly_payment.count + excluded.count,"
        " amount_yen = hourly_payment.amount_yen + excluded.amount_yen",
        BOUND(bound_text(sale->municipality), bound_text(sale->received_on),
              bound_int((sale->recorded_at_ms / HOUR_MS + JAPAN_HOURS) % 24), bound_text(method), bound_text(brand),
              bound_int(count), bound_int(amount_yen)),
        err);
}

enum status
hourly_payment_add(struct store_txn *txn, const struct sale_row *sale, struct error_detail *err)
{
    if (sale->cash_yen == 0 || sale->cash_yen == sale->total_yen) {
        return hour_part_add(txn, sale, sale->method, sale->brand, 1, sale->total_yen, err);
    }
    enum status status = hour_part_add(txn, sale, sale->method, sale->brand, 1, sale->total_yen - sale->cash_yen, err);
    return status == STATUS_OK ? hour_part_add(txn, sale, "cash", "", 0, sale->cash_yen, err) : status;
}

#define HOUR_OF_SALE "(s.recorded_at_ms / 3600000 + 9) % 24"
#define IS_MIXED "(s.cash_yen > 0 AND s.cash_yen < s.total_yen)"

enum status
hourly_payment_add_void(struct store_txn *txn, const char *terminal, int64_t sale_sequence, struct error_detail *err)
{
    return query_run(
        txn,
        "INSERT INTO hourly_payment (municipality, received_on, hour, method, brand, count, amount_yen, void_count,"
        " void_yen) SELECT s.municipality, s.received_on, " HOUR_OF_SALE ", iif(p.is_cash, 'cash', s.method),"
        " iif(p.is_cash, '', s.brand), 0, 0, CASE WHEN p.is_cash THEN 0 ELSE 1 END,"
        " CASE WHEN p.is_cash THEN s.cash_yen WHEN " IS_MIXED " THEN s.total_yen - s.cash_yen ELSE s.total_yen END"
        " FROM sale AS s JOIN (SELECT FALSE AS is_cash UNION ALL SELECT TRUE) AS p ON NOT p.is_cash OR " IS_MIXED
        " WHERE s.terminal = $1 AND s.sequence = $2"
        " ON CONFLICT (municipality, received_on, hour, method, brand) DO UPDATE SET"
        " void_count = hourly_payment.void_count + excluded.void_count,"
        " void_yen = hourly_payment.void_yen + excluded.void_yen",
        BOUND(bound_text(terminal), bound_int(sale_sequence)), err);
}

/* ---- what is read ------------------------------------------------------------------------------------------------ */

#define PERIOD "municipality = $1 AND received_on BETWEEN $2 AND $3 "
#define BOUND_PERIOD(period) bound_text((period)->municipality), bound_text((period)->from), bound_text((period)->to)

enum status
usage_each(struct store_txn *txn, const struct statistics_period *period, usage_visitor visit, void *context,
           struct error_detail *err)
{
    struct statement *row;
    bool has_row = false;
    enum status status = query_open(txn,
                                    "SELECT substr(received_on, 1, 7), method, brand, sum(count - void_count), "
                                    "sum(amount_yen - void_yen) FROM hourly_payment WHERE " PERIOD
                                    "GROUP BY substr(received_on, 1, 7), method, brand ORDER BY 1, 2, 3",
                                    BOUND(BOUND_PERIOD(period)), &row, err);
    while (status == STATUS_OK && (status = statement_step(row, &has_row, err)) == STATUS_OK && has_row) {
        const struct usage_row usage = {
            .month = statement_column_text(row, 0),
            .method = statement_column_text(row, 1),
            .brand = statement_column_text(row, 2),
            .count = statement_column_int(row, 3),
            .amount_yen = statement_column_int(row, 4),
        };
        status = visit(&usage, context, err);
        if (status != STATUS_OK) {
            statement_reset(row);
        }
    }
    return status;
}

enum status
hour_each(struct store_txn *txn, const struct statistics_period *period, hour_visitor visit, void *context,
          struct error_detail *err)
{
    struct statement *row;
    bool has_row = false;
    enum status status = query_open(
        txn,
        "SELECT received_on, hour, is_cash, sum(count), sum(amount_yen) FROM (SELECT received_on, hour, "
        "CASE WHEN method = 'cash' THEN 1 ELSE 0 END AS is_cash, count - void_count AS count, "
        "amount_yen - void_yen AS amount_yen FROM hourly_payment WHERE " PERIOD "AND method <> 'none') AS part "
        "GROUP BY received_on, hour, is_cash ORDER BY received_on, hour, is_cash",
        BOUND(BOUND_PERIOD(period)), &row, err);
    while (status == STATUS_OK && (status = statement_step(row, &has_row, err)) == STATUS_OK && has_row) {
        const struct hour_row hour = {
            .received_on = statement_column_text(row, 0),
            .hour = statement_column_int(row, 1),
            .is_cash = statement_column_int(row, 2) != 0,
            .count = statement_column_int(row, 3),
            .amount_yen = statement_column_int(row, 4),
        };
        status = visit(&hour, context, err);
        if (status != STATUS_OK) {
            statement_reset(row);
        }
    }
    return status;
}

enum status
item_month_each(struct store_txn *txn, const struct statistics_period *period, item_month_visitor visit, void *context,
                struct error_detail *err)
{
    struct statement *row;
    bool has_row = false;
    enum status status =
        query_open(txn,
                   "SELECT item, substr(received_on, 1, 7), sum(iif(amount_yen > 0, quantity - void_quantity, 0)), "
                   "sum(iif(amount_yen > 0, 0, quantity - void_quantity)), sum(amount_yen - void_yen) FROM daily_item "
                   "WHERE " PERIOD "AND facility = '' GROUP BY item, substr(received_on, 1, 7) ORDER BY 1, 2",
                   BOUND(BOUND_PERIOD(period)), &row, err);
    while (status == STATUS_OK && (status = statement_step(row, &has_row, err)) == STATUS_OK && has_row) {
        const struct item_month_row sum = {
            .item = statement_column_text(row, 0),
            .month = statement_column_text(row, 1),
            .quantity = statement_column_int(row, 2),
            .zero_quantity = statement_column_int(row, 3),
            .amount_yen = statement_column_int(row, 4),
        };
        status = visit(&sum, context, err);
        if (status != STATUS_OK) {
            statement_reset(row);
        }
    }
    return status;
}

enum status
facility_each(struct store_txn *txn, const struct statistics_period *period, facility_visitor visit, void *context,
              struct error_detail *err)
{
    struct statement *row;
    bool has_row = false;
    /* What cost nothing stands in rows of its own, whatever the rest of its sale was paid with. */
    enum status status = query_open(
        txn,
        "SELECT facility, max(received_on), sum(iif(amount_yen > 0 AND method = 'cash', quantity - void_quantity, 0)), "
        "sum(iif(method = 'cash', amount_yen - void_yen, 0)), "
        "sum(iif(amount_yen > 0 AND method <> 'cash', quantity - void_quantity, 0)), "
        "sum(iif(method <> 'cash', amount_yen - void_yen, 0)), "
        "sum(iif(amount_yen > 0, 0, quantity - void_quantity)) FROM daily_item WHERE " PERIOD
        "GROUP BY facility ORDER BY facility",
        BOUND(BOUND_PERIOD(period)), &row, err);
    while (status == STATUS_OK && (status = statement_step(row, &has_row, err)) == STATUS_OK && has_row) {
        const struct facility_row sum = {
            .facility = statement_column_text(row, 0),
            .last_on = statement_column_text(row, 1),
            .cash_quantity = statement_column_int(row, 2),
            .cash_yen = statement_column_int(row, 3),
            .cashless_quantity = statement_column_int(row, 4),
            .cashless_yen = statement_column_int(row, 5),
            .zero_quantity = statement_column_int(row, 6),
        };
        status = visit(&sum, context, err);
        if (status != STATUS_OK) {
            statement_reset(row);
        }
    }
    return status;
}

enum status
refund_month_each(struct store_txn *txn, const struct statistics_period *period, refund_month_visitor visit,
                  void *context, struct error_detail *err)
{
    struct statement *row;
    bool has_row = false;
    enum status status = query_open(txn,
                                    "SELECT substr(ended_on, 1, 7), count(*), sum(amount_yen) FROM refund "
                                    "WHERE municipality = $1 AND state = 'paid' AND ended_on BETWEEN $2 AND $3 "
                                    "GROUP BY substr(ended_on, 1, 7) ORDER BY 1",
                                    BOUND(BOUND_PERIOD(period)), &row, err);
    while (status == STATUS_OK && (status = statement_step(row, &has_row, err)) == STATUS_OK && has_row) {
        const struct refund_month_row sum = {
            .month = statement_column_text(row, 0),
            .count = statement_column_int(row, 1),
            .amount_yen = statement_column_int(row, 2),
        };
        status = visit(&sum, context, err);
        if (status != STATUS_OK) {
            statement_reset(row);
        }
    }
    return status;
}

/* Lines are summed within their file first, because a file is what they are sorted by; then the payout is looked up
 * once per sum. Of a payout that is carried over (繰越) the one that takes it is what the bank credits. */
enum status
deposit_each(struct store_txn *txn, const struct statistics_period *period, int64_t from_ms, int64_t to_ms,
             deposit_visitor visit, void *context, struct error_detail *err)
{
    struct statement *row;
    bool has_row = false;
    enum status status = query_open(
        txn,
        "SELECT s.trustee, s.day, CASE WHEN t.credited_yen >= t.expected_yen AND t.credited_yen > 0 "
        "THEN t.credited_on ELSE '' END AS whole_on, sum(s.count), sum(s.amount_yen) FROM ("
        "SELECT i.trustee, l.payout, (l.accepted_at_ms + 32400000) / 86400000 AS day, count(*) AS count, "
        "sum(l.amount_yen) AS amount_yen FROM import AS i JOIN statement_line AS l ON l.import = i.import "
        "WHERE i.municipality = $1 AND i.kind = 'statement' AND i.last_on >= $2 AND i.first_on <= $3 "
        "AND i.first_on <> '' AND l.kind = 'sale' AND l.is_training = 0 AND l.accepted_at_ms >= $4 "
        "AND l.accepted_at_ms < $5 AND NOT EXISTS (SELECT 1 FROM line_aside AS a WHERE a.import = l.import "
        "AND a.line = l.line) GROUP BY i.trustee, l.import, l.payout, (l.accepted_at_ms + 32400000) / 86400000) AS s "
        "LEFT JOIN payout AS q ON q.municipality = $1 AND q.trustee = s.trustee AND q.payout = s.payout "
        "LEFT JOIN payout AS t ON t.municipality = $1 AND t.trustee = s.trustee "
        "AND t.payout = CASE WHEN q.is_carried = 1 THEN q.carried_to ELSE q.payout END "
        "GROUP BY s.trustee, s.day, whole_on ORDER BY 1, 2, 3",
        BOUND(BOUND_PERIOD(period), bound_int(from_ms), bound_int(to_ms)), &row, err);
    while (status == STATUS_OK && (status = statement_step(row, &has_row, err)) == STATUS_OK && has_row) {
        const struct deposit_row sum = {
            .trustee = statement_column_text(row, 0),
            .accepted_day = statement_column_int(row, 1),
            .credited_on = statement_column_text(row, 2),
            .count = statement_column_int(row, 3),
            .amount_yen = statement_column_int(row, 4),
        };
        status = visit(&sum, context, err);
        if (status != STATUS_OK) {
            statement_reset(row);
        }
    }
    return status;
}

/* ---- staff time -------------------------------------------------------------------------------------------------- */

enum status
time_saving_each(struct store_txn *txn, const char *municipality, int64_t fiscal_year, time_saving_visitor visit,
                 void *context, struct error_detail *err)
{
    struct statement *row;
    bool has_row = false;
    enum status status = query_open(
        txn,
        "SELECT t.time_saving, t.fiscal_year, t.work, t.before_seconds, t.after_seconds, t.cases, t.basis, t.at_ms, "
        "t.login, coalesce(s.name, '') FROM time_saving AS t LEFT JOIN staff AS s "
        "ON s.municipality = t.municipality AND s.login = t.login WHERE t.municipality = $1 AND t.undone_by = '' "
        "AND ($2 = 0 OR t.fiscal_year = $2) ORDER BY t.fiscal_year, t.work",
        BOUND(bound_text(municipality), bound_int(fiscal_year)), &row, err);
    while (status == STATUS_OK && (status = statement_step(row, &has_row, err)) == STATUS_OK && has_row) {
        const struct time_saving_row saving = {
            .id = statement_column_int(row, 0),
            .fiscal_year = statement_column_int(row, 1),
            .work = statement_column_text(row, 2),
            .before_seconds = statement_column_int(row, 3),
            .after_seconds = statement_column_int(row, 4),
            .cases = statement_column_int(row, 5),
            .basis = statement_column_text(row, 6),
            .at_ms = statement_column_int(row, 7),
            .login = statement_column_text(row, 8),
            .name = statement_column_text(row, 9),
        };
        status = visit(&saving, context, err);
        if (status != STATUS_OK) {
            statement_reset(row);
        }
    }
    return status;
}

enum status
time_saving_is_there(struct store_txn *txn, const char *municipality, int64_t fiscal_year, const char *work, bool *out,
                     struct error_detail *err)
{
    int64_t found = 0;
    enum status status =
        query_int(txn,
                  "SELECT 1 FROM time_saving WHERE municipality = $1 AND fiscal_year = $2 AND work = $3 "
                  "AND undone_by = ''",
                  BOUND(bound_text(municipality), bound_int(fiscal_year), bound_text(work)), 0, &found, err);
    *out = found != 0;
    return status;
}

enum status
time_saving_add(struct store_txn *txn, const char *municipality, const struct time_saving_row *row, int64_t *out_id,
                struct error_detail *err)
{
    return query_insert(
        txn,
        "INSERT INTO time_saving (municipality, fiscal_year, work, before_seconds, after_seconds, cases, basis, "
        "at_ms, login, undone_by, undone_at_ms, undone_reason) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '', 0, '') "
        "RETURNING time_saving",
        BOUND(bound_text(municipality), bound_int(row->fiscal_year), bound_text(row->work),
              bound_int(row->before_seconds), bound_int(row->after_seconds), bound_int(row->cases),
              bound_text(row->basis), bound_int(row->at_ms), bound_text(row->login)),
        out_id, err);
}

enum status
time_saving_take_back(struct store_txn *txn, const char *municipality, int64_t id, const char *login,
                      const char *reason, int64_t now_ms, struct error_detail *err)
{
    int64_t found = 0;
    enum status status =
        query_int(txn, "SELECT 1 FROM time_saving WHERE municipality = $1 AND time_saving = $2 AND undone_by = ''",
                  BOUND(bound_text(municipality), bound_int(id)), 0, &found, err);
    if (status != STATUS_OK) {
        return status;
    }
    if (found == 0) {
        error_set(err, "not_found", "この記録は、もう取り消されています。");
        return STATUS_NOT_FOUND;
    }
    return query_run(
        txn,
        "UPDATE time_saving SET undone_by = $3, undone_at_ms = $4, undone_reason = $5 WHERE municipality = $1 "
        "AND time_saving = $2 AND undone_by = ''",
        BOUND(bound_text(municipality), bound_int(id), bound_text(login), bound_int(now_ms), bound_text(reason)), err);
}
