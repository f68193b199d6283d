/* What is paid once stays paid once, whichever way it comes into a basket twice: a slip or a car park ticket that was held
 * and rung up again, or whose first payment is still unknown.
 *
 * Looked at when a basket is about to be paid, because only then is it certain what else was paid meanwhile. */
#include "pos/till/paid_once.h"

#include "common/clock/civil.h"
#include "common/json/reader.h"
#include "pos/till/slip_price.h"
#include "pos/till/tickets_parts.h"

#include <stdio.h>
#include <string.h>

enum {
    OPEN_PAYMENTS_MAX = 64,         /* of other baskets, the newest: a till has one or two */
    PRICE_FRESH_MS = 10 * 60 * 1000 /* a payment with all its detours; below the unit of any tariff that we know of */
};

static struct sale other; /* too large for a stack; one for the process: used under the till's lock */

enum status
slip_check_not_paid(struct till *till, const struct sale_reference *reference, struct error_detail *err)
{
    struct statement *row;
    bool has_row;
    enum status status = database_statement(till->db,
                                            "SELECT receipt_number, business_date FROM sale WHERE reference_number = ?1"
                                            " AND reference_kind = ?2 AND state <> 'voided' LIMIT 1",
                                            &row, err);
    if (status == STATUS_OK) {
        statement_bind_text(row, 1, reference->number);
        statement_bind_text(row, 2, reference->kind);
        status = statement_step(row, &has_row, err);
    }
    if (status == STATUS_OK && has_row) {
        error_set(err, "slip_paid", "番号 %s は%sに領収済みです(領収書番号 %s)。もう一度お会計しないでください。",
                  reference->number, statement_column_text(row, 1), statement_column_text(row, 0));
        statement_reset(row);
        status = STATUS_REFUSED;
    }
    return status;
}

/* What the line's price takes into account: when the car was to leave, and what it had paid. */
struct priced_stay {
    int64_t left_ms; /* 0: not said */
    int64_t prepaid_yen;
};

static void
read_stay(const struct sale_line *line, struct priced_stay *out)
{
    struct json_value *facts = NULL;
    struct error_detail ignored;
    const char *left_at = "";
    char full[INSTANT_TEXT_SIZE];
    *out = (struct priced_stay){0};
    if (json_parse(&facts, line->pricing.facts, strlen(line->pricing.facts), &ignored) != STATUS_OK) {
        return;
    }
    json_as_int(json_member(facts, "prepaid_yen"), &out->prepaid_yen);
    json_as_text(json_member(facts, "left_at"), &left_at);
    snprintf(full, sizeof full, "%.16s:00.000+09:00", left_at);
    if (instant_parse(&out->left_ms, full, strlen(full)) != STATUS_OK) {
        out->left_ms = 0;
    }
    json_free(facts);
}

static enum status
check_ticket(struct till *till, const struct sale_line *line, struct error_detail *err)
{
    struct ticket_row row;
    struct priced_stay stay;
    read_stay(line, &stay);
    enum status status = load_ticket(till, line->ticket, &row, err);
    if (status != STATUS_OK) {
        return status;
    }
    status = STATUS_REFUSED;
    if (strcmp(row.state, "inside") != 0) {
        error_set(err, "ticket_ended", "この明細の駐車券は、もう出庫か取消になっています。明細を消してください。");
    } else if (row.paid_yen != stay.prepaid_yen) {
        error_set(err, "ticket_paid",
                  "この駐車券は、料金を計算したあとに支払いがありました。明細を消し、券をもう一度読み取ってください。");
    } else if (stay.left_ms != 0 && till_now_ms(till) - stay.left_ms > PRICE_FRESH_MS) {
        error_set(err, "price_is_old",
                  "駐車料金を計算してから時間がたちました。券をもう一度読み取って、今の料金で会計してください。");
    } else {
        status = STATUS_OK;
    }
    return status;
}

static bool
has_ticket(const struct sale_content *content, const char *ticket)
{
    for (size_t i = 0; i < content->line_count; i++) {
        if (strcmp(content->lines[i].ticket, ticket) == 0) {
            return true;
        }
    }
    return false;
}

static bool
is_slip(const struct sale_reference *reference)
{
    return strcmp(reference->kind, SLIP_REFERENCE_KIND) == 0;
}

/* Whether A and B pay one slip or one ticket. */
static bool
share(const struct sale_content *a, const struct sale_content *b)
{
    if (is_slip(&a->reference) && is_slip(&b->reference) && strcmp(a->reference.number, b->reference.number) == 0) {
        return true;
    }
    for (size_t i = 0; i < a->line_count; i++) {
        if (a->lines[i].ticket[0] != '\0' && has_ticket(b, a->lines[i].ticket)) {
            return true;
        }
    }
    return false;
}

static enum status
check_open_payment(struct till *till, const char *payment, const struct sale_content *content, struct error_detail *err)
{
    struct payment_row row;
    other = (struct sale){0};
    enum status status = payment_load(till, payment, &row, err);
    if (status == STATUS_OK) {
        status = payment_load_written(till, &row, &other, err);
    }
    if (status == STATUS_OK && share(content, &other.content)) {
        error_set(err, "in_another_payment",
                  "この券または用紙は、結果を確認中のお支払いがあります。未確認の一覧で結果を待つか、取りやめてから、もう一度"
                  "お会計してください。");
        status = STATUS_REFUSED;
    }
    return status;
}

/* Payments of other baskets whose end is not known and which nobody has given up. */
static enum status
check_open_payments(struct till *till, const char *basket, const struct sale_content *content, struct error_detail *err)
{
    char payments[OPEN_PAYMENTS_MAX][IDENTITY_TEXT_SIZE];
    size_t count = 0;
    struct statement *row;
    bool has_row = false;
    enum status status = database_statement(
        till->db,
        "SELECT payment FROM payment WHERE state IN ('started', 'unknown', 'in_doubt') AND is_abandoned = 0 "
        "AND sale <> ?1 ORDER BY sequence DESC",
        &row, err);
    if (status == STATUS_OK) {
        statement_bind_text(row, 1, basket);
    }
    while (status == STATUS_OK && (status = statement_step(row, &has_row, err)) == STATUS_OK && has_row) {
        snprintf(payments[count++], IDENTITY_TEXT_SIZE, "%s", statement_column_text(row, 0));
        if (count == OPEN_PAYMENTS_MAX) {
            statement_reset(row);
            break;
        }
    }
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        status = check_open_payment(till, payments[i], content, err);
    }
    return status;
}

enum status
paid_once_check(struct till *till, const char *basket, const struct sale_content *content, struct error_detail *err)
{
    bool has_any = false;
    enum status status = slip_price_check_content(till, content, err);
    if (status == STATUS_OK && is_slip(&content->reference)) {
        has_any = true;
        status = slip_check_not_paid(till, &content->reference, err);
    }
    for (size_t i = 0; i < content->line_count && status == STATUS_OK; i++) {
        const struct sale_line *line = &content->lines[i];
        bool is_first_of_set = line->ticket[0] != '\0' && strcmp(line->pricing.facts, "{}") != 0;
        has_any = has_any || line->ticket[0] != '\0';
        if (is_first_of_set) {
            status = check_ticket(till, line, err);
        }
    }
    return status == STATUS_OK && has_any ? check_open_payments(till, basket, content, err) : status;
}
