/* Reading, summing and writing a count. */
#include "pos/till/cash_count.h"

const int64_t denominations_yen[DENOMINATION_COUNT] = {10000, 5000, 2000, 1000, 500, 100, 50, 10, 5, 1};

static enum status
read_row(struct cash_count *out, bool has_seen[DENOMINATION_COUNT], const struct json_value *row,
         struct error_detail *err)
{
    int64_t yen;
    int64_t count;
    enum status status = json_get_int(row, "yen", 1, denominations_yen[0], &yen, err);
    if (status == STATUS_OK) {
        status = json_get_int(row, "count", 0, PIECES_MAX, &count, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    for (size_t i = 0; i < DENOMINATION_COUNT; i++) {
        if (denominations_yen[i] == yen && !has_seen[i]) {
            has_seen[i] = true;
            out->pieces[i] = count;
            out->total_yen += yen * count;
            return STATUS_OK;
        }
    }
    error_set(err, "count", "%lld円の枚数を確かめてください。", (long long)yen);
    return STATUS_INVALID;
}

enum status
cash_count_read(struct cash_count *out, const struct json_value *list, struct error_detail *err)
{
    struct cash_count count = {.has_pieces = true};
    bool has_seen[DENOMINATION_COUNT] = {false};
    enum status status = STATUS_OK;
    if (!json_is_array(list)) {
        error_set(err, "count", "\"counts\" must be an array");
        return STATUS_INVALID;
    }
    for (const struct json_value *row = json_first(list); row != NULL && status == STATUS_OK; row = json_next(row)) {
        status = read_row(&count, has_seen, row, err);
    }
    if (status == STATUS_OK) {
        *out = count;
    }
    return status;
}

void
cash_count_write(const struct cash_count *count, struct json_writer *writer, const char *key)
{
    json_begin_array(writer, key);
    for (size_t i = 0; i < DENOMINATION_COUNT && count->has_pieces; i++) {
        if (count->pieces[i] > 0) {
            json_begin_object(writer, NULL);
            json_int(writer, "yen", denominations_yen[i]);
            json_int(writer, "count", count->pieces[i]);
            json_end_object(writer);
        }
    }
    json_end_array(writer);
}
