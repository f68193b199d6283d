/* `assess`: bring the drafts of 調定 in step with the ledger. */
#include "common/clock/clock.h"
#include "common/json/writer.h"
#include "settlement/assessment/drafting.h"
#include "settlement/commands/commands.h"
#include "settlement/commands/database.h"
#include "settlement/commands/exit_code.h"
#include "settlement/commands/operator.h"
#include "settlement/commands/options.h"

#include <stdio.h>
#include <string.h>

static enum status
print_result(const struct drafting_result *result, bool as_json, struct error_detail *err)
{
    if (!as_json) {
        printf("%lld drafts made, %lld remade, %lld removed; %lld yen in %lld lines held back, %lld yen in %lld lines"
               " left to operators\n",
               (long long)result->created, (long long)result->remade, (long long)result->removed,
               (long long)result->held_yen, (long long)result->held_count, (long long)result->operator_yen,
               (long long)result->operator_count);
        return STATUS_OK;
    }
    struct buffer json;
    buffer_init(&json, 1024);
    struct json_writer writer;
    json_writer_init(&writer, &json);
    json_begin_object(&writer, NULL);
    json_int(&writer, "created", result->created);
    json_int(&writer, "remade", result->remade);
    json_int(&writer, "dropped", result->removed);
    json_int(&writer, "held_count", result->held_count);
    json_int(&writer, "held_yen", result->held_yen);
    json_int(&writer, "operator_count", result->operator_count);
    json_int(&writer, "operator_yen", result->operator_yen);
    json_end_object(&writer);
    enum status status = json_finish(&writer, err);
    if (status == STATUS_OK) {
        puts(buffer_text(&json));
    }
    buffer_finish(&json);
    return status;
}

int
command_assess(int argc, char **argv)
{
    enum { DATABASE, DATE, MUNICIPALITY, JSON, COUNT };
    struct option options[COUNT] = {
        [DATABASE] = {"--database", "FILE", "the service's database", .is_required = true},
        [DATE] = {"--date", "DAY", "draft what was received up to this day; default: yesterday"},
        [MUNICIPALITY] = {"--municipality", "CODE", "needed when masters of several, or of none, are loaded"},
        [JSON] = {"--json", NULL, "print JSON"},
    };
    int exit_code;
    if (!options_read_or_explain("assess", options, COUNT, argc, argv, &exit_code)) {
        return exit_code;
    }
    struct error_detail err;
    struct store *store = NULL;
    struct clock_source clock = clock_system();
    int64_t now_ms = clock_now_ms(&clock);
    struct civil_date to = civil_date_add_days(civil_date_at(now_ms), -1);
    struct actor actor;
    struct drafting_result result;
    enum status status = STATUS_OK;
    if (options[DATE].value != NULL &&
        civil_date_parse(&to, options[DATE].value, strlen(options[DATE].value)) != STATUS_OK) {
        error_set(&err, "wrong_date", "%s is not a day (YYYY-MM-DD)", options[DATE].value);
        status = STATUS_INVALID;
    }
    if (status == STATUS_OK) {
        status = existing_store_open(&store, options[DATABASE].value, &err);
    }
    if (status == STATUS_OK) {
        status = operator_of_city(store, options[MUNICIPALITY].value, &actor, &err);
    }
    if (status == STATUS_OK) {
        status = assessment_draft_until(store, &actor, to, now_ms, &result, &err);
    }
    if (status == STATUS_OK) {
        status = print_result(&result, options[JSON].value != NULL, &err);
    }
    store_close(store);
    return status == STATUS_OK ? EXIT_DONE : (int)exit_with(status, "assess", &err);
}
