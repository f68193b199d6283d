/* libxlsxwriter writes to a path: here to that of a file in memory, which no disk ever sees. Its zip has fixed times,
 * and the workbook's date is that of the first form. */
#define _GNU_SOURCE
#include "settlement/forms/form_xlsx.h"

#include "common/clock/civil.h"
#include "common/money/yen.h"
#include "common/text/utf8.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <xlsxwriter.h>

enum {
    SHEET_NAME_MAX = 31,
    COLUMN_WIDTH_UNIT = 4,
    PROPERTY_SIZE = 256
}; /* Excel's own limits; characters per weight */

/* Beyond, a double no longer holds every whole number. */
#define EXACT_MAX (INT64_C(1) << 53)

struct styles {
    lxw_format *title, *label, *text, *number, *day, *share, *total_text, *total_number, *total_share;
};

static struct styles
make_styles(lxw_workbook *workbook)
{
    struct styles styles;
    lxw_format **all[] = {&styles.title, &styles.label,      &styles.text,         &styles.number,     &styles.day,
                          &styles.share, &styles.total_text, &styles.total_number, &styles.total_share};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        *all[i] = workbook_add_format(workbook);
        format_set_font_name(*all[i], "游ゴシック");
        format_set_font_size(*all[i], 10);
    }
    format_set_bold(styles.title);
    format_set_font_size(styles.title, 14);
    format_set_bold(styles.label);
    format_set_bg_color(styles.label, 0xEDEDED);
    format_set_border(styles.label, LXW_BORDER_THIN);
    format_set_border(styles.text, LXW_BORDER_HAIR);
    format_set_border(styles.number, LXW_BORDER_HAIR);
    format_set_border(styles.day, LXW_BORDER_HAIR);
    format_set_border(styles.share, LXW_BORDER_HAIR);
    format_set_num_format(styles.share, "0.0");
    format_set_bold(styles.total_share);
    format_set_border(styles.total_share, LXW_BORDER_THIN);
    format_set_num_format(styles.total_share, "0.0");
    format_set_num_format(styles.number, "#,##0;\"△\"#,##0;0");
    format_set_num_format(styles.day, "yyyy/mm/dd");
    format_set_bold(styles.total_text);
    format_set_border(styles.total_text, LXW_BORDER_THIN);
    format_set_bold(styles.total_number);
    format_set_border(styles.total_number, LXW_BORDER_THIN);
    format_set_num_format(styles.total_number, "#,##0;\"△\"#,##0;0");
    return styles;
}

static lxw_error
write_cell(lxw_worksheet *sheet, const struct styles *styles, lxw_row_t row, lxw_col_t place,
           const struct form_column *column, const struct form_cell *cell, enum form_role role)
{
    lxw_format *text_style = role == FORM_ENTRY ? styles->text : styles->total_text;
    struct civil_date day;
    if (cell->is_blank) {
        return worksheet_write_blank(sheet, row, place, text_style);
    }
    if (column->kind == FORM_SHARE) {
        return worksheet_write_number(sheet, row, place, (double)cell->number / 10,
                                      role == FORM_ENTRY ? styles->share : styles->total_share);
    }
    if (column->kind == FORM_COUNT || column->kind == FORM_YEN) {
        if (cell->number > EXACT_MAX || cell->number < -EXACT_MAX) {
            char plain[YEN_TEXT_SIZE];
            return worksheet_write_string(sheet, row, place, yen_format_plain(plain, cell->number), text_style);
        }
        return worksheet_write_number(sheet, row, place, (double)cell->number,
                                      role == FORM_ENTRY ? styles->number : styles->total_number);
    }
    if (column->kind == FORM_DAY && civil_date_parse(&day, cell->text, strlen(cell->text)) == STATUS_OK) {
        lxw_datetime date = {.year = day.year, .month = day.month, .day = day.day};
        return worksheet_write_datetime(sheet, row, place, &date, styles->day);
    }
    return worksheet_write_string(sheet, row, place, cell->text, text_style);
}

/* The first error is kept; the library's own words tell which. */
static void
keep(lxw_error *first, lxw_error error)
{
    if (*first == LXW_NO_ERROR) {
        *first = error;
    }
}

