/* The inside of a reader, shared by its two kinds. For the files of this folder only. */
#pragma once

#include "settlement/statements/decode.h"
#include "settlement/statements/fixed_scanner.h"
#include "settlement/statements/reader.h"
#include "settlement/statements/tally.h"

#define CSV_NO_COLUMN UINT32_MAX

/* Where one field stands in every line. */
struct csv_step {
    uint32_t column;
    uint32_t second_column; /* CSV_NO_COLUMN: none */
    unsigned index;         /* of the field in its record plan */
    struct decode_step decode;
};

struct csv_state {
    struct csv_scanner scanner;
    struct csv_record record;
    struct csv_step steps[LAYOUT_FIELDS_MAX]; /* one for each field that the file has, in the plan's order */
    unsigned step_count;
    bool are_plain; /* decoder_read_quickly may try: each field is one column, of a statement */
    uint32_t width; /* columns of every line; 0 until known */
    bool has_trailer;
};

struct fixed_state {
    struct fixed_scanner scanner;
    bool has_role[RECORD_SKIP + 1]; /* the layout has records of this role */
    bool is_open;                   /* lines may come: a header is open, or the layout has none */
    bool has_ended;
};

/* INVARIANT: `prototype` is what a line is before its own fields: the constants, and the
 * fields of the last header. */
struct reader {
    const struct layout *layout;
    unsigned ignored_fields; /* bits by place in field_rules */
    struct arena arena;
    struct decoder decoder;
    union any_line prototype;
    struct tally tally;
    struct csv_state csv;
    struct fixed_state fixed;
};

enum status
csv_reader_begin(struct reader *reader, const char *bytes, size_t length, struct error_detail *err) MUST_CHECK;
enum status csv_reader_next(struct reader *reader, union line_pointer line, bool *out_has_line,
                            struct error_detail *err) MUST_CHECK;
/* Take up to CAPACITY lines of a statement that are plain throughout, and stop before the first that is not. Returns
 * how many; 0: csv_reader_next has to look. */
size_t csv_reader_take_plain(struct reader *reader, struct statement_line *lines, size_t capacity);
enum status
fixed_reader_begin(struct reader *reader, const char *bytes, size_t length, struct error_detail *err) MUST_CHECK;
enum status fixed_reader_next(struct reader *reader, union line_pointer line, bool *out_has_line,
                              struct error_detail *err) MUST_CHECK;

/* Count LINE in the tally, with a sentence when a sum does not fit. */
enum status reader_count(struct reader *reader, union line_pointer line, struct error_detail *err) MUST_CHECK;

static inline void
reader_copy_prototype(const struct reader *reader, union line_pointer line)
{
    if (reader->layout->gives == LAYOUT_GIVES_STATEMENT) {
        *line.statement = reader->prototype.statement;
    } else {
        *line.bank = reader->prototype.bank;
    }
}
