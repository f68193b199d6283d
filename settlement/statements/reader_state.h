/* The inside of a reader, shared by its two kinds. For the files of this folder only. */
#pragma once

#include "settlement/statements/decode.h"
#include "settlement/statements/fixed_scanner.h"
#include "settlement/statements/reader.h"
#include "settlement/statements/record_flow.h"
#include "settlement/statements/tally.h"

#define CSV_NO_COLUMN UINT32_MAX

/* Where one field stands in every line. */
struct csv_step {
    uint32_t column;
    unsigned index; /* of the field in its record plan */
    struct decode_step decode;
    uint32_t more_columns[LAYOUT_PLACES_MAX - 1]; /* of the field's further places; CSV_NO_COLUMN: the file lacks it */
};

/* Where the places of one kind of record are. */
struct csv_columns {
    struct csv_step steps[LAYOUT_FIELDS_MAX]; /* one for each field that the file has, in the plan's order */
    unsigned step_count;
    uint32_t selectors[LAYOUT_SELECTORS_MAX];
    uint32_t checks[LAYOUT_CHECKS_MAX][2];
};

struct csv_state {
    struct csv_scanner scanner;
    struct csv_record record;
    struct csv_columns columns[LAYOUT_RECORDS_MAX]; /* by index of the record plan */
    bool are_known;                                 /* the columns */
    unsigned below;                                 /* records until the trailer's figures; 0: not near them */
    bool are_plain; /* decoder_read_quickly may try: each field is one column, of a statement */
    uint32_t width; /* columns of every line; 0 until known */
    bool has_trailer;
};

struct fixed_state {
    struct fixed_scanner scanner;
};

struct xml_state; /* xml_reader.c */

/* INVARIANT: `prototype` is what a line is before its own fields: the constants, and the
 * fields of the last header. */
struct reader {
    const struct layout *layout;
    const char *start;            /* of the bytes that are read */
    unsigned ignored_fields;      /* bits by place in field_rules */
    struct arena arena;           /* texts of the lines */
    struct arena names;           /* what outlives them */
    char *converted;              /* a UTF-16 file as UTF-8, or NULL */
    reader_fault_sink fault_sink; /* NULL: a faulty line ends the reading */
    void *fault_context;
    unsigned fault_count;
    struct record_flow flow;
    struct decoder decoder;
    union any_line prototype;
    struct civil_date covers_from; /* over all headers: the first and the last day */
    struct civil_date covers_to;
    struct tally tally;
    struct csv_state csv;
    struct fixed_state fixed;
    struct xml_state *xml; /* NULL but for XML */
};

enum status
csv_reader_begin(struct reader *reader, const char *bytes, size_t length, struct error_detail *err) MUST_CHECK;
enum status csv_reader_next(struct reader *reader, union line_pointer line, bool *out_has_line,
                            struct error_detail *err) MUST_CHECK;
/* Learn the columns from the record that was just read: the header, or the first record of a file without one. */
enum status csv_learn_columns(struct reader *reader, struct error_detail *err) MUST_CHECK;
/* FIELD without doubled quotes: itself, or a copy. */
enum status csv_undouble(struct reader *reader, struct text_view *field, struct error_detail *err) MUST_CHECK;
/* Take up to CAPACITY lines of a statement that are plain throughout, and stop before the first that is not. Returns
 * how many; 0: csv_reader_next has to look. */
size_t csv_reader_take_plain(struct reader *reader, struct statement_line *lines, size_t capacity);
enum status
fixed_reader_begin(struct reader *reader, const char *bytes, size_t length, struct error_detail *err) MUST_CHECK;
enum status fixed_reader_next(struct reader *reader, union line_pointer line, bool *out_has_line,
                              struct error_detail *err) MUST_CHECK;

enum status
xml_reader_begin(struct reader *reader, const char *bytes, size_t length, struct error_detail *err) MUST_CHECK;
enum status xml_reader_next(struct reader *reader, union line_pointer line, bool *out_has_line,
                            struct error_detail *err) MUST_CHECK;
void xml_reader_finish(struct reader *reader);
/* Bytes of the file that were looked at so far. */
size_t xml_reader_position(const struct reader *reader);

/* Gives the texts of field INDEX of PLAN in RECORD; false when the record has no such place. */
typedef bool (*reader_text_of)(struct reader *reader, const struct record_plan *plan, unsigned index,
                               const void *record, struct text_view texts[LAYOUT_PLACES_MAX]);

/* A record of PLAN (NULL: of no known kind) is faulty: hand FAULT and its bytes RAW to the sink, and count what can be
 * told of it for the trailer's sake. Without a sink, or after too many, FAULT becomes the reader's error. LINE is
 * scratch. */
enum status reader_take_fault(struct reader *reader, const struct record_plan *plan, union line_pointer line,
                              reader_text_of text_of, const void *record, const struct error_detail *fault,
                              struct text_view raw, struct error_detail *err) MUST_CHECK;

/* The texts of what is decoded between these two outlive the lines: a header's fields go into all of them. */
static inline void
reader_begin_header(struct reader *reader)
{
    reader->decoder.arena = &reader->names;
}

void reader_end_header(struct reader *reader);

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
