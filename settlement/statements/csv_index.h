/* The one pass over every byte of a CSV file: where separators and line ends stand outside quotes, batch by batch. */
#pragma once

#include "settlement/statements/text_encoding.h"

enum {
    CSV_COLUMNS_MAX = 256,            /* the widest known statement (WeChat) has 27 */
    CSV_RECORD_MAX_BYTES = 64 * 1024, /* an unclosed quote must not swallow the file before it is noticed */
    CSV_BATCH_BYTES = 16 * 1024       /* its marks stay in the first-level cache */
};

struct csv_format {
    unsigned char separator;
    unsigned char quote; /* 0xFF: none */
    enum text_encoding encoding;
};

/* INVARIANT: bytes before `next` are indexed. Positions count from `base`, the start of the oldest record that was not
 * read yet. marks[0] is the position before a record; marks[1 … mark_count] are its separators and line ends and those
 * of the records after it, ascending; the LF of a CR LF is not among them. line_ends[] are the indexes of marks that
 * end records. doubts[] are positions where something is not as in a plain file: a quote that is neither at the start
 * nor at the end of a field, or a control character other than a line end between records. */
struct csv_index {
    struct csv_format format;
    const char *base;
    const char *next;
    const char *end;
    uint64_t inside;      /* all ones when `next` is inside quotes */
    uint64_t after_mark;  /* 1 when the byte before `next` is a separator or line end */
    uint64_t after_close; /* 1 when it is a closing quote */
    uint64_t after_cr;    /* 1 when it is a CR */
    bool has_quotes;      /* somewhere before `next` */
    bool has_bare_fields; /* somewhere before `next` a field does not end in a quote */
    uint32_t mark_count;
    uint32_t line_end_count;
    uint32_t doubt_count;
    int32_t marks[1 + CSV_COLUMNS_MAX + CSV_BATCH_BYTES + 8]; /* 8: written ahead of the count */
    uint32_t line_ends[CSV_BATCH_BYTES];
    int32_t doubts[CSV_RECORD_MAX_BYTES + 2 * CSV_BATCH_BYTES];
};

/* BYTES … END are borrowed. */
void csv_index_init(struct csv_index *index, struct csv_format format, const char *bytes, const char *end);

/* Forget everything before RECORD, of which the marks from FIRST_MARK and the doubts from FIRST_DOUBT are known but no
 * line end, and index the next batch. At most CSV_COLUMNS_MAX marks and CSV_RECORD_MAX_BYTES + CSV_BATCH_BYTES bytes
 * may be left (the caller refuses longer records). False when `next` is at the end already. */
bool csv_index_advance(struct csv_index *index, const char *record, uint32_t first_mark, uint32_t first_doubt);
