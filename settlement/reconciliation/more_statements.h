/* Several statements as one: a company that sends a file for each shop or half day, or several companies of one layout.
 */
#pragma once

#include "settlement/reconciliation/side_file.h"

enum {
    STATEMENTS_MAX = 256, /* a file for each hour of ten days; bounds the mappings that are open at once */
    STATEMENT_ID_SHIFT = 32
};

/* The id of LINE in file NUMBER, from 0: of the first file it is the line itself. */
static inline uint64_t
statement_place(size_t number, uint32_t line)
{
    return (uint64_t)number << STATEMENT_ID_SHIFT | line;
}

/* The files behind the first. INVARIANT: `brands` are those of all files, which the items of the joined side index. */
struct more_statements {
    struct side_file *files;
    size_t count;
    struct text_view *brands;
};

/* Read COUNT files at PATHS by LAYOUT and join their items to FIRST, whose side is then all of them, with ids by
 * statement_place. FIRST_PATH is for the message when two files have the same bytes: that is 同一ファイル再取込,
 * STATUS_INVALID. Otherwise as side_file_read; the message begins with the file. End *OUT with more_statements_finish
 * in any case, after FIRST is of no more use. */
enum status more_statements_join(struct more_statements *out, struct side_file *first, const char *first_path,
                                 const char *const *paths, size_t count, const struct layout *layout,
                                 struct civil_date not_after, struct error_detail *err) MUST_CHECK;
void more_statements_finish(struct more_statements *more);
