/* `masters load`: publish a masters document. */
#include "common/clock/clock.h"
#include "settlement/commands/commands.h"
#include "settlement/commands/database.h"
#include "settlement/commands/exit_code.h"
#include "settlement/commands/operator.h"
#include "settlement/commands/options.h"
#include "settlement/masters/masters.h"
#include "settlement/store/access_log_store.h"

#include <stdio.h>

/* What the operator publishes nobody approves: at least it is on record. */
static enum status
log_load(struct store *store, struct store_txn *txn, const struct masters_version *version, int64_t now_ms,
         struct error_detail *err)
{
    struct actor actor;
    char after[SHA256_TEXT_SIZE + 32];
    snprintf(after, sizeof after, "version %lld %s", (long long)version->version, version->sha256);
    enum status status = operator_actor(store, version->municipality, &actor, err);
    return status == STATUS_OK
               ? access_log_append(
                     txn, &actor, now_ms,
                     &(struct access_entry){.what = "masters_loaded", .object = "masters", .after = after}, err)
               : status;
}

static enum status
load(struct store *store, const struct buffer *text, struct masters_version *out, bool *out_is_new,
     struct error_detail *err)
{
    struct clock_source clock = clock_system();
    struct store_txn *txn = NULL;
    enum status status = store_begin_write(store, &txn, err);
    if (status == STATUS_OK) {
        status = masters_load(txn, buffer_text(text), text->length, clock_now_ms(&clock), out, out_is_new, err);
    }
    if (status == STATUS_OK && *out_is_new) {
        status = log_load(store, txn, out, clock_now_ms(&clock), err);
    }
    if (status == STATUS_OK) {
        status = store_commit(txn, err);
    }
    store_end(txn);
    return status;
}

int
command_masters_load(int argc, char **argv)
{
    enum { DATABASE, FILE_NAME, COUNT };
    struct option options[COUNT] = {
        [DATABASE] = {"--database", "DB", "the service's database; created when absent", .is_required = true},
        [FILE_NAME] = {"--file", "FILE", "the document (docs/masters.md)", .is_required = true},
    };
    int exit_code;
    if (!options_read_or_explain("masters load", options, COUNT, argc, argv, &exit_code)) {
        return exit_code;
    }
    struct error_detail err;
    struct store *store = NULL;
    struct buffer text;
    buffer_init(&text, JSON_TEXT_MAX_BYTES);
    struct masters_version version;
    bool is_new;
    enum status status = buffer_read_file(&text, options[FILE_NAME].value, &err);
    if (status == STATUS_OK) {
        status = store_open(&store, options[DATABASE].value, &err);
    }
    if (status == STATUS_OK) {
        status = load(store, &text, &version, &is_new, &err);
    }
    if (status == STATUS_OK) {
        printf("%s version %lld %s\n%s\n", version.municipality, (long long)version.version,
               is_new ? "published" : "is published already", version.sha256);
    }
    buffer_finish(&text);
    store_close(store);
    return status == STATUS_OK ? EXIT_DONE : (int)exit_with(status, options[FILE_NAME].value, &err);
}
