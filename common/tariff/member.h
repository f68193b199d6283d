/* Members of a row, read strictly and with their paths; for this folder only.
 *
 * A reader remembers the first failure: after it every call gives a harmless value and changes nothing, so that a row
 * is read from top to bottom and checked once, at the end. Whatever was not asked for by then is an unknown member. */
#pragma once

#include "common/tariff/tariff.h"

enum {
    MEMBER_PATH_SIZE = 160, /* "tariffs[1999].rooms[39].prices_yen." */
    MEMBERS_MAX = 32        /* of one object; the largest form has 20 */
};

/* INVARIANT: `path` is "" or ends with '.'; `known` are the keys asked for, static texts. */
struct member_row {
    const struct json_value *object;
    struct error_detail *err;
    enum status status;
    char path[MEMBER_PATH_SIZE];
    const char *known[MEMBERS_MAX];
    size_t known_count;
};

/* Begin to read OBJECT, named PATH ("" for the outermost). */
void member_begin(struct member_row *row, const struct json_value *object, const char *path, struct error_detail *err);

/* Begin to read element INDEX of list KEY of OUTER. `member_leave` ends it: refuses unknown members and hands the
 * outcome to OUTER. */
void member_enter(struct member_row *inner, struct member_row *outer, const char *key, size_t index,
                  const struct json_value *object);
/* The same for member KEY itself, which is an object. */
void member_enter_object(struct member_row *inner, struct member_row *outer, const char *key);
void member_leave(struct member_row *inner, struct member_row *outer);

/* Refuse members that nobody asked for ("sample" and "note" may always stand); the status of the whole. */
enum status member_finish(struct member_row *row) MUST_CHECK;

/* Record "PATHkey: sentence" unless something was wrong before. */
void member_refuse(struct member_row *row, const char *key, const char *format, ...) PRINTF_LIKE(3, 4);
void member_out_of_memory(struct member_row *row);

/* Whether the member is there and not null; it is then known. */
bool member_is_given(struct member_row *row, const char *key);

/* Required members. On failure OUT is "" or 0. */
void member_code(struct member_row *row, const char *key, char out[TARIFF_CODE_SIZE]);
void member_text(struct member_row *row, const char *key, char out[TARIFF_TEXT_SIZE]);
int64_t member_int(struct member_row *row, const char *key, int64_t min, int64_t max);
struct civil_date member_date(struct member_row *row, const char *key);

/* Optional ones. */
void member_text_or(struct member_row *row, const char *key, const char *fallback, char out[TARIFF_TEXT_SIZE]);
int64_t member_int_or(struct member_row *row, const char *key, int64_t min, int64_t max, int64_t fallback);
bool member_flag_or(struct member_row *row, const char *key, bool fallback);
struct civil_date member_date_or_none(struct member_row *row, const char *key); /* year 0: none */

/* The index in WORDS (NULL-terminated) of the text KEY; FALLBACK when absent, required when FALLBACK < 0. */
int member_word(struct member_row *row, const char *key, const char *const *words, int fallback);

/* "HH:MM", 00:00 to 24:00, as minutes after midnight. */
int member_time(struct member_row *row, const char *key);

/* An array of LEAST to MOST elements; NULL on failure, and when absent and LEAST is 0. */
const struct json_value *member_list(struct member_row *row, const char *key, size_t least, size_t most);

/* An array of codes, into a new array of *OUT_COUNT texts (NULL for none); free(). */
char (*member_codes(struct member_row *row, const char *key, size_t most, size_t *out_count))[TARIFF_CODE_SIZE];

bool member_is_code(const char *text);
