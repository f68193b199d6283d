/* SQL of reports. */
#include "settlement/store/report_store.h"

#include "settlement/store/query.h"

#define PERIOD(day) day " BETWEEN $2 AND $3 "

static enum status
open_report(struct store_txn *txn, const char *sql, const struct report_query *query, struct statement **out,
            struct error_detail *err)
{
    return query_open(txn, sql,
                      BOUND(bound_text(query->municipality), bound_text(query->from), bound_text(query->to),
                            bound_text(query->place), bound_text(query->facility)),
                      out, err);
}

enum status
item_sum_each(struct store_txn *txn, const struct report_query *query, item_sum_visitor visit, void *context,
              struct error_detail *err)
{
    struct statement *row;
    bool has_row = false;
    /* What cost nothing stands in rows of its own: without money, whatever the reason. */
    enum status status =
        open_report(txn,
                    "SELECT max(received_on), facility, place, item, unit_price_yen, "
                    "sum(iif(amount_yen > 0, quantity - void_quantity, 0)), "
                    "sum(iif(amount_yen > 0, 0, quantity - void_quantity)), sum(amount_yen - void_yen), "
                    "sum(iif(method = 'cash', amount_yen - void_yen, 0)), sum(reduction_yen - void_reduction_yen), "
                    "sum(void_quantity), sum(void_yen) FROM daily_item WHERE municipality = $1 AND " PERIOD(
                        "received_on") "AND ($4 IS NULL OR place = $4) AND ($5 IS NULL OR facility = $5) "
                                       "GROUP BY facility, place, item, unit_price_yen ORDER BY facility, place, item, "
                                       "unit_price_yen",
                    query, &row, err);
    while (status == STATUS_OK && (status = statement_step(row, &has_row, err)) == STATUS_OK && has_row) {
        struct item_sum sum = {
            .received_on = statement_column_text(row, 0),
            .facility = statement_column_text(row, 1),
            .place = statement_column_text(row, 2),
            .item = statement_column_text(row, 3),
            .unit_price_yen = statement_column_int(row, 4),
            .quantity = statement_column_int(row, 5),
            .zero_quantity = statement_column_int(row, 6),
            .amount_yen = statement_column_int(row, 7),
            .cash_yen = statement_column_int(row, 8),
            .reduction_yen = statement_column_int(row, 9),
            .void_quantity = statement_column_int(row, 10),
            .void_yen = statement_column_int(row, 11),
        };
        status = visit(&sum, context);
        if (status != STATUS_OK) {
            statement_reset(row);
        }
    }
    return status;
}

enum status
brand_sum_each(struct store_txn *txn, const struct report_query *query, brand_sum_visitor visit, void *context,
               struct error_detail *err)
{
    struct statement *row;
    bool has_row = false;
    /* By payment when all facilities are meant; a facility's share of a payment is known from the items only. */
    const char *sql =
        query->facility == NULL
            ? "SELECT method, brand, sum(count - void_count), sum(amount_yen - void_yen) "
              "FROM daily_payment WHERE municipality = $1 AND " PERIOD(
                  "received_on") "AND ($4 IS NULL OR place = $4) AND $5 IS NULL GROUP BY method, brand ORDER BY 1, 2"
            : "SELECT method, brand, sum(quantity - void_quantity), sum(amount_yen - void_yen) "
              "FROM daily_item WHERE municipality = $1 AND " PERIOD(
                  "received_on") "AND ($4 IS NULL OR place = $4) AND facility = $5 GROUP BY method, brand ORDER BY 1, "
                                 "2";
    enum status status = open_report(txn, sql, query, &row, err);
    while (status == STATUS_OK && (status = statement_step(row, &has_row, err)) == STATUS_OK && has_row) {
        struct brand_sum sum = {
            .method = statement_column_text(row, 0),
            .brand = statement_column_text(row, 1),
            .count = statement_column_int(row, 2),
            .amount_yen = statement_column_int(row, 3),
        };
        status = visit(&sum, context);
        if (status != STATUS_OK) {
            statement_reset(row);
        }
    }
    return status;
}

enum status
entry_sum_each(struct store_txn *txn, const struct report_query *query, entry_sum_visitor visit, void *context,
               struct error_detail *err)
{
    struct statement *row;
    bool has_row = false;
    enum status status = open_report(
        txn,
        "SELECT facility, category, sum(count) FROM daily_entry WHERE municipality = $1 AND " PERIOD(
            "business_date") "AND ($4 IS NULL OR terminal IN (SELECT terminal FROM terminal WHERE place = $4)) "
                             "AND ($5 IS NULL OR facility = $5) GROUP BY facility, category ORDER BY facility, "
                             "category",
        query, &row, err);
    while (status == STATUS_OK && (status = statement_step(row, &has_row, err)) == STATUS_OK && has_row) {
        struct entry_sum sum = {
            .facility = statement_column_text(row, 0),
            .category = statement_column_text(row, 1),
            .count = statement_column_int(row, 2),
        };
        status = visit(&sum, context);
        if (status != STATUS_OK) {
            statement_reset(row);
        }
    }
    return status;
}

