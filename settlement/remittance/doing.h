/* What every deed begins and ends with. For this folder only. */
#pragma once

#include "settlement/access/actor.h"
#include "settlement/catalogue/catalogue.h"
#include "settlement/store/store.h"
#include "settlement/terms/terms_book.h"

/* A deed under way: what it reads, and where it writes. */
struct doing {
    const struct actor *actor;
    int64_t now_ms;
    struct store_txn *txn;
    struct catalogue *catalogue;
    struct terms_book *terms;
    const struct bank_calendar *calendar;
};

/* Begin a write transaction for the actor's municipality and read its masters. End with deed_finish in any case. */
enum status deed_begin(struct doing *doing, struct store *store, struct error_detail *err) MUST_CHECK;
void deed_finish(struct doing *doing);

/* Say WHAT was done to 払込 ID in the access log, and commit both. */
enum status deed_record_and_commit(struct doing *doing, int64_t id, const char *what, const char *after,
                                   const char *reason, struct error_detail *err) MUST_CHECK;

/* ERR says SENTENCE; returns STATUS. */
enum status
deed_refuse(enum status status, const char *code, const char *sentence, struct error_detail *err) MUST_CHECK;
bool deed_is_blank(const char *text);
