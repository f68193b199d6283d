/* Sales and baskets, read back from the journal lines that hold them. */
#include "pos/till/till_parts.h"

/* The body of journal line SEQUENCE; *OUT_BODY is given (json_free). OUT_AT_MS may be NULL. */
static enum status
load_body(struct till *till, int64_t sequence, struct json_value **out_body, int64_t *out_at_ms,
          struct error_detail *err)
{
    struct buffer bytes;
    struct journal_line line;
    buffer_init(&bytes, JOURNAL_LINE_MAX_BYTES);
    enum status status = journal_read_line(till->db, sequence, &bytes, err);
    if (status == STATUS_OK) {
        status = journal_line_read(&line, buffer_text(&bytes), bytes.length, err);
    }
    if (status == STATUS_OK) {
        status = json_parse(out_body, line.body, line.body_length, err);
    }
    if (status == STATUS_OK && out_at_ms != NULL) {
        *out_at_ms = line.at_ms;
    }
    buffer_finish(&bytes);
    return status;
}

enum status
load_sale(struct till *till, int64_t sequence, struct sale *out, int64_t *out_at_ms, struct error_detail *err)
{
    struct json_value *body = NULL;
    enum status status = load_body(till, sequence, &body, out_at_ms, err);
    if (status == STATUS_OK) {
        status = sale_read(out, body, err);
    }
    json_free(body);
    return status;
}

enum status
payment_load_written(struct till *till, const struct payment_row *row, struct sale *out, struct error_detail *err)
{
    struct json_value *body = NULL;
    const struct json_value *basket;
    enum status status = load_body(till, row->sequence, &body, NULL, err);
    if (status == STATUS_OK) {
        status = json_get_object(body, "basket", &basket, err);
    }
    if (status == STATUS_OK) {
        status = sale_content_read(&out->content, basket, err);
    }
    if (status == STATUS_OK) {
        status = cash_part_read(&out->payment, json_member(body, "cash"), err);
    }
    json_free(body);
    return status;
}

enum status
load_held_content(struct till *till, int64_t sequence, struct sale_content *out, struct error_detail *err)
{
    struct json_value *body = NULL;
    enum status status = load_body(till, sequence, &body, NULL, err);
    if (status == STATUS_OK) {
        status = sale_content_read(out, body, err);
    }
    json_free(body);
    return status;
}
