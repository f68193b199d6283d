/* What lies in offices now: closes whose cash no confirmed 払込 has, by 所属, with deadlines, what is late, and who
 * holds more than the limit; and the 払込 that the bank's records should show by now and do not. Computed, never
 * stored. */
#pragma once

#include "settlement/remittance/bank_match.h"
#include "settlement/remittance/deadline.h"
#include "settlement/remittance/office.h"
#include "settlement/store/cash_query_store.h"
#include "settlement/store/remittance_store.h"

enum {
    CASH_OFFICES_MAX = 2001, /* as many 所属 as masters may have, and one for places without */
    OFFICE_CODE_SIZE = 40
};

/* The cash of one 所属. */
struct held_cash {
    char section[OFFICE_CODE_SIZE];
    int64_t count;
    int64_t held_yen;
    int64_t late_count;
    int64_t late_yen;
    int64_t prepared_yen; /* of held_yen: on a 現金払込書 that is not confirmed yet */
    char first_due_on[CIVIL_DATE_TEXT_SIZE];
    bool is_over_limit;
};

/* INVARIANT: `offices` are in the order in which their oldest close was found; OFFICE_COUNT of them. */
struct cash_position {
    struct remittance_rule rule;
    const struct catalogue *catalogue;
    const struct bank_calendar *calendar;
    char today[CIVIL_DATE_TEXT_SIZE];
    struct held_cash *offices;
    size_t office_count;
};

/* A close, its 所属, and until when it must be paid in. */
typedef enum status (*held_close_visitor)(const struct cash_close *close, const struct cash_office *office,
                                          const char *due_on, bool is_late, void *context, struct error_detail *err);

/* Read it as of TODAY. CATALOGUE and CALENDAR are borrowed. VISIT (NULL: nobody) sees each close by day. End with
 * cash_position_finish, also after a failure. */
enum status
cash_position_read(struct cash_position *out, struct store_txn *txn, const char *municipality,
                   const struct catalogue *catalogue, const struct bank_calendar *calendar, struct civil_date today,
                   held_close_visitor visit, void *context, struct error_detail *err) MUST_CHECK;
void cash_position_finish(struct cash_position *position);

/* How what was confirmed stands at the bank. */
enum bank_standing {
    BANK_PROVED,        /* a line names it */
    BANK_PROVED_AMOUNT, /* only amount and days speak for it, and they are unique */
    BANK_WAITING,       /* the bank's records do not cover its days yet */
    BANK_MISSING,       /* they do, and it is not there */
    BANK_DIFFERS,
    BANK_SEVERAL,
    BANK_STANDING_COUNT
};
/* "missing" and "銀行の記録にない". Static. */
const char *bank_standing_word(enum bank_standing standing);
const char *bank_standing_name(enum bank_standing standing);
/* COVERS_TO is the last day of the bank's records; "" without any. */
enum bank_standing
bank_standing_of(const struct remittance_row *row, const struct bank_calendar *calendar, const char *covers_to);
/* People have to look at it. */
bool bank_standing_is_open(enum bank_standing standing);
