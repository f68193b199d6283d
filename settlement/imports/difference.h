/* What a corrected file changes of an earlier one: which lines are the same, which say something else of the same
 * thing, which are gone and which are new. Pure; the order of the lines in the files does not matter.
 *
 * Two lines speak of the same thing when the company's and our references agree; a line that has none is known by what
 * it is, where and when. Of lines that repeat one another each has its own partner. */
#pragma once

#include "settlement/arena/growing.h"
#include "settlement/statements/statement_line.h"

#include "common/bytes/buffer.h"
#include "common/outcome/status.h"

enum {
    DIFFERENCE_LINES_MAX = 20000000,         /* of one file: more than a file of IMPORT_MAX_BYTES can hold */
    DIFFERENCE_FIELDS_MAX_BYTES = 256 * 1024 /* the texts of one line */
};

#define DIFFERENCE_NONE UINT32_MAX
enum { DIFFERENCE_DIGEST_SIZE = 16 };

/* A line, in 64 bytes. */
struct compared_line {
    uint8_t identity[DIFFERENCE_DIGEST_SIZE]; /* what it speaks of */
    uint8_t content[DIFFERENCE_DIGEST_SIZE];  /* everything it says */
    int64_t import;
    uint32_t line;
    bool is_aside;      /* does not count yet, or no more */
    int64_t amount_yen; /* of a bank's line what came in, or less what went out */
    int64_t fee_yen;
};

enum difference_kind { DIFFERENCE_SAME, DIFFERENCE_CHANGED, DIFFERENCE_GONE, DIFFERENCE_ADDED, DIFFERENCE_KIND_COUNT };

/* Indexes into the two sides; DIFFERENCE_NONE on the side that has no such line. */
struct difference_entry {
    enum difference_kind kind;
    uint32_t earlier;
    uint32_t later;
};

struct difference {
    struct growing earlier; /* struct compared_line */
    struct growing later;
    struct growing entries; /* struct difference_entry, in no order */
    int64_t counts[DIFFERENCE_KIND_COUNT];
    struct buffer fields;
};

void difference_init(struct difference *difference);
void difference_finish(struct difference *difference);

/* Add a line to one side (&difference->earlier or ->later). STATUS_OVERFLOW, STATUS_NO_MEMORY. */
enum status difference_add_statement(struct difference *difference, struct growing *side, int64_t import, bool is_aside,
                                     const struct statement_line *line, struct error_detail *err) MUST_CHECK;
enum status difference_add_bank(struct difference *difference, struct growing *side, int64_t import, bool is_aside,
                                const struct bank_line *line, struct error_detail *err) MUST_CHECK;

/* Fill the entries; the sides are sorted by it. */
enum status difference_make(struct difference *difference, struct error_detail *err) MUST_CHECK;

/* Sort the entries for people: what is not the same first, by the line in the later file, or the earlier where it is
 * gone.
 */
void difference_order(struct difference *difference);

/* Whether any line is not the same. */
bool difference_is_any(const struct difference *difference);

/* "same", "changed", "gone", "added" and 変わらない, 変更, 削除, 追加. Static. */
const char *difference_kind_word(enum difference_kind kind);
const char *difference_kind_name(enum difference_kind kind);

static inline const struct compared_line *
difference_earlier(const struct difference *difference, const struct difference_entry *entry)
{
    return entry->earlier == DIFFERENCE_NONE
               ? NULL
               : (const struct compared_line *)difference->earlier.elements + entry->earlier;
}

static inline const struct compared_line *
difference_later(const struct difference *difference, const struct difference_entry *entry)
{
    return entry->later == DIFFERENCE_NONE ? NULL
                                           : (const struct compared_line *)difference->later.elements + entry->later;
}
