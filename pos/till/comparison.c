/* Counted against recorded, as the screen shows it: only once a count has been written. */
#include "pos/till/drawer.h"

#include <string.h>

static void
write_figures(const struct drawer_figures *figures, struct json_writer *writer)
{
    json_int(writer, "float_yen", figures->float_yen);
    json_int(writer, "cash_sales_yen", figures->cash_sales_yen);
    json_int(writer, "cash_in_yen", figures->cash_in_yen);
    json_int(writer, "cash_out_yen", figures->cash_out_yen);
    json_int(writer, "refund_cash_yen", figures->refund_cash_yen);
    json_int(writer, "expected_cash_yen", figures->expected_cash_yen);
}

static void
write_count(const struct till *till, const struct recorded_count *counted, int64_t expected_yen,
            struct json_writer *writer)
{
    char at[INSTANT_TEXT_SIZE];
    json_int(writer, "sequence", counted->sequence);
    json_text(writer, "purpose", count_purpose_word(counted->purpose));
    json_text(writer, "at", instant_format(at, counted->at_ms));
    json_text(writer, "clerk_name",
              till->masters != NULL ? masters_clerk_name(till->masters, counted->clerk) : counted->clerk);
    cash_count_write(&counted->count, writer, "counts");
    json_int(writer, "counted_cash_yen", counted->count.total_yen);
    json_int(writer, "difference_yen", counted->count.total_yen - expected_yen);
}

static enum status
write_sales(struct till *till, const struct drawer_figures *figures, struct json_writer *writer,
            struct error_detail *err)
{
    json_int(writer, "zero_count", figures->zero_count);
    json_int(writer, "no_sale_count", figures->no_sale_count);
    enum status status = drawer_write_totals(till, figures, writer, err);
    return status == STATUS_OK ? drawer_write_unresolved(till, writer, err) : status;
}

enum status
till_write_comparison(struct till *till, struct buffer *out, struct error_detail *err)
{
    struct recorded_count counted;
    struct drawer_figures figures;
    struct json_writer writer;
    json_writer_init(&writer, out);
    till_lock(till);
    enum status status = drawer_standing_count(till, &counted, err);
    if (status == STATUS_OK) {
        status = drawer_figures_now(till, &figures, err);
    }
    if (status == STATUS_OK) {
        json_begin_object(&writer, NULL);
        write_count(till, &counted, figures.expected_cash_yen, &writer);
        write_figures(&figures, &writer);
        json_int(&writer, "deposit_yen", counted.count.total_yen - figures.float_yen);
        status = write_sales(till, &figures, &writer, err);
    }
    till_unlock(till, false);
    if (status != STATUS_OK) {
        return status;
    }
    json_end_object(&writer);
    return json_finish(&writer, err);
}

/* What a day.inspected says, and the count in the line before it. */
static enum status
write_inspection(struct till *till, int64_t sequence, const struct json_value *body, struct json_writer *writer,
                 struct error_detail *err)
{
    struct recorded_count counted;
    struct drawer_figures figures = {0};
    struct buffer lists;
    int64_t number;
    const struct {
        const char *key;
        int64_t *out;
    } members[] = {{"number", &number},
                   {"first_sequence", &figures.first_sequence},
                   {"last_sequence", &figures.last_sequence},
                   {"float_yen", &figures.float_yen}};
    enum status status = drawer_load_count(till, sequence - 1, &counted, err);
    for (size_t i = 0; i < sizeof members / sizeof members[0] && status == STATUS_OK; i++) {
        status = json_get_int(body, members[i].key, 0, YEN_LIMIT, members[i].out, err);
    }
    if (status == STATUS_OK) {
        status =
            drawer_figures_of(till, figures.first_sequence, figures.last_sequence, figures.float_yen, &figures, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    json_begin_object(writer, NULL);
    json_int(writer, "number", number);
    write_count(till, &counted, figures.expected_cash_yen, writer);
    json_int(writer, "line", sequence);
    write_figures(&figures, writer);
    json_int(writer, "zero_count", figures.zero_count);
    json_int(writer, "no_sale_count", figures.no_sale_count);
    buffer_init(&lists, JOURNAL_LINE_MAX_BYTES);
    static const char *const kept[] = {"totals", "unresolved"}; /* as they were then */
    for (size_t i = 0; i < sizeof kept / sizeof kept[0] && status == STATUS_OK; i++) {
        buffer_clear(&lists);
        status = json_write_canonical(json_member(body, kept[i]), &lists, err);
        if (status == STATUS_OK) {
            json_raw(writer, kept[i], buffer_text(&lists), lists.length);
        }
    }
    buffer_finish(&lists);
    json_end_object(writer);
    return status;
}

enum status
till_write_inspection(struct till *till, int64_t sequence, struct buffer *out, struct error_detail *err)
{
    struct journal_line line;
    struct json_writer writer;
    struct json_value *body = NULL;
    json_writer_init(&writer, out);
    till_lock(till);
    enum status status = drawer_read_body(till, sequence, &line, &body, err);
    if (status == STATUS_OK && strcmp(line.kind, "day.inspected") != 0) {
        status = STATUS_NOT_FOUND;
    }
    if (status == STATUS_NOT_FOUND) {
        error_set(err, "no_such_inspection", "その点検は見つかりません。");
    }
    if (status == STATUS_OK) {
        status = write_inspection(till, sequence, body, &writer, err);
    }
    json_free(body);
    till_unlock(till, false);
    return status == STATUS_OK ? json_finish(&writer, err) : status;
}
