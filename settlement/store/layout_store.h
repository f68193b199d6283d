/* Layouts that a city saved, version by version, and the lines of imported files that could not be read. */
#pragma once

#include "settlement/store/store.h"

#include <stdint.h>

/* Texts are borrowed. */
struct layout_row {
    const char *name;
    int64_t version;
    const char *descriptor;
    int64_t saved_at_ms;
    const char *saved_by;
    const char *saved_by_name; /* only when read */
    const char *reason;
};

/* Add the next version; its number comes back. `version` of ROW is not looked at. */
enum status layout_add(struct store_txn *txn, const char *municipality, const struct layout_row *row,
                       int64_t *out_version, struct error_detail *err) MUST_CHECK;

/* ROW is borrowed for the visit; anything but STATUS_OK ends the walk and is returned. */
typedef enum status (*layout_visitor)(const struct layout_row *row, void *context);

/* Every version of NAME, newest first, or VERSION alone unless 0. */
enum status layout_each(struct store_txn *txn, const char *municipality, const char *name, int64_t version,
                        layout_visitor visit, void *context, struct error_detail *err) MUST_CHECK;

/* Visit the rows of STATEMENT, whose columns are those of layout_each; a STATUS other than STATUS_OK is given back. For
 * this folder. */
struct statement;
enum status layout_visit_rows(struct statement *statement, enum status status, layout_visitor visit, void *context,
                              struct error_detail *err) MUST_CHECK;

struct import_fault_row {
    int64_t line;
    int64_t column;
    const char *sentence;
    const char *raw;
};

enum status import_fault_add(struct store_txn *txn, int64_t import, int64_t number,
                             const struct import_fault_row *fault, struct error_detail *err) MUST_CHECK;
enum status
import_fault_count(struct store_txn *txn, int64_t import, int64_t *out, struct error_detail *err) MUST_CHECK;
typedef enum status (*import_fault_visitor)(const struct import_fault_row *fault, void *context);
enum status import_fault_each(struct store_txn *txn, int64_t import, import_fault_visitor visit, void *context,
                              struct error_detail *err) MUST_CHECK;
