/* A past sale as the screens show it: what was sold, what came out on paper, and what can still be done with it. */
#include "pos/till/refunds.h"
#include "pos/till/sale_search.h"

#include <stdio.h>
#include <string.h>

static void
write_lines(const struct sale_content *content, const struct refund_account *account, const struct refund_rule *rule,
            struct json_writer *writer)
{
    json_begin_array(writer, "lines");
    for (size_t i = 0; i < content->line_count; i++) {
        const struct sale_line *line = &content->lines[i];
        json_begin_object(writer, NULL);
        json_int(writer, "line", (int64_t)i + 1);
        json_text(writer, "name", line->name);
        json_int(writer, "unit_price_yen", line->unit_price_yen);
        json_int(writer, "quantity", line->quantity);
        json_int(writer, "amount_yen", line->amount_yen);
        json_int(writer, "refunded_yen", account->line_yen[i]);
        json_int(writer, "refundable_yen", rule->is_allowed[i] ? line->amount_yen - account->line_yen[i] : 0);
        json_text(writer, "exemption", line->is_exempted ? line->exemption.name : NULL);
        json_end_object(writer);
    }
    json_end_array(writer);
}

/* The papers of SALE by form: how many certainly came out, and how many perhaps. */
static enum status
write_papers(struct till *till, const char *sale, struct json_writer *writer, struct error_detail *err)
{
    struct statement *row;
    bool has_row = false;
    int64_t receipts = 0;
    enum status status =
        database_statement(till->db,
                           "SELECT form, SUM(state = 'printed'), SUM(state IN ('started', 'unknown')) FROM print_job"
                           " WHERE subject = ?1 GROUP BY form ORDER BY form",
                           &row, err);
    if (status != STATUS_OK) {
        return status;
    }
    statement_bind_text(row, 1, sale);
    json_begin_array(writer, "papers");
    while ((status = statement_step(row, &has_row, err)) == STATUS_OK && has_row) {
        const char *form = statement_column_text(row, 0);
        receipts = strcmp(form, "receipt") == 0 ? statement_column_int(row, 1) : receipts;
        json_begin_object(writer, NULL);
        json_text(writer, "form", form);
        json_int(writer, "printed", statement_column_int(row, 1));
        json_int(writer, "unknown", statement_column_int(row, 2));
        json_end_object(writer);
    }
    json_end_array(writer);
    json_int(writer, "copies", receipts);
    return status;
}

static const char *
void_hint(const struct till *till, const struct sale_row *row, const struct refund_account *account)
{
    const struct master_brand *brand = masters_brand(till->masters, row->brand, row->business_date);
    bool is_of_open_day =
        till->day.exists && till->day.is_open && civil_date_compare(row->business_date, till->day.date) == 0;
    if (strcmp(row->state, "voiding") == 0) {
        return "取消の結果を確かめています。お客様への返金はまだ確認できていません。";
    }
    if (strcmp(row->state, "sold") != 0) {
        return "取消済みです。";
    }
    if (!is_of_open_day) {
        return "取消は売上と同じ営業日だけです。「還付を受け付ける」で手続きしてください。";
    }
    if (account->total_yen > 0) {
        return "還付を受け付けた会計です。取り消すには、先に還付の受付を取り下げてください。";
    }
    return brand != NULL && !brand->can_void
               ? "このブランドは決済端末から取り消せません。「還付を受け付ける」で手続きしてください。"
               : "";
}

static void
write_means(unsigned means, struct json_writer *writer)
{
    static const enum refund_means all[] = {REFUND_CASH, REFUND_GATEWAY, REFUND_BANK_TRANSFER};
    json_begin_array(writer, "means");
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        if ((means & all[i]) != 0) {
            json_text(writer, NULL, refund_means_word(all[i]));
        }
    }
    json_end_array(writer);
}

