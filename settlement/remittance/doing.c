/* One transaction, one entry in the log. */
#include "settlement/remittance/doing.h"

#include "settlement/store/access_log_store.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { OBJECT_SIZE = 48 };

enum status
deed_refuse(enum status status, const char *code, const char *sentence, struct error_detail *err)
{
    error_set(err, code, "%s", sentence);
    return status;
}

enum status
deed_begin(struct doing *doing, struct store *store, struct error_detail *err)
{
    enum status status = store_begin_write_for(store, doing->actor->municipality, &doing->txn, err);
    if (status == STATUS_OK) {
        status = catalogue_load(&doing->catalogue, doing->txn, doing->actor->municipality, err);
    }
    if (status == STATUS_OK) {
        status = terms_book_create(&doing->terms, doing->catalogue, err);
    }
    if (status == STATUS_OK) {
        doing->calendar = terms_book_calendar(doing->terms);
    }
    return status;
}

void
deed_finish(struct doing *doing)
{
    store_end(doing->txn);
    terms_book_destroy(doing->terms);
    catalogue_destroy(doing->catalogue);
}

enum status
deed_record_and_commit(struct doing *doing, int64_t id, const char *what, const char *after, const char *reason,
                       struct error_detail *err)
{
    char object[OBJECT_SIZE];
    snprintf(object, sizeof object, "remittance:%" PRId64, id);
    enum status status = access_log_append(
        doing->txn, doing->actor, doing->now_ms,
        &(struct access_entry){.what = what, .object = object, .before = "", .after = after, .reason = reason}, err);
    return status == STATUS_OK ? store_commit(doing->txn, err) : status;
}

bool
deed_is_blank(const char *text)
{
    return text[strspn(text, " \t\r\n")] == '\0';
}
