/* `enrol-code`: make a one-time code for a till. The code goes to standard output and is known nowhere else. */
#include "common/clock/civil.h"
#include "common/clock/clock.h"
#include "common/json/writer.h"
#include "settlement/commands/commands.h"
#include "settlement/commands/database.h"
#include "settlement/commands/exit_code.h"
#include "settlement/commands/options.h"
#include "settlement/enrolment/enrolment.h"
#include "settlement/store/masters_store.h"

#include <stdio.h>
#include <string.h>

static enum status
make_code(struct store *store, struct enrolment_offer *offer, const char *municipality,
          char out[ENROLMENT_CODE_TEXT_SIZE], int64_t *out_expires_at_ms, struct error_detail *err)
{
    struct store_txn *txn = NULL;
    char chosen[MUNICIPALITY_CODE_SIZE];
    enum status status = store_begin_write(store, &txn, err);
    if (status == STATUS_OK) {
        offer->municipality = municipality != NULL ? municipality : chosen;
        status = municipality != NULL ? STATUS_OK : masters_only_municipality(txn, chosen, err);
    }
    if (status == STATUS_OK) {
        status = enrolment_make_code(txn, offer, out, out_expires_at_ms, err);
    }
    if (status == STATUS_OK) {
        status = store_commit(txn, err);
    }
    store_end(txn);
    return status;
}

static enum status
print_json(const char *code, const struct enrolment_offer *offer, int64_t expires_at_ms, struct error_detail *err)
{
    char expires_at[INSTANT_TEXT_SIZE];
    struct buffer json;
    buffer_init(&json, 1024);
    struct json_writer writer;
    json_writer_init(&writer, &json);
    json_begin_object(&writer, NULL);
    json_text(&writer, "code", code);
    json_text(&writer, "terminal", offer->terminal);
    json_text(&writer, "place", offer->place);
    json_text(&writer, "expires_at", instant_format(expires_at, expires_at_ms));
    json_end_object(&writer);
    enum status status = json_finish(&writer, err);
    if (status == STATUS_OK) {
        puts(buffer_text(&json));
    }
    buffer_finish(&json);
    return status;
}

int
command_enrol_code(int argc, char **argv)
{
    enum { DATABASE, TERMINAL, PLACE, MUNICIPALITY, JSON, COUNT };
    struct option options[COUNT] = {
        [DATABASE] = {"--database", "FILE", "the service's database", .is_required = true},
        [TERMINAL] = {"--terminal", "ID", "the till's id, e.g. KO-01", .is_required = true},
        [PLACE] = {"--place", "CODE", "where it stands, a place of the masters", .is_required = true},
        [MUNICIPALITY] = {"--municipality", "CODE", "needed when masters of several, or of none, are loaded"},
        [JSON] = {"--json", NULL, "print JSON"},
    };
    int exit_code;
    if (!options_read_or_explain("enrol-code", options, COUNT, argc, argv, &exit_code)) {
        return exit_code;
    }
    struct error_detail err;
    struct store *store = NULL;
    struct clock_source clock = clock_system();
    struct enrolment_offer offer = {.terminal = options[TERMINAL].value,
                                    .place = options[PLACE].value,
                                    .created_by = operator_name(),
                                    .now_ms = clock_now_ms(&clock)};
    char code[ENROLMENT_CODE_TEXT_SIZE];
    int64_t expires_at_ms;
    enum status status = existing_store_open(&store, options[DATABASE].value, &err);
    if (status == STATUS_OK) {
        status = make_code(store, &offer, options[MUNICIPALITY].value, code, &expires_at_ms, &err);
    }
    if (status == STATUS_OK && options[JSON].value != NULL) {
        status = print_json(code, &offer, expires_at_ms, &err);
    } else if (status == STATUS_OK) {
        printf("%s\n", code);
    }
    store_close(store);
    return status == STATUS_OK ? EXIT_DONE : (int)exit_with(status, "enrol-code", &err);
}
