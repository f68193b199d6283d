/* The same reader as for imports, into 64 bytes a line. */
#include "settlement/reconciliation/side_file.h"

#include "common/money/yen.h"
#include "settlement/reconciliation/matcher.h"
#include "settlement/reconciliation/side_feed.h"
#include "settlement/statements/reader.h"

#include <string.h>

enum {
    SAMPLE_BYTES = 64 * 1024, /* whose line ends tell how many lines the file has */
    SPARE_PERCENT = 2,
    LINES_AT_ONCE = 64 /* nine kilobytes: they stay in the first-level cache */
};

enum status
sales_layout_create(struct layout **out, struct error_detail *err)
{
    static const char json[] = "{\"layout\":\"sales\",\"kind\":\"csv\",\"encoding\":\"utf-8\",\"fields\":{"
                               "\"merchant_reference\":{\"column\":\"reference\"},"
                               "\"acquirer_reference\":{\"column\":\"acquirer_reference\"},"
                               "\"brand\":{\"column\":\"brand\"},"
                               "\"terminal\":{\"column\":\"terminal\"},"
                               "\"slip\":{\"column\":\"slip\",\"column_optional\":true,\"optional\":true},"
                               "\"accepted_at\":{\"column\":\"accepted_at\",\"format\":\"iso8601\"},"
                               "\"amount\":{\"column\":\"amount\"},"
                               "\"training\":{\"column\":\"training\",\"column_optional\":true,\"optional\":true,"
                               "\"values\":{\"0\":\"no\",\"1\":\"yes\"}}}}";
    return layout_create(out, json, sizeof json - 1, err);
}

size_t
side_file_expected_lines(const struct mapped_file *file)
{
    size_t sample = file->length < SAMPLE_BYTES ? file->length : SAMPLE_BYTES;
    size_t line_ends = 1;
    for (size_t i = 0; i < sample; i++) {
        line_ends += file->bytes[i] == '\n' ? 1 : 0;
    }
    return sample == 0 ? 0 : file->length / sample * line_ends / 100 * (100 + SPARE_PERCENT) + 2 * line_ends;
}

static enum status
refuse_memory(struct error_detail *err)
{
    error_set(err, "out_of_memory", "行が多すぎるか、メモリーが足りません。ファイルを分けて照合してください。");
    return STATUS_OVERFLOW;
}

/* A new item. The follower of FEED, if there is one, is kept out while the items have to move. */
static inline struct match_item *
add_item(struct side_file *side, struct side_feed *feed)
{
    if (side->items.count < side->items.capacity) {
        return (struct match_item *)side->items.elements + side->items.count++;
    }
    if (feed == NULL) {
        return growing_add(&side->items);
    }
    side_feed_lock(feed);
    struct match_item *item = growing_add(&side->items);
    side_feed_unlock(feed, side->items.elements);
    return item;
}

/* SLIP is that of the last item. Those before it that had none get an empty one. */
static bool
keep_slip(struct side_file *side, struct text_view slip)
{
    while (side->slips.count < side->items.count) {
        struct text_view *place = growing_add(&side->slips);
        if (place == NULL) {
            return false;
        }
        *place = side->slips.count == side->items.count ? slip : (struct text_view){"", 0};
    }
    return true;
}

bool
side_file_fill_slips(struct side_file *side)
{
    return side->slips.count == 0 || side->slips.count == side->items.count ||
           keep_slip(side, (struct text_view){"", 0});
}

static enum status
add_line(struct side_file *side, const struct statement_line *line, struct side_feed *feed, struct error_detail *err)
{
    if (line->kind == STATEMENT_FEE) {
        side->fee_count++;
        side->fee_yen += line->amount_yen; /* the reader keeps sums within YEN_LIMIT */
        return STATUS_OK;
    }
    struct match_item *item = add_item(side, feed);
    if (item == NULL) {
        return refuse_memory(err);
    }
    item->amount_yen = line->amount_yen;
    item->accepted_at_ms = line->accepted_at_ms;
    item->id = line->line;
    item->brand = line->brand_index;
    item->is_training = line->is_training;
    side->total_yen += line->amount_yen;
    if (line->slip.length > 0 && !keep_slip(side, line->slip)) {
        return refuse_memory(err);
    }
    if (!match_item_set_texts(item, line->merchant_reference, line->acquirer_reference, line->terminal)) {
        error_set_at(err, line->line, 1, "statement_field",
                     "端末番号か取引IDが長すぎます。書式の列を確かめてください。");
        return STATUS_OVERFLOW;
    }
    return STATUS_OK;
}

/* What a match has no use for is not read. */
static const char *const unused_fields[] = {"fee", "pay_date", "payout_id"};

static enum status
read_lines(struct side_file *side, struct side_feed *feed, struct error_detail *err)
{
    for (size_t i = 0; i < sizeof unused_fields / sizeof unused_fields[0]; i++) {
        reader_ignore_field(side->reader, unused_fields[i]);
    }
    struct statement_line lines[LINES_AT_ONCE];
    enum status status = STATUS_OK;
    size_t count = 1;
    while (status == STATUS_OK && count > 0) {
        status = reader_next_statements(side->reader, lines, LINES_AT_ONCE, &count, err);
        for (size_t i = 0; i < count && status == STATUS_OK; i++) {
            status = add_line(side, &lines[i], feed, err);
        }
    }
    return status;
}

enum status
side_file_read(struct side_file *out, const char *path, const struct layout *layout, struct civil_date not_after,
               struct side_feed *feed, struct error_detail *err)
{
    *out = (struct side_file){.total_yen = 0};
    enum status status = mapped_file_open(&out->file, path, err);
    if (status == STATUS_OK) {
        growing_init(&out->items, sizeof(struct match_item), MATCH_ITEMS_MAX, side_file_expected_lines(&out->file));
        growing_init(&out->slips, sizeof(struct text_view), MATCH_ITEMS_MAX, 0);
        status = reader_create(&out->reader, layout, out->file.bytes, out->file.length, not_after, err);
    }
    if (status == STATUS_OK) {
        status = read_lines(out, feed, err);
    }
    if (status == STATUS_OK && !side_file_fill_slips(out)) {
        status = refuse_memory(err);
    }
    if (status == STATUS_OK) {
        out->side = (struct match_side){.items = out->items.elements, .count = out->items.count, .ids_are_lines = true};
        out->side.slips = out->slips.count > 0 ? out->slips.elements : NULL;
        out->side.brands = reader_brands(out->reader, &out->side.brand_count);
    }
    if (feed != NULL) {
        side_feed_tell(feed, out->items.elements, status == STATUS_OK ? out->items.count : 0, /* is_complete= */ true);
    }
    return status;
}

void
side_file_finish(struct side_file *side)
{
    growing_finish(&side->items);
    growing_finish(&side->slips);
    reader_destroy(side->reader);
    mapped_file_close(&side->file);
    *side = (struct side_file){.total_yen = 0};
}