enum status
ticket_sum_each(struct store_txn *txn, const struct report_query *query, ticket_sum_visitor visit, void *context,
                struct error_detail *err)
{
    struct statement *row;
    bool has_row = false;
    enum status status = open_report(
        txn,
        "SELECT facility, item, count(*), sum(is_paid), sum(NOT is_paid AND outcome = 'left'), "
        "sum(NOT is_paid AND outcome = 'voided') FROM (SELECT t.facility, t.item, "
        "EXISTS (SELECT 1 FROM sale_line AS l JOIN sale AS s USING (terminal, sequence) WHERE l.ticket = t.ticket "
        "AND l.ticket <> '' AND s.municipality = t.municipality AND s.voided_by = 0) AS is_paid, "
        "coalesce((SELECT max(c.outcome) FROM ticket_closing AS c WHERE c.ticket = t.ticket "
        "AND c.municipality = t.municipality), '') AS outcome FROM ticket AS t WHERE t.municipality = $1 AND " PERIOD(
            "t.business_date") "AND ($4 IS NULL OR t.place = $4) AND ($5 IS NULL OR t.facility = $5)) AS entered "
                               "GROUP BY facility, item ORDER BY facility, item",
        query, &row, err);
    while (status == STATUS_OK && (status = statement_step(row, &has_row, err)) == STATUS_OK && has_row) {
        struct ticket_sum sum = {
            .facility = statement_column_text(row, 0),
            .item = statement_column_text(row, 1),
            .issued = statement_column_int(row, 2),
            .paid = statement_column_int(row, 3),
            .left = statement_column_int(row, 4),
            .voided = statement_column_int(row, 5),
        };
        status = visit(&sum, context);
        if (status != STATUS_OK) {
            statement_reset(row);
        }
    }
    return status;
}

enum status
refund_sum_each(struct store_txn *txn, const struct report_query *query, refund_sum_visitor visit, void *context,
                struct error_detail *err)
{
    struct statement *row;
    bool has_row = false;
    enum status status = open_report(
        txn,
        "SELECT ended_means, count(*), sum(amount_yen) FROM refund WHERE municipality = $1 AND state = 'paid' "
        "AND " PERIOD(
            "ended_on") "AND ($4 IS NULL OR place = $4) AND $5 IS NULL GROUP BY ended_means ORDER BY ended_means",
        query, &row, err);
    while (status == STATUS_OK && (status = statement_step(row, &has_row, err)) == STATUS_OK && has_row) {
        struct refund_sum sum = {
            .means = statement_column_text(row, 0),
            .count = statement_column_int(row, 1),
            .amount_yen = statement_column_int(row, 2),
        };
        status = visit(&sum, context);
        if (status != STATUS_OK) {
            statement_reset(row);
        }
    }
    return status;
}

enum status
operator_sum_each(struct store_txn *txn, const struct report_query *query, operator_sum_visitor visit, void *context,
                  struct error_detail *err)
{
    struct statement *row;
    bool has_row = false;
    enum status status = open_report(
        txn,
        "SELECT facility, operator, received_on, route, count(*), sum(quantity), sum(amount_yen), sum(tax_yen) "
        "FROM operator_revenue WHERE municipality = $1 AND " PERIOD(
            "received_on") "AND $4 IS NULL AND ($5 IS NULL OR facility = $5) GROUP BY facility, operator, received_on, "
                           "route "
                           "ORDER BY facility, operator, received_on, route",
        query, &row, err);
    while (status == STATUS_OK && (status = statement_step(row, &has_row, err)) == STATUS_OK && has_row) {
        struct operator_sum sum = {
            .facility = statement_column_text(row, 0),
            .operator_name = statement_column_text(row, 1),
            .received_on = statement_column_text(row, 2),
            .route = statement_column_text(row, 3),
            .count = statement_column_int(row, 4),
            .quantity = statement_column_int(row, 5),
            .amount_yen = statement_column_int(row, 6),
            .tax_yen = statement_column_int(row, 7),
        };
        status = visit(&sum, context);
        if (status != STATUS_OK) {
            statement_reset(row);
        }
    }
    return status;
}
