/* What the tests of statements share: layouts from files, texts in a layout's encoding, errors with their place. */
#pragma once

#include "common/bytes/buffer.h"
#include "settlement/statements/layout.h"
#include "settlement/statements/statement_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* No era date in a test is later. */
#define TEST_NOT_AFTER ((struct civil_date){2030, 12, 31})

/* The layout at PATH below the source folder; fails the test when it cannot be read. */
struct layout *support_layout(const char *path);

/* The layout in JSON. */
struct layout *support_layout_from(const char *json);

/* The whole file at PATH below the source folder into OUT (buffer_finish is the caller's). */
void support_read(struct buffer *out, const char *path);

/* TEXT, which is UTF-8, in CP932. */
void support_cp932(struct buffer *out, const char *text);

/* A line of aggregator-daily's header, lines and trailer in CP932. LINES are records in UTF-8 without line ends, NULL-
 * terminated. */
void support_daily(struct buffer *out, const char *const *lines);

/* BYTES must be refused at LINE and COLUMN with CODE. */
void support_expect_refused(const struct layout *layout, const void *bytes, size_t length, unsigned line,
                            unsigned column, const char *code);

/* The text of a view equals WANTED. */
void support_expect_text(struct text_view view, const char *wanted);
