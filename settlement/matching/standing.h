/* How a discrepancy stands when a person does something with it, and the record of what was done. For this folder only.
 */
#pragma once

#include "common/clock/civil.h"
#include "common/identity/identity.h"
#include "settlement/access/actor.h"
#include "settlement/store/discrepancy_store.h"

enum { STANDING_WORD_SIZE = 32 };

/* What the steps need to know of a row. */
struct standing {
    bool is_found;
    char class[STANDING_WORD_SIZE];
    char state[STANDING_WORD_SIZE];
    int64_t version;
    char owner[LOGIN_SIZE];
    char resolution[STANDING_WORD_SIZE];
    char resolved_by[LOGIN_SIZE];
    char confirmed_by[LOGIN_SIZE];
    char undo_by[LOGIN_SIZE];
    char opened_on[CIVIL_DATE_TEXT_SIZE];
    char due_on[CIVIL_DATE_TEXT_SIZE];
    char expected_on[CIVIL_DATE_TEXT_SIZE];
    char terminal[TERMINAL_ID_SIZE];
    int64_t sequence;
    bool is_void_part; /* it is about a payment's cancellation */
    int64_t import;
    int64_t line;
};

/* STATUS_NOT_FOUND; STATUS_REFUSED "wrong_state" when WANTED_STATE (NULL: any) is not its state. */
enum status standing_find(struct store_txn *txn, const struct actor *actor, int64_t id, const char *wanted_state,
                          struct standing *out, struct error_detail *err) MUST_CHECK;

/* STATUS_CONFLICT "version_changed" when VERSION is not what the person saw. */
enum status
standing_check_version(const struct standing *standing, int64_t version, struct error_detail *err) MUST_CHECK;

/* STATUS_INVALID unless TEXT is 1 … 1,000 characters; WHAT is named in the sentence. */
enum status standing_check_text(const char *text, const char *what, struct error_detail *err) MUST_CHECK;

/* Append to the access log, in the transaction of the deed. */
enum status
standing_record(struct store_txn *txn, const struct actor *actor, int64_t id, const char *what, const char *before,
                const char *after, const char *reason, int64_t now_ms, struct error_detail *err) MUST_CHECK;
