/* The closes and 払込 of a period, read for a book of cash. For this folder only. */
#pragma once

#include "settlement/arena/arena.h"
#include "settlement/arena/growing.h"
#include "settlement/forms/cash_book_form.h"
#include "settlement/web/cash_view.h"

enum { CASH_PERIOD_MAX_DAYS = 400 /* a fiscal year, and a month beside it */ };

/* A movement of the cash book: a close, or a 払込 that was paid (then `terminal` is ""). Texts are in the arena. */
struct movement {
    const char *day;
    const char *section;
    const char *place;
    const char *terminal;
    const char *clerk;
    const char *words; /* of a 払込: its number and bank */
    int64_t number;
    int64_t opening_float_yen;
    int64_t close_float_yen;
    int64_t returned_yen;
    int64_t counted_yen;
    int64_t paid_yen;
    struct cash_sums sums;
};

struct period {
    const struct cash_view *view;
    struct arena arena;
    struct growing movements; /* struct movement */
    struct growing before;    /* struct movement: what each 所属 held before FROM, in sums.deposit_yen */
    const char *section;      /* only this 所属; NULL: all */
    char from[CIVIL_DATE_TEXT_SIZE];
    char to[CIVIL_DATE_TEXT_SIZE];
    bool is_full; /* a text found no room: nothing is made of it */
    struct form form;
};

/* Read `from` … `to` (default: today) and `section` of REQUEST. End with cash_period_finish, also after a failure; VIEW
 * is borrowed. */
enum status cash_period_read(struct period *period, const struct cash_view *view, const struct http_request *request,
                             struct error_detail *err) MUST_CHECK;
void cash_period_finish(struct period *period);
