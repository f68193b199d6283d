/* Who types. */
#include "settlement/commands/operator.h"

#include "settlement/commands/database.h"
#include "settlement/store/masters_store.h"

#include <stdio.h>

enum status
operator_actor(struct store *store, const char *municipality, struct actor *out, struct error_detail *err)
{
    struct actor actor = {.login = "cli", .name = "端末操作員", .role = ROLE_ADMINISTRATOR};
    snprintf(actor.address, sizeof actor.address, "%s", operator_name());
    enum status status = STATUS_OK;
    if (municipality != NULL) {
        if (!municipality_code_is_valid(municipality)) {
            error_set(err, "wrong_municipality", "%s is not a municipality code (six digits with check digit)",
                      municipality);
            return STATUS_INVALID;
        }
        snprintf(actor.municipality, sizeof actor.municipality, "%s", municipality);
    } else {
        struct store_txn *txn = NULL;
        status = store_begin_read(store, &txn, err);
        if (status == STATUS_OK) {
            status = masters_only_municipality(txn, actor.municipality, err);
        }
        store_end(txn);
    }
    if (status == STATUS_OK) {
        *out = actor;
    }
    return status;
}

static enum status
count_one(const char *municipality, void *context)
{
    (void)municipality;
    ++*(int64_t *)context;
    return STATUS_OK;
}

enum status
operator_of_city(struct store *store, const char *municipality, struct actor *out, struct error_detail *err)
{
    struct store_txn *txn = NULL;
    struct masters_version version;
    struct actor actor;
    int64_t count = 0;
    enum status status = operator_actor(store, municipality, &actor, err);
    if (status == STATUS_OK && municipality != NULL) {
        status = store_begin_read(store, &txn, err);
        if (status == STATUS_OK) {
            status = masters_current(txn, municipality, &version, NULL, err);
        }
        if (status == STATUS_NOT_FOUND) {
            status = masters_municipality_each(txn, count_one, &count, err);
            if (status == STATUS_OK && count > 0) {
                error_set(err, "wrong_municipality", "there are masters here, and none of municipality %s",
                          municipality);
                status = STATUS_NOT_FOUND;
            }
        }
        store_end(txn);
    }
    if (status == STATUS_OK) {
        *out = actor;
    }
    return status;
}
