/* `discrepancies`: what does not agree, one row after the other, so that a list of any length takes little memory. */
#include "settlement/catalogue/catalogue.h"
#include "settlement/commands/commands.h"
#include "settlement/commands/database.h"
#include "settlement/commands/exit_code.h"
#include "settlement/commands/operator.h"
#include "settlement/commands/options.h"
#include "settlement/matching/discrepancy_class.h"
#include "settlement/store/discrepancy_store.h"
#include "settlement/web/discrepancy_json.h"

#include "common/clock/clock.h"
#include "common/money/yen.h"

#include <stdio.h>
#include <string.h>

enum { ROW_MAX_BYTES = 64 * 1024 };

struct listing {
    const struct catalogue *catalogue;
    struct civil_date today;
    bool as_json;
    int64_t count;
    struct buffer row;
    struct error_detail *err;
};

static enum status
print_json(const struct discrepancy_row *row, struct listing *listing)
{
    struct json_writer writer;
    buffer_clear(&listing->row);
    json_writer_init(&writer, &listing->row);
    json_begin_object(&writer, NULL);
    json_discrepancy_members(&writer, row, listing->catalogue, listing->today);
    json_end_object(&writer);
    enum status status = json_finish(&writer, listing->err);
    if (status == STATUS_OK) {
        printf("%s%s", listing->count > 0 ? ",\n" : "", buffer_text(&listing->row));
    }
    return status;
}

static enum status
print_row(const struct discrepancy_row *row, void *context)
{
    struct listing *listing = context;
    enum status status = STATUS_OK;
    if (listing->as_json) {
        status = print_json(row, listing);
    } else {
        char yen[YEN_TEXT_SIZE];
        printf("%lld %s %s %s円 期限%s %s\n", (long long)row->id, row->happened_on, discrepancy_class_name(row->class),
               yen_format(yen, row->amount_yen), row->due_on, row->summary);
    }
    listing->count++;
    return status;
}

static enum status
print_all(struct store *store, const struct discrepancy_query *query, struct listing *listing, struct error_detail *err)
{
    struct store_txn *txn = NULL;
    struct catalogue *catalogue = NULL;
    enum status status = store_begin_read_for(store, query->municipality, &txn, err);
    if (status == STATUS_OK) {
        status = catalogue_load(&catalogue, txn, query->municipality, err);
    }
    listing->catalogue = catalogue;
    printf("%s", listing->as_json ? "{\"rows\":[" : "");
    if (status == STATUS_OK) {
        status = discrepancy_each(txn, query, print_row, listing, err);
    }
    printf("%s", listing->as_json ? "]}\n" : "");
    store_end(txn);
    catalogue_destroy(catalogue);
    return status;
}

/* Whether the words of the command line are ones that the list knows; says so when not. */
static bool
are_words_known(const char *state, const char *class)
{
    static const char *const states[] = {"open", "awaiting_second", "resolved", "cleared", "all"};
    enum discrepancy_class ignored;
    bool is_state = false;
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        is_state = is_state || strcmp(states[i], state) == 0;
    }
    if (!is_state) {
        fprintf(stderr, "madoguchi-settlement discrepancies: --state is open, awaiting_second, resolved, cleared or "
                        "all\n");
    } else if (class != NULL && !discrepancy_class_from_word(&ignored, class)) {
        fprintf(stderr, "madoguchi-settlement discrepancies: there is no class '%s' (docs/reconciliation.md)\n", class);
        is_state = false;
    }
    return is_state;
}

int
command_discrepancies(int argc, char **argv)
{
    enum { DATABASE, MUNICIPALITY, STATE, CLASS, JSON, COUNT };
    struct option options[COUNT] = {
        [DATABASE] = {"--database", "FILE", "the service's database", .is_required = true},
        [MUNICIPALITY] = {"--municipality", "CODE", "needed when masters of several, or of none, are loaded"},
        [STATE] = {"--state", "STATE", "open (default), awaiting_second, resolved, cleared or all"},
        [CLASS] = {"--class", "CLASS", "only these, e.g. pos_only"},
        [JSON] = {"--json", NULL, "print JSON, rows as GET /api/discrepancies has them"},
    };
    int exit_code;
    if (!options_read_or_explain("discrepancies", options, COUNT, argc, argv, &exit_code)) {
        return exit_code;
    }
    const char *state = options[STATE].value != NULL ? options[STATE].value : "open";
    if (!are_words_known(state, options[CLASS].value)) {
        return EXIT_USAGE;
    }
    struct error_detail err;
    struct store *store = NULL;
    struct clock_source clock = clock_system();
    struct actor actor;
    struct listing listing = {
        .today = civil_date_at(clock_now_ms(&clock)), .as_json = options[JSON].value != NULL, .err = &err};
    buffer_init(&listing.row, ROW_MAX_BYTES);
    enum status status = existing_store_open(&store, options[DATABASE].value, &err);
    if (status == STATUS_OK) {
        status = operator_of_city(store, options[MUNICIPALITY].value, &actor, &err);
    }
    if (status == STATUS_OK) {
        struct discrepancy_query query = {
            .municipality = actor.municipality, .state = state, .class = options[CLASS].value, .limit = INT64_MAX};
        status = print_all(store, &query, &listing, &err);
    }
    store_close(store);
    buffer_finish(&listing.row);
    if (status != STATUS_OK) {
        return (int)exit_with(status, "discrepancies", &err);
    }
    return listing.count > 0 ? EXIT_DIFFERENCES : EXIT_DONE;
}