static lxw_error
write_form(lxw_worksheet *sheet, const struct styles *styles, const struct form *form)
{
    lxw_error error = LXW_NO_ERROR;
    lxw_row_t row = 0;
    keep(&error, worksheet_write_string(sheet, row++, 0, form->title, styles->title));
    keep(&error, worksheet_write_string(sheet, row++, 0, form->issuer, NULL));
    keep(&error, worksheet_write_string(sheet, row++, 0, form->reference, NULL));
    for (size_t i = 0; i < form->field_count; i++, row++) {
        keep(&error, worksheet_write_string(sheet, row, 0, form->fields[i].label, styles->label));
        keep(&error, worksheet_write_string(sheet, row, 1, form->fields[i].text, styles->text));
    }
    row++;
    for (size_t i = 0; i < form->column_count; i++) {
        const struct form_column *column = &form->columns[i];
        keep(&error,
             worksheet_set_column(sheet, (lxw_col_t)i, (lxw_col_t)i, column->weight * (double)COLUMN_WIDTH_UNIT, NULL));
        keep(&error, worksheet_write_string(sheet, row, (lxw_col_t)i, column->label, styles->label));
    }
    worksheet_freeze_panes(sheet, row + 1, 0);
    for (size_t i = 0; i < form_row_count(form); i++) {
        row++;
        for (size_t column = 0; column < form->column_count; column++) {
            keep(&error, write_cell(sheet, styles, row, (lxw_col_t)column, &form->columns[column],
                                    form_cell_at(form, i, column), form_row_role(form, i)));
        }
    }
    for (size_t i = 0; i < form->note_count; i++) {
        keep(&error, worksheet_write_string(sheet, ++row, 0, form->notes[i], NULL));
    }
    worksheet_set_paper(sheet, 9); /* A4 */
    return error;
}

static lxw_error
write_workbook(const char *path, const struct form *const *forms, size_t count)
{
    lxw_workbook *workbook = workbook_new(path);
    if (workbook == NULL) {
        return LXW_ERROR_MEMORY_MALLOC_FAILED;
    }
    const struct styles styles = make_styles(workbook);
    char title[PROPERTY_SIZE] = "", company[PROPERTY_SIZE] = ""; /* the library wants them writable, and copies them */
    if (count > 0) {
        snprintf(title, sizeof title, "%.*s",
                 (int)utf8_prefix(forms[0]->title, strlen(forms[0]->title), sizeof title - 1), forms[0]->title);
        snprintf(company, sizeof company, "%.*s",
                 (int)utf8_prefix(forms[0]->issuer, strlen(forms[0]->issuer), sizeof company - 1), forms[0]->issuer);
    }
    lxw_doc_properties about = {
        .title = title, .company = company, .created = count > 0 ? (time_t)(forms[0]->made_at_ms / 1000) : 1};
    lxw_error error = workbook_set_properties(workbook, &about);
    for (size_t i = 0; i < count; i++) {
        char name[SHEET_NAME_MAX + 1];
        snprintf(name, sizeof name, "%zu", i + 1); /* titles may repeat, and hold what a sheet's name may not */
        lxw_worksheet *sheet = workbook_add_worksheet(workbook, name);
        keep(&error, sheet == NULL ? LXW_ERROR_MEMORY_MALLOC_FAILED : write_form(sheet, &styles, forms[i]));
        if (sheet == NULL) {
            break;
        }
    }
    keep(&error, workbook_close(workbook));
    return error;
}

static enum status
read_all(int file, struct buffer *out, struct error_detail *err)
{
    struct stat about;
    if (fstat(file, &about) != 0 || about.st_size < 0) {
        error_set(err, "io", "a file in memory: %s", strerror(errno));
        return STATUS_IO;
    }
    const size_t length = (size_t)about.st_size;
    void *bytes = mmap(NULL, length > 0 ? length : 1, PROT_READ, MAP_PRIVATE, file, 0);
    if (bytes == MAP_FAILED) {
        error_set(err, "no_memory", "a file in memory: %s", strerror(errno));
        return STATUS_NO_MEMORY;
    }
    buffer_append(out, bytes, length);
    munmap(bytes, length > 0 ? length : 1);
    return buffer_check(out, err);
}

enum status
forms_write_xlsx(const struct form *const *forms, size_t count, struct buffer *out, struct error_detail *err)
{
    const int file = memfd_create("workbook", MFD_CLOEXEC);
    if (file < 0) {
        error_set(err, "no_memory", "a file in memory: %s", strerror(errno));
        return STATUS_NO_MEMORY;
    }
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    const lxw_error error = write_workbook(path, forms, count);
    enum status status = STATUS_OK;
    if (error != LXW_NO_ERROR) {
        error_set(err, "no_workbook", "表計算ファイルを作れませんでした: %s", lxw_strerror(error));
        status = STATUS_IO;
    } else {
        status = read_all(file, out, err);
    }
    close(file);
    return status;
}
