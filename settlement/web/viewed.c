/* A transaction of its own, behind the one that read: readers wait for no writer until they have what they asked for.
 */
#include "settlement/web/viewed.h"

#include "settlement/store/access_log_store.h"
#include "settlement/web/asked.h"

enum status
viewed_note(const struct http_request *request, struct service *service, const char *what, const char *object,
            const char *detail, struct error_detail *err)
{
    const struct actor *actor = asked_actor(request);
    const struct access_entry entry = {.what = what, .object = object, .after = detail};
    struct store_txn *txn = NULL;
    enum status status = store_begin_write_for(service->store, actor->municipality, &txn, err);
    if (status == STATUS_OK) {
        status = access_log_append(txn, actor, asked_now_ms(service), &entry, err);
    }
    if (status == STATUS_OK) {
        status = store_commit(txn, err);
    }
    store_end(txn);
    return status;
}
