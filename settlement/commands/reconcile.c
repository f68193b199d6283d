/* `reconcile`: match what is open and new in the store. */
#include "settlement/matching/reconcile.h"
#include "common/bytes/buffer.h"
#include "common/clock/clock.h"
#include "common/json/writer.h"
#include "settlement/commands/commands.h"
#include "settlement/commands/database.h"
#include "settlement/commands/exit_code.h"
#include "settlement/commands/operator.h"
#include "settlement/commands/options.h"
#include "settlement/commands/watched.h"

#include <stdio.h>
#include <string.h>

static enum status
print_run(const struct run_row *run, bool as_json, struct error_detail *err)
{
    if (!as_json) {
        printf("%lld payments, %lld statement lines, %lld bank lines: %lld matched (%lld yen), %lld deposits came, "
               "%lld discrepancies opened, %lld cleared, %lld open\n",
               (long long)run->sale_count, (long long)run->line_count, (long long)run->bank_line_count,
               (long long)run->matched_count, (long long)run->matched_yen, (long long)run->credited_count,
               (long long)run->opened_count, (long long)run->cleared_count, (long long)run->open_count);
        return STATUS_OK;
    }
    struct buffer json;
    buffer_init(&json, 2048);
    struct json_writer writer;
    json_writer_init(&writer, &json);
    json_begin_object(&writer, NULL);
    json_int(&writer, "run", run->id);
    json_int(&writer, "sale_count", run->sale_count);
    json_int(&writer, "statement_line_count", run->line_count);
    json_int(&writer, "bank_line_count", run->bank_line_count);
    json_int(&writer, "matched_count", run->matched_count);
    json_int(&writer, "matched_yen", run->matched_yen);
    json_int(&writer, "credited_count", run->credited_count);
    json_int(&writer, "opened_count", run->opened_count);
    json_int(&writer, "cleared_count", run->cleared_count);
    json_int(&writer, "open_count", run->open_count);
    json_int(&writer, "milliseconds", run->milliseconds);
    json_end_object(&writer);
    enum status status = json_finish(&writer, err);
    if (status == STATUS_OK) {
        puts(buffer_text(&json));
    }
    buffer_finish(&json);
    return status;
}

int
command_reconcile(int argc, char **argv)
{
    enum { DATABASE, MUNICIPALITY, DATE, PROGRESS, JSON, COUNT };
    struct option options[COUNT] = {
        [DATABASE] = {"--database", "FILE", "the service's database", .is_required = true},
        [MUNICIPALITY] = {"--municipality", "CODE", "needed when masters of several, or of none, are loaded"},
        [DATE] = {"--date", "YYYY-MM-DD", "judge what is due as on this day: from the last run's to today (default)"},
        [PROGRESS] = WATCHED_PROGRESS_OPTION,
        [JSON] = {"--json", NULL, "print JSON"},
    };
    int exit_code;
    if (!options_read_or_explain("reconcile", options, COUNT, argc, argv, &exit_code)) {
        return exit_code;
    }
    struct civil_date day;
    const char *date = options[DATE].value;
    if (date != NULL && civil_date_parse(&day, date, strlen(date)) != STATUS_OK) {
        fprintf(stderr, "madoguchi-settlement reconcile: --date is a day like 2026-11-24\n");
        return EXIT_USAGE;
    }
    struct error_detail err;
    struct store *store = NULL;
    struct clock_source clock = clock_system();
    struct actor actor;
    struct run_row run = {0};
    enum status status = existing_store_open(&store, options[DATABASE].value, &err);
    if (status == STATUS_OK) {
        status = operator_of_city(store, options[MUNICIPALITY].value, &actor, &err);
    }
    if (status == STATUS_OK) {
        struct watched watched;
        watched_begin(&watched, WORK_RECONCILE, options[PROGRESS].value != NULL);
        status = date != NULL ? reconcile_on(store, &actor, &clock, day, &watched.work, &run, &err)
                              : reconcile_watched(store, &actor, &clock, &watched.work, &run, &err);
        watched_end(&watched, status);
    }
    if (status == STATUS_CANCELLED) {
        error_set(&err, "cancelled", "照合を中止しました。何も変わっていません。同じ指示で最初から照合します。");
    }
    if (status == STATUS_OK) {
        status = print_run(&run, options[JSON].value != NULL, &err);
    }
    store_close(store);
    if (status != STATUS_OK) {
        return (int)exit_with(status, "reconcile", &err);
    }
    return run.open_count > 0 ? EXIT_DIFFERENCES : EXIT_DONE;
}