static enum status
write_refunds(struct till *till, const char *sale, bool is_at_till, struct json_writer *writer,
              struct error_detail *err)
{
    struct statement *row;
    bool has_row = false;
    enum status status = database_statement(
        till->db,
        "SELECT refund, amount_yen, means, state, reason, requested_ms, clerk, sequence,"
        " (SELECT state FROM refund_run WHERE refund_run.refund = refund.refund) FROM refund WHERE sale = ?1"
        " ORDER BY sequence",
        &row, err);
    if (status != STATUS_OK) {
        return status;
    }
    statement_bind_text(row, 1, sale);
    json_begin_array(writer, "requests");
    while ((status = statement_step(row, &has_row, err)) == STATUS_OK && has_row) {
        char at[INSTANT_TEXT_SIZE];
        bool is_open = strcmp(statement_column_text(row, 3), "requested") == 0;
        bool is_cash = strcmp(statement_column_text(row, 2), "cash") == 0;
        bool is_gateway = strcmp(statement_column_text(row, 2), "gateway") == 0;
        bool is_of_open_day = statement_column_int(row, 7) >= till->day.opened_sequence;
        const char *run = statement_column_text(row, 8);
        bool is_running = strcmp(run, "started") == 0 || strcmp(run, "unknown") == 0;
        json_begin_object(writer, NULL);
        json_text(writer, "refund", statement_column_text(row, 0));
        json_int(writer, "amount_yen", statement_column_int(row, 1));
        json_text(writer, "means", statement_column_text(row, 2));
        json_text(writer, "state", is_running ? "running" : statement_column_text(row, 3));
        json_bool(writer, "is_refused", strcmp(run, "refused") == 0);
        json_text(writer, "reason", statement_column_text(row, 4));
        json_text(writer, "at", instant_format(at, statement_column_int(row, 5)));
        json_text(writer, "clerk_name", masters_clerk_name(till->masters, statement_column_text(row, 6)));
        json_bool(writer, "can_pay",
                  is_open && (is_cash || (is_gateway && is_of_open_day && is_at_till && run[0] == '\0')));
        json_bool(writer, "can_withdraw", is_open && !is_running && (is_cash || is_of_open_day));
        json_end_object(writer);
    }
    json_end_array(writer);
    return status;
}

/* REFUSAL: why nothing can be asked for now; NULL when it can. */
static enum status
write_refund(struct till *till, const struct sale_row *row, const struct refund_account *account,
             const struct refund_rule *rule, const struct error_detail *refusal, struct json_writer *writer,
             struct error_detail *err)
{
    json_begin_object(writer, "refund");
    json_bool(writer, "can_request", refusal == NULL);
    json_text(writer, "hint", refusal == NULL ? "" : refusal->message);
    json_text(writer, "rule", rule->forbidden_by[0] != '\0' ? rule->forbidden_by : NULL);
    json_int(writer, "refunded_yen", account->total_yen);
    json_int(writer, "remainder_yen", row->total_yen - account->total_yen);
    write_means(refusal == NULL ? rule->means : 0, writer);
    const bool is_at_till = network_refund_is_possible(till, row);
    json_bool(writer, "gateway_at_till", is_at_till);
    enum status status = write_refunds(till, row->sale, is_at_till, writer, err);
    json_end_object(writer);
    return status;
}

static void
write_facts(const struct till *till, const struct sale_row *row, const struct sale *sale, int64_t at_ms,
            struct json_writer *writer)
{
    char at[INSTANT_TEXT_SIZE];
    char date[CIVIL_DATE_TEXT_SIZE];
    json_text(writer, "sale", row->sale);
    json_text(writer, "receipt_number", row->receipt_number);
    json_text(writer, "at", instant_format(at, at_ms));
    json_text(writer, "business_date", civil_date_format(date, row->business_date));
    json_text(writer, "received_on", civil_date_format(date, sale->received_on));
    json_int(writer, "total_yen", row->total_yen);
    json_text(writer, "method", payment_method_word(row->method));
    json_text(writer, "brand_name", row->brand[0] != '\0' ? masters_brand_name(till->masters, row->brand) : NULL);
    json_text(writer, "clerk_name", masters_clerk_name(till->masters, sale->clerk));
    json_text(writer, "state", row->state);
}

