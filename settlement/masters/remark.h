/* What is wrong, or worth a look, in a masters document: where (table, row, member) and what to do, in words. Checks go
 * on after a remark, so that a person sees all of them at once. */
#pragma once

#include "common/outcome/status.h"

enum {
    REMARKS_MAX = 500, /* a screen and a person's patience; more are cut and said to be */
    REMARK_MEMBER_SIZE = 64,
    REMARK_MESSAGE_SIZE = 360
};

/* Where: row INDEX of TABLE; both of no table for the document itself. */
struct remark_place {
    const char *table; /* key of a table, "settings", "municipality"; "" for the document. Static */
    size_t index;      /* of the row in its table; REMARK_NO_ROW where there is none */
};
#define REMARK_NO_ROW ((size_t)-1)

struct remark {
    struct remark_place place;
    char member[REMARK_MEMBER_SIZE]; /* "price_yen", "rates[0].percent"; "" for the row */
    char message[REMARK_MESSAGE_SIZE];
    bool is_warning; /* may be published, and somebody should have seen it */
};

/* INVARIANT: count ≤ REMARKS_MAX; error_count counts those that are no warnings, cut ones included. */
struct remarks {
    struct remark *rows;
    size_t count;
    size_t capacity;
    size_t error_count;
    size_t warning_count;
    bool has_failed; /* out of memory */
};

void remarks_init(struct remarks *remarks);
void remarks_finish(struct remarks *remarks);

void remarks_add(struct remarks *remarks, struct remark_place place, const char *member, const char *format, ...)
    PRINTF_LIKE(4, 5);
void remarks_warn(struct remarks *remarks, struct remark_place place, const char *member, const char *format, ...)
    PRINTF_LIKE(4, 5);

/* "items[3].price_yen"; "items" alone for a whole table. Returns OUT. */
enum { REMARK_PATH_SIZE = 128 };
const char *remark_path(const struct remark *remark, char out[REMARK_PATH_SIZE]);

/* STATUS_OK when nothing but warnings was found; else STATUS_INVALID "wrong_masters" with the first error as
 * "PATH: MESSAGE", or STATUS_NO_MEMORY. */
enum status remarks_status(const struct remarks *remarks, struct error_detail *err) MUST_CHECK;
