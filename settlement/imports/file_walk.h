/* The lines of a file, from front to back, as often as needed, with the same memory for a file of any size: lines come
 * in batches whose texts are forgotten when the next is read, and pages of a mapped file are given back once they are
 * behind. What is kept in memory as a whole all the same: a UTF-16 file (converted), and an XML file's open elements.
 */
#pragma once

#include "settlement/statements/reader.h"
#include "settlement/work/work.h"

enum {
    WALK_BATCH_LINES = 1024, /* 160 KiB of lines, and a safe point after each batch */
    /* Given back at once: many pages, and few beside what is held anyway. */
    WALK_FORGET_BYTES = 1024 * 1024
};

/* The days that a bank's record says it is of, in its headers; year 0 where none says it. */
struct walked_days {
    struct civil_date from;
    struct civil_date to;
};

/* A file as it came. All borrowed. */
struct walked_file {
    const struct layout *layout;
    const char *bytes;
    size_t length;
    bool is_mapped;              /* BYTES are the pages of a file (mapped_file.h), which can be brought again */
    struct civil_date not_after; /* of dates in years of an era */
    struct work *work;           /* NULL: nobody watches */
};

/* Receives COUNT lines of the kind that the layout gives; the other pointer is NULL. Borrowed for the call; anything
 * but STATUS_OK ends the walk and is returned. */
typedef enum status (*walk_sink)(const struct statement_line *statements, const struct bank_line *banks, size_t count,
                                 void *context, struct error_detail *err);

/* A fault sink for a walk over a file whose faults were reported when it was judged. */
void walk_pass_over_fault(const struct error_detail *fault, struct text_view raw, void *context);

/* Which of the two counts the work is told. */
enum walk_count { WALK_COUNTS_BYTES, WALK_COUNTS_LINES };

/* Walk FILE. FAULT_SINK (may be NULL) hears of lines that cannot be read, which are left out. Nothing that SINK was
 * given may count before the walk has returned STATUS_OK: only then the trailer agrees. OUT_DAYS may be NULL.
 * STATUS_CANCELLED; else what the reader says. */
enum status
file_walk(const struct walked_file *file, enum walk_count counts, reader_fault_sink fault_sink, void *fault_context,
          walk_sink sink, void *context, struct walked_days *out_days, struct error_detail *err) MUST_CHECK;

/* Give the pages of [FROM, TO) of FILE back, where it is mapped and where that is whole pages. */
void walked_file_forget(const struct walked_file *file, size_t from, size_t to);
