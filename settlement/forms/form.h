/* A paper of the finance office (帳票) as a model: what stands on it, not where. PDF, CSV and XLSX are made of it.
 *
 * Building never fails in the middle: when memory or a limit does not suffice, `has_failed` is set, every later call
 * does nothing, and form_check() says so once, before the form is used (as `struct buffer` does).
 *
 * INVARIANT: cell_count is a multiple of column_count, row_count = cell_count / column_count; texts are clean UTF-8
 * without controls, and belong to the form. */
#pragma once

#include "common/outcome/status.h"
#include "settlement/arena/arena.h"
#include "settlement/arena/growing.h"

#include <stdint.h>

enum {
    FORM_COLUMNS_MAX = 12,                 /* what a landscape A4 can hold and be read */
    FORM_FIELDS_MAX = 40,                  /* a page of label and text */
    FORM_SEALS_MAX = 6,                    /* 決裁欄: across a portrait A4 */
    FORM_NOTES_MAX = 20,                   /* lines under the table */
    FORM_ROWS_MAX = 20000,                 /* 400 pages; a year's 内訳 of a city, day by day */
    FORM_MAX_BYTES = 64 * 1024 * 1024,     /* of the texts of that many rows */
    FORM_FILE_MAX_BYTES = 64 * 1024 * 1024 /* of what is made of it */
};

/* How a column's cells are written and aligned. */
enum form_kind {
    FORM_TEXT,
    FORM_COUNT, /* 1,234 */
    FORM_YEN,   /* 1,234; negative with △, as 公会計 writes it */
    FORM_DAY,   /* text "2026-11-22"; on paper R8.11.22 */
    FORM_SHARE  /* tenths of a per cent: 432 is 43.2; the label says （％） */
};

struct form_column {
    const char *label;
    enum form_kind kind;
    int weight; /* ≥ 1: its share of the width */
};

/* A cell: `text` for FORM_TEXT and FORM_DAY ("" is empty), `number` for the others; is_blank leaves a number out. */
struct form_cell {
    const char *text;
    int64_t number;
    bool is_blank;
};

/* A chart above the table: bars of up to four series, on each other or side by side, standing or lying. Values are
 * figures of the table, in its unit. */
enum {
    FORM_SERIES_MAX = 4,      /* grounds that are told apart on a copy */
    FORM_BARS_MAX = 40,       /* standing, across a landscape A4 */
    FORM_LYING_BARS_MAX = 24, /* below the head of a landscape A4, with the table's head and first row below */
};
enum form_chart_kind { FORM_NO_CHART, FORM_STACKED, FORM_BESIDE, FORM_LYING };
struct form_bar {
    const char *label;
    const char *note;                /* at its end: "43.2%"; "" */
    int64_t values[FORM_SERIES_MAX]; /* ≥ 0 */
};
struct form_chart {
    enum form_chart_kind kind;
    const char *title;
    const char *series[FORM_SERIES_MAX];
    size_t series_count;
    struct form_bar bars[FORM_BARS_MAX];
    size_t bar_count;
};

enum form_role { FORM_ENTRY, FORM_SUBTOTAL, FORM_TOTAL };

struct form_field {
    const char *label;
    const char *text;
    bool is_wide; /* over the whole width; otherwise two stand beside each other */
};

struct form {
    struct arena arena; /* of all texts */
    const char *title;
    const char *reference; /* "調定番号 2026-000012"; "" */
    const char *issuer;    /* whose paper it is: the city's name */
    const char *made_on;   /* "起票日 令和8年11月22日"; "" */
    int64_t made_at_ms;    /* the file's date: of the facts, not of the printing, so that it is the same tomorrow */
    bool is_landscape;
    const char *seals[FORM_SEALS_MAX];
    size_t seal_count;
    struct form_field fields[FORM_FIELDS_MAX];
    size_t field_count;
    struct form_chart chart;
    struct form_column columns[FORM_COLUMNS_MAX];
    size_t column_count;
    struct growing cells; /* of struct form_cell */
    struct growing roles; /* of enum form_role, one per row */
    const char *notes[FORM_NOTES_MAX];
    size_t note_count;
    bool has_failed;
};

/* Begin a form. End it by form_finish, also after a failure. Texts are copied and cleaned. */
void form_begin(struct form *form, const char *title, const char *issuer, int64_t made_at_ms);
void form_finish(struct form *form);

void form_set_reference(struct form *form, const char *reference);
void form_set_made_on(struct form *form, const char *made_on);
void form_add_seal(struct form *form, const char *label);
void form_add_field(struct form *form, const char *label, const char *text);
void form_add_wide_field(struct form *form, const char *label, const char *text);
void form_add_note(struct form *form, const char *text);

/* One chart per form, then its bars from the left (from the top). A negative value is shown as 0. */
void form_begin_chart(struct form *form, enum form_chart_kind kind, const char *title, const char *const *series,
                      size_t series_count);
void form_add_bar(struct form *form, const char *label, const char *note, const int64_t *values);

/* All columns come before the first row. */
void form_add_column(struct form *form, const char *label, enum form_kind kind, int weight);

/* A row, then its cells from the left. */
void form_add_row(struct form *form, enum form_role role);
void form_add_text(struct form *form, const char *text);
void form_add_number(struct form *form, int64_t number);
void form_add_blank(struct form *form);

/* STATUS_OK when everything found its place and each row has all its cells; STATUS_OVERFLOW "form_too_large"
 * otherwise. */
enum status form_check(const struct form *form, struct error_detail *err) MUST_CHECK;

size_t form_row_count(const struct form *form);
enum form_role form_row_role(const struct form *form, size_t row);
const struct form_cell *form_cell_at(const struct form *form, size_t row, size_t column);
