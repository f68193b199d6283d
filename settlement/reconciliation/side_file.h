/* One side of a match, read from a file: items that point into the mapped bytes. */
#pragma once

#include "settlement/arena/growing.h"
#include "settlement/reconciliation/mapped_file.h"
#include "settlement/reconciliation/match_item.h"
#include "settlement/statements/layout.h"

struct reader;
struct side_feed;

/* INVARIANT: `side` points into `items` and `reader`, whose texts lie in `file` or in the reader. Fees are counted, and
 * are no items. Ids are line numbers, ascending. */
struct side_file {
    struct mapped_file file;
    struct reader *reader;
    struct growing items;
    struct growing slips; /* of struct text_view: empty, or up to the last item that has one */
    struct match_side side;
    int64_t total_yen;
    size_t fee_count;
    int64_t fee_yen;
};

/* Read PATH by LAYOUT, which must give statements and be kept as long as *OUT. FEED, which may be NULL, is told of the
 * items as they come, and in any case of the end. STATUS_IO, STATUS_NOT_FOUND; otherwise errors as reader.h says. End
 * *OUT with side_file_finish in any case. */
enum status side_file_read(struct side_file *out, const char *path, const struct layout *layout,
                           struct civil_date not_after, struct side_feed *feed, struct error_detail *err) MUST_CHECK;
void side_file_finish(struct side_file *side);

/* Give every item of SIDE a slip, empty where it has none, if any has one. False when memory does not suffice. */
bool side_file_fill_slips(struct side_file *side);

/* About how many lines FILE has, rather more than fewer. */
size_t side_file_expected_lines(const struct mapped_file *file);

/* The layout of a sales file: reference, acquirer_reference, brand, terminal, accepted_at (ISO 8601), amount; perhaps
 * slip, training (0, 1). *OUT is given. */
enum status sales_layout_create(struct layout **out, struct error_detail *err) MUST_CHECK;