/* Under the lock; ROW is of the till's own tables. */
static enum status
write_sale(struct till *till, const struct sale_row *row, struct json_writer *writer, struct error_detail *err)
{
    static struct sale sale; /* too large for a stack; used under the lock */
    struct refund_account account;
    int64_t at_ms;
    enum status status = load_sale(till, row->sequence, &sale, &at_ms, err);
    if (status == STATUS_OK) {
        status = refund_account_load(till, row->sale, &account, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    json_begin_object(writer, NULL);
    write_facts(till, row, &sale, at_ms, writer);
    json_text(writer, "print", sale_paper_progress(till, row->sale));
    const char *shop_copy = paper_form_word(strcmp(row->state, "voided") == 0 ? FORM_VOID_SHOP_COPY : FORM_SHOP_COPY);
    json_text(writer, "shop_copy", row->has_shop_copy ? shop_copy : NULL);
    status = write_papers(till, row->sale, writer, err);
    if (status != STATUS_OK) {
        return status;
    }
    struct error_detail refusal = {0};
    struct refund_rule rule;
    bool can_request = refund_check(till, row, &sale, &account, &rule, &refusal) == STATUS_OK;
    write_lines(&sale.content, &account, &rule, writer);
    const char *hint = void_hint(till, row, &account);
    json_bool(writer, "can_void", hint[0] == '\0');
    json_text(writer, "void_hint", hint);
    status = write_refund(till, row, &account, &rule, can_request ? NULL : &refusal, writer, err);
    json_end_object(writer);
    return status;
}

static enum status
check_has_masters(const struct till *till, struct error_detail *err)
{
    if (till->masters != NULL) {
        return STATUS_OK;
    }
    error_set(err, "not_enrolled", "この端末はまだ登録されていません。管理者に連絡してください。");
    return STATUS_REFUSED;
}

/* The id of the sale of journal line SEQUENCE, or of a receipt number. */
static enum status
find_id(struct till *till, const char *sql, const char *text, int64_t sequence, char out[IDENTITY_TEXT_SIZE],
        struct error_detail *err)
{
    struct statement *row;
    bool has_row = false;
    enum status status = database_statement(till->db, sql, &row, err);
    if (status == STATUS_OK) {
        if (text != NULL) {
            statement_bind_text(row, 1, text);
        } else {
            statement_bind_int(row, 1, sequence);
        }
        status = statement_step(row, &has_row, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    if (!has_row) {
        error_set(err, "no_such_sale", "その会計はこの端末にありません。");
        return STATUS_NOT_FOUND;
    }
    snprintf(out, IDENTITY_TEXT_SIZE, "%s", statement_column_text(row, 0));
    statement_reset(row);
    return STATUS_OK;
}

enum status
till_write_sales(struct till *till, const struct sale_search *search, struct buffer *out, struct error_detail *err)
{
    static _Thread_local struct found_sales found;
    struct json_writer writer;
    json_writer_init(&writer, out);
    till_lock(till);
    enum status status = check_has_masters(till, err);
    if (status == STATUS_OK) {
        status = sales_find(till, search, &found, err);
    }
    json_begin_object(&writer, NULL);
    json_begin_array(&writer, "sales");
    for (size_t i = 0; status == STATUS_OK && i < found.count; i++) {
        char id[IDENTITY_TEXT_SIZE];
        struct sale_row row;
        status = find_id(till, "SELECT sale FROM sale WHERE sequence = ?1", NULL, found.sequences[i], id, err);
        if (status == STATUS_OK) {
            status = load_sale_row(till, id, &row, err);
        }
        if (status == STATUS_OK) {
            status = write_sale(till, &row, &writer, err);
        }
    }
    till_unlock(till, false);
    if (status != STATUS_OK) {
        return status;
    }
    json_end_array(&writer);
    json_bool(&writer, "has_more", found.has_more);
    json_end_object(&writer);
    return json_finish(&writer, err);
}

enum status
till_write_sale(struct till *till, const char *sale, struct buffer *out, struct error_detail *err)
{
    char id[IDENTITY_TEXT_SIZE];
    struct sale_row row;
    struct json_writer writer;
    json_writer_init(&writer, out);
    till_lock(till);
    enum status status = check_has_masters(till, err);
    if (status == STATUS_OK) {
        status = find_id(till, "SELECT sale FROM sale WHERE sale = ?1 OR receipt_number = ?1", sale, 0, id, err);
    }
    if (status == STATUS_OK) {
        status = load_sale_row(till, id, &row, err);
    }
    if (status == STATUS_OK) {
        status = write_sale(till, &row, &writer, err);
    }
    till_unlock(till, false);
    return status == STATUS_OK ? json_finish(&writer, err) : status;
}
