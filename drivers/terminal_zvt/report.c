/* The terminal's own day: lines and totals. */
#include "drivers/terminal_zvt/status.h"

#include "drivers/payment_terminal/payment_terminal_driver.h"
#include "drivers/terminal_zvt/value.h"

#include <string.h>

/* Call TAKE for each container TAG in the container of DATA. */
static enum status
each_tag(struct zvt_bytes data, unsigned wanted, enum status (*take)(struct zvt_bytes value, void *context),
         void *context)
{
    unsigned tag = 0;
    struct zvt_bytes field, value;
    bool is_sound = false;
    while (zvt_field_next(&data, &tag, &field, &is_sound)) {
        bool is_tag_sound = true;
        while (tag == ZVT_FIELD_CONTAINER) {
            unsigned inner = 0;
            if (!zvt_tag_next(&field, &inner, &value, &is_tag_sound)) {
                break;
            }
            enum status status = inner == wanted ? take(value, context) : STATUS_OK;
            if (status != STATUS_OK) {
                return status;
            }
        }
        if (!is_tag_sound) {
            return STATUS_INVALID;
        }
    }
    return is_sound ? STATUS_OK : STATUS_INVALID;
}

static bool
read_kind(struct zvt_bytes value, enum terminal_kind *out)
{
    const unsigned kind = zvt_first_byte(value);
    *out = (enum terminal_kind)kind;
    return value.length == 1 && kind <= TERMINAL_KIND_REFUND;
}

static enum status
take_line(struct zvt_bytes rest, void *context)
{
    struct terminal_log_line *line = context;
    unsigned tag = 0;
    struct zvt_bytes value;
    bool is_sound = false;
    while (zvt_tag_next(&rest, &tag, &value, &is_sound)) {
        if (tag == ZVT_TAG_REFERENCE) {
            zvt_copy_text(line->reference, sizeof line->reference, value);
        } else if (tag == ZVT_TAG_BRAND) {
            zvt_copy_text(line->brand, sizeof line->brand, value);
        } else if (tag == ZVT_TAG_ACQUIRER_REFERENCE) {
            zvt_copy_text(line->acquirer_reference, sizeof line->acquirer_reference, value);
        } else if (tag == ZVT_TAG_KIND) {
            is_sound = read_kind(value, &line->kind);
        } else if (tag == ZVT_TAG_AMOUNT) {
            is_sound = zvt_in_range(value, TERMINAL_AMOUNT_MAX_YEN, &line->amount_yen);
        } else if (tag == ZVT_TAG_FLAGS) {
            line->is_in_doubt = (zvt_first_byte(value) & FLAG_IN_DOUBT) != 0;
        }
        if (!is_sound) {
            return STATUS_INVALID;
        }
    }
    if (!is_sound || line->amount_yen == 0) {
        return STATUS_INVALID;
    }
    line->amount_yen = line->kind == TERMINAL_KIND_SALE ? line->amount_yen : -line->amount_yen;
    return STATUS_OK;
}

enum status
zvt_line_read(struct zvt_bytes data, struct terminal_log_line *out, struct error_detail *err)
{
    memset(out, 0, sizeof *out);
    if (zvt_data_shows_card(data)) {
        return zvt_refuse_card(err);
    }
    enum status status = each_tag(data, ZVT_TAG_LINE, take_line, out);
    return status == STATUS_OK && out->amount_yen != 0 ? STATUS_OK : zvt_invalid(err);
}

struct totals_context {
    struct terminal_total *totals;
    size_t capacity, *count;
};

static enum status
take_total(struct zvt_bytes rest, void *context)
{
    const struct totals_context *into = context;
    const int64_t max_yen = INT64_C(99999999999), max_count = 100000;
    struct terminal_total total = {.count = 0};
    unsigned tag = 0;
    struct zvt_bytes value;
    bool is_sound = false, has_kind = false;
    int64_t count = -1, sum_yen = -1;
    while (zvt_tag_next(&rest, &tag, &value, &is_sound)) {
        if (tag == ZVT_TAG_BRAND) {
            zvt_copy_text(total.brand, sizeof total.brand, value);
        } else if (tag == ZVT_TAG_KIND) {
            is_sound = has_kind = read_kind(value, &total.kind);
        } else if (tag == ZVT_TAG_COUNT) {
            is_sound = zvt_in_range(value, max_count, &count);
        } else if (tag == ZVT_TAG_SUM) {
            is_sound = zvt_in_range(value, max_yen, &sum_yen);
        }
        if (!is_sound) {
            return STATUS_INVALID;
        }
    }
    if (!is_sound || !has_kind || count < 0 || sum_yen < 0 ||
        terminal_total_find(into->totals, *into->count, total.brand, total.kind) != NULL) {
        return STATUS_INVALID;
    }
    if (*into->count == into->capacity) {
        return STATUS_OVERFLOW;
    }
    total.count = (uint32_t)count;
    total.sum_yen = total.kind == TERMINAL_KIND_SALE ? sum_yen : -sum_yen;
    into->totals[(*into->count)++] = total;
    return STATUS_OK;
}

enum status
zvt_totals_read(struct zvt_bytes data, struct terminal_total *totals, size_t capacity, size_t *count,
                struct error_detail *err)
{
    struct totals_context into = {totals, capacity, count};
    if (zvt_data_shows_card(data)) {
        return zvt_refuse_card(err);
    }
    enum status status = each_tag(data, ZVT_TAG_TOTAL, take_total, &into);
    if (status == STATUS_OVERFLOW) {
        error_set(err, "terminal_totals_overflow", "決済端末の日計のブランドが多すぎます。");
        return status;
    }
    return status == STATUS_OK ? STATUS_OK : zvt_invalid(err);
}
