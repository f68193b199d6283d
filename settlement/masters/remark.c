/* The list of remarks. */
#include "settlement/masters/remark.h"

#include "common/text/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
remarks_init(struct remarks *remarks)
{
    *remarks = (struct remarks){0};
}

void
remarks_finish(struct remarks *remarks)
{
    free(remarks->rows);
    *remarks = (struct remarks){0};
}

/* Room for one more; half of it is kept for errors, so that warnings never hide why something is refused. */
static struct remark *
next_row(struct remarks *remarks, bool is_warning)
{
    if (remarks->count == REMARKS_MAX || (is_warning && remarks->warning_count > REMARKS_MAX / 2)) {
        return NULL;
    }
    if (remarks->count == remarks->capacity) {
        size_t capacity = remarks->capacity == 0 ? 16 : 2 * remarks->capacity;
        struct remark *rows = realloc(remarks->rows, capacity * sizeof *rows);
        if (rows == NULL) {
            remarks->has_failed = true;
            return NULL;
        }
        remarks->rows = rows;
        remarks->capacity = capacity;
    }
    return &remarks->rows[remarks->count++];
}

PRINTF_LIKE(5, 0)
static void
add(struct remarks *remarks, struct remark_place place, const char *member, bool is_warning, const char *format,
    va_list arguments)
{
    *(is_warning ? &remarks->warning_count : &remarks->error_count) += 1;
    struct remark *remark = next_row(remarks, is_warning);
    if (remark == NULL) {
        return;
    }
    *remark = (struct remark){.place = place, .is_warning = is_warning};
    snprintf(remark->member, sizeof remark->member, "%s", member);
    int length = vsnprintf(remark->message, sizeof remark->message, format, arguments);
    if (length >= (int)sizeof remark->message) {
        remark->message[utf8_prefix(remark->message, sizeof remark->message - 1, sizeof remark->message - 2)] = '\0';
    }
}

void
remarks_add(struct remarks *remarks, struct remark_place place, const char *member, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add(remarks, place, member, false, format, arguments);
    va_end(arguments);
}

void
remarks_warn(struct remarks *remarks, struct remark_place place, const char *member, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add(remarks, place, member, true, format, arguments);
    va_end(arguments);
}

const char *
remark_path(const struct remark *remark, char out[REMARK_PATH_SIZE])
{
    const char *table = remark->place.table;
    const char *dot = table[0] != '\0' && remark->member[0] != '\0' ? "." : "";
    if (remark->place.index == REMARK_NO_ROW) {
        snprintf(out, REMARK_PATH_SIZE, "%s%s%s", table, dot, remark->member);
    } else {
        snprintf(out, REMARK_PATH_SIZE, "%s[%zu]%s%s", table, remark->place.index, dot, remark->member);
    }
    return out;
}

enum status
remarks_status(const struct remarks *remarks, struct error_detail *err)
{
    if (remarks->has_failed) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    if (remarks->error_count == 0) {
        return STATUS_OK;
    }
    for (size_t i = 0; i < remarks->count; i++) {
        const struct remark *remark = &remarks->rows[i];
        char path[REMARK_PATH_SIZE];
        if (!remark->is_warning) {
            error_set(err, "wrong_masters", "%s: %s", remark_path(remark, path), remark->message);
            return STATUS_INVALID;
        }
    }
    error_set(err, "wrong_masters", "誤りが%zu件あります。", remarks->error_count);
    return STATUS_INVALID;
}
