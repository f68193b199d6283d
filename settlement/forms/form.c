/* Building the model: every text is copied clean, every limit is looked at once, here. */
#include "settlement/forms/form.h"

#include "common/text/utf8.h"

#include <string.h>

/* Controls and line breaks become spaces, malformed bytes U+FFFD: whatever a name holds, it stands on one line and no
 * library below has to judge it. At most three bytes come of one. */
static const char *
copy_clean(struct form *form, const char *text)
{
    const size_t length = strlen(text);
    char *out =
        form->has_failed ? NULL : arena_take(&form->arena, utf8_is_valid(text, length) ? length + 1 : length * 3 + 1);
    if (out == NULL) {
        form->has_failed = true;
        return "";
    }
    const char *at = text, *end = text + length;
    size_t written = 0;
    while (at < end) {
        const char *from = at;
        const uint32_t character = utf8_next(&at, end);
        const bool is_control =
            character < 0x20 || (character >= 0x7F && character < 0xA0) || character == 0x2028 || character == 0x2029;
        if (is_control) {
            out[written++] = ' ';
        } else if (character == UTF8_REPLACEMENT) {
            memcpy(out + written, "\xEF\xBF\xBD", 3);
            written += 3;
        } else {
            memcpy(out + written, from, (size_t)(at - from));
            written += (size_t)(at - from);
        }
    }
    out[written] = '\0';
    return out;
}

void
form_begin(struct form *form, const char *title, const char *issuer, int64_t made_at_ms)
{
    *form = (struct form){.made_at_ms = made_at_ms, .reference = "", .made_on = ""};
    arena_init(&form->arena, FORM_MAX_BYTES);
    growing_init(&form->cells, sizeof(struct form_cell), (size_t)FORM_ROWS_MAX * FORM_COLUMNS_MAX, 0);
    growing_init(&form->roles, sizeof(enum form_role), FORM_ROWS_MAX, 0);
    form->title = copy_clean(form, title);
    form->issuer = copy_clean(form, issuer);
}

void
form_finish(struct form *form)
{
    growing_finish(&form->cells);
    growing_finish(&form->roles);
    arena_finish(&form->arena);
}

void
form_set_reference(struct form *form, const char *reference)
{
    form->reference = copy_clean(form, reference);
}

void
form_set_made_on(struct form *form, const char *made_on)
{
    form->made_on = copy_clean(form, made_on);
}

/* Whether there is room for one more of COUNT; otherwise the form has failed. */
static bool
has_room(struct form *form, size_t count, size_t limit)
{
    if (count == limit) {
        form->has_failed = true;
    }
    return !form->has_failed;
}

void
form_add_seal(struct form *form, const char *label)
{
    if (has_room(form, form->seal_count, FORM_SEALS_MAX)) {
        form->seals[form->seal_count++] = copy_clean(form, label);
    }
}

static void
add_field(struct form *form, const char *label, const char *text, bool is_wide)
{
    if (has_room(form, form->field_count, FORM_FIELDS_MAX)) {
        form->fields[form->field_count++] =
            (struct form_field){.label = copy_clean(form, label), .text = copy_clean(form, text), .is_wide = is_wide};
    }
}

void
form_add_field(struct form *form, const char *label, const char *text)
{
    add_field(form, label, text, /* is_wide= */ false);
}

void
form_add_wide_field(struct form *form, const char *label, const char *text)
{
    add_field(form, label, text, /* is_wide= */ true);
}

void
form_add_note(struct form *form, const char *text)
{
    if (has_room(form, form->note_count, FORM_NOTES_MAX)) {
        form->notes[form->note_count++] = copy_clean(form, text);
    }
}

void
form_begin_chart(struct form *form, enum form_chart_kind kind, const char *title, const char *const *series,
                 size_t series_count)
{
    if (form->chart.kind != FORM_NO_CHART || series_count > FORM_SERIES_MAX) {
        form->has_failed = true;
        return;
    }
    form->chart.kind = kind;
    form->chart.title = copy_clean(form, title);
    for (size_t i = 0; i < series_count; i++) {
        form->chart.series[form->chart.series_count++] = copy_clean(form, series[i]);
    }
}

void
form_add_bar(struct form *form, const char *label, const char *note, const int64_t *values)
{
    if (!has_room(form, form->chart.bar_count, form->chart.kind == FORM_LYING ? FORM_LYING_BARS_MAX : FORM_BARS_MAX)) {
        return;
    }
    struct form_bar *bar = &form->chart.bars[form->chart.bar_count++];
    *bar = (struct form_bar){.label = copy_clean(form, label), .note = copy_clean(form, note)};
    for (size_t i = 0; i < form->chart.series_count; i++) {
        bar->values[i] = values[i] < 0 ? 0 : values[i];
    }
}

void
form_add_column(struct form *form, const char *label, enum form_kind kind, int weight)
{
    if (form->roles.count > 0 || weight < 1) {
        form->has_failed = true;
    }
    if (has_room(form, form->column_count, FORM_COLUMNS_MAX)) {
        form->columns[form->column_count++] =
            (struct form_column){.label = copy_clean(form, label), .kind = kind, .weight = weight};
    }
}

void
form_add_row(struct form *form, enum form_role role)
{
    enum form_role *place = NULL;
    if (form->cells.count != form->roles.count * form->column_count) {
        form->has_failed = true; /* the row before has too few cells, or too many */
    }
    if (!form->has_failed) {
        place = growing_add(&form->roles);
    }
    if (place == NULL) {
        form->has_failed = true;
        return;
    }
    *place = role;
}

static void
add_cell(struct form *form, struct form_cell cell)
{
    struct form_cell *place = form->has_failed ? NULL : growing_add(&form->cells);
    if (place == NULL) {
        form->has_failed = true;
        return;
    }
    *place = cell;
}

void
form_add_text(struct form *form, const char *text)
{
    add_cell(form, (struct form_cell){.text = copy_clean(form, text)});
}

void
form_add_number(struct form *form, int64_t number)
{
    add_cell(form, (struct form_cell){.text = "", .number = number});
}

void
form_add_blank(struct form *form)
{
    add_cell(form, (struct form_cell){.text = "", .is_blank = true});
}

enum status
form_check(const struct form *form, struct error_detail *err)
{
    if (form->has_failed || form->cells.count != form->roles.count * form->column_count) {
        error_set(err, "form_too_large",
                  "帳票「%s」が大きすぎて作れません（明細は%d行まで）。期間や条件を狭めてください。", form->title,
                  FORM_ROWS_MAX);
        return STATUS_OVERFLOW;
    }
    return STATUS_OK;
}

size_t
form_row_count(const struct form *form)
{
    return form->roles.count;
}

enum form_role
form_row_role(const struct form *form, size_t row)
{
    return ((const enum form_role *)form->roles.elements)[row];
}

const struct form_cell *
form_cell_at(const struct form *form, size_t row, size_t column)
{
    return (const struct form_cell *)form->cells.elements + row * form->column_count + column;
}
