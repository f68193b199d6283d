/* madoguchi-pos terminal: the payment terminal of the configuration, asked by a person. */
#include "common/clock/clock.h"
#include "common/json/writer.h"
#include "common/sqlite/database.h"
#include "pos/commands/commands.h"
#include "pos/commands/settings.h"
#include "pos/commands/terminal_day.h"
#include "pos/commands/terminal_device.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ASK_TIMEOUT_MS = 30 * 1000, JSON_MAX_BYTES = 8 * 1024 * 1024 };

static const char usage[] =
    "usage: madoguchi-pos terminal --check --config FILE\n"
    "       madoguchi-pos terminal --daily-log --config FILE [--json]\n"
    "\n"
    "--check asks the payment terminal of FILE whether it and its centre are ready. --daily-log lists what it moved "
    "today for\n"
    "this till and its totals per brand and kind, and compares them with the till's journal: every difference is named "
    "with\n"
    "its payment. Both only read. A terminal on a serial line answers one program at a time: stop the till first.\n"
    "\n"
    "Exit codes: 0 ready, or both books say the same; 1 not ready, or they differ; 2 usage; 3 configuration, or no "
    "terminal in\n"
    "it; 4 the terminal did not answer, or the system failed.\n";

struct asked {
    struct config *config;
    struct database *db;
    struct payment_terminal *terminal;
};

static enum status
open_all(struct asked *asked, const char *path, struct error_detail *err)
{
    char till[TERMINAL_ID_SIZE] = "";
    enum status status = settings_load(&asked->config, path, err);
    const char *database = status == STATUS_OK ? config_text(asked->config, "till", "database") : "";
    if (status == STATUS_OK && access(database, F_OK) != 0) {
        error_set(err, "no_database",
                  "there is no till: %s, the database of %s, cannot be reached (%s); run madoguchi-pos enrol, or name "
                  "the till's own configuration",
                  database, path, strerror(errno));
        return STATUS_NOT_FOUND;
    }
    if (status == STATUS_OK) {
        status = database_open(&asked->db, database, DATABASE_READ_ONLY, NULL, err);
    }
    if (status == STATUS_OK) {
        status = journal_owner_read(asked->db, till, err);
    }
    if (status == STATUS_OK && till[0] == '\0') {
        error_set(err, "not_enrolled", "this till is not enrolled yet: the terminal knows no payments of it");
        return STATUS_NOT_FOUND;
    }
    if (status == STATUS_OK) {
        status = terminal_device_open(&asked->terminal, asked->config, till, err);
    }
    if (status == STATUS_OK && asked->terminal == NULL) {
        error_set(err, "no_terminal", "%s names no payment terminal", path);
        return STATUS_NOT_FOUND;
    }
    return status;
}

static void
close_all(struct asked *asked)
{
    payment_terminal_close(asked->terminal);
    database_close(asked->db);
    config_destroy(asked->config);
}

static int
check(struct asked *asked)
{
    struct error_detail err;
    const enum status status = payment_terminal_check(asked->terminal, ASK_TIMEOUT_MS, &err);
    if (status == STATUS_OK) {
        printf("%s: ready\n", payment_terminal_name(asked->terminal));
        return EXIT_DONE;
    }
    if (status == STATUS_BUSY || status == STATUS_UNREACHABLE || status == STATUS_REFUSED) {
        printf("%s: not ready: %s\n", payment_terminal_name(asked->terminal), err.message);
        return EXIT_FOUND;
    }
    fprintf(stderr, "madoguchi-pos terminal: %s\n", err.message);
    return EXIT_SYSTEM;
}

static void
print_day(const struct terminal_day *day)
{
    for (size_t i = 0; i < day->line_count; i++) {
        const struct terminal_log_line *line = &day->lines[i];
        printf("%-36s  %-10s %-8s %9" PRId64 "%s\n", line->reference, line->brand, terminal_kind_word(line->kind),
               line->amount_yen, line->is_in_doubt ? "  in doubt" : "");
    }
    puts("totals by the terminal");
    for (size_t i = 0; i < day->total_count; i++) {
        const struct terminal_total *total = &day->totals[i];
        printf("  %-10s %-8s %5u %11" PRId64 "\n", total->brand, terminal_kind_word(total->kind),
               (unsigned)total->count, total->sum_yen);
    }
    for (size_t i = 0; i < day->difference_count; i++) {
        const struct day_difference *difference = &day->differences[i];
        printf("%s: %s %s, terminal %" PRId64 ", till %" PRId64 "\n", day_difference_name(difference->kind),
               difference->reference, difference->brand, difference->terminal_yen, difference->till_yen);
    }
    puts(day->difference_count == 0 ? "terminal and till say the same" : "terminal and till differ");
}

static void
write_rows(struct json_writer *json, const struct terminal_day *day)
{
    json_begin_array(json, "lines");
    for (size_t i = 0; i < day->line_count; i++) {
        json_begin_object(json, NULL);
        json_text(json, "reference", day->lines[i].reference);
        json_text(json, "brand", day->lines[i].brand);
        json_text(json, "kind", terminal_kind_word(day->lines[i].kind));
        json_int(json, "amount_yen", day->lines[i].amount_yen);
        json_bool(json, "in_doubt", day->lines[i].is_in_doubt);
        json_end_object(json);
    }
    json_end_array(json);
    json_begin_array(json, "totals");
    for (size_t i = 0; i < day->total_count; i++) {
        json_begin_object(json, NULL);
        json_text(json, "brand", day->totals[i].brand);
        json_text(json, "kind", terminal_kind_word(day->totals[i].kind));
        json_int(json, "count", day->totals[i].count);
        json_int(json, "sum_yen", day->totals[i].sum_yen);
        json_end_object(json);
    }
    json_end_array(json);
}

static enum status
print_json(const struct terminal_day *day, struct error_detail *err)
{
    struct buffer out;
    struct json_writer json;
    buffer_init(&out, JSON_MAX_BYTES);
    json_writer_init(&json, &out);
    json_begin_object(&json, NULL);
    write_rows(&json, day);
    json_begin_array(&json, "differences");
    for (size_t i = 0; i < day->difference_count; i++) {
        const struct day_difference *difference = &day->differences[i];
        json_begin_object(&json, NULL);
        json_text(&json, "kind", day_difference_word(difference->kind));
        json_text(&json, "name", day_difference_name(difference->kind));
        json_text(&json, "reference", difference->reference);
        json_text(&json, "brand", difference->brand);
        json_int(&json, "terminal_yen", difference->terminal_yen);
        json_int(&json, "till_yen", difference->till_yen);
        json_end_object(&json);
    }
    json_end_array(&json);
    json_end_object(&json);
    enum status status = json_finish(&json, err);
    if (status == STATUS_OK) {
        puts(buffer_text(&out));
    }
    buffer_finish(&out);
    return status;
}

static int
daily_log(struct asked *asked, bool wants_json)
{
    struct terminal_day *day = calloc(1, sizeof *day);
    const struct clock_source clock = clock_system();
    struct error_detail err = {0};
    if (day == NULL) {
        fputs("madoguchi-pos terminal: out of memory\n", stderr);
        return EXIT_SYSTEM;
    }
    enum status status = payment_terminal_daily_log(asked->terminal, ASK_TIMEOUT_MS, day->lines, TERMINAL_DAY_LINES_MAX,
                                                    &day->line_count, &err);
    if (status == STATUS_OK) {
        status = payment_terminal_totals(asked->terminal, /* settles= */ false, ASK_TIMEOUT_MS, day->totals,
                                         TERMINAL_TOTALS_MAX, &day->total_count, &err);
    }
    if (status == STATUS_OK) {
        status = terminal_day_compare(day, asked->db, clock_now_ms(&clock), &err);
    }
    if (status == STATUS_OK && wants_json) {
        status = print_json(day, &err);
    } else if (status == STATUS_OK) {
        print_day(day);
    }
    const bool differs = day->difference_count > 0;
    free(day);
    if (status != STATUS_OK) {
        fprintf(stderr, "madoguchi-pos terminal: %s\n", err.message);
        return EXIT_SYSTEM;
    }
    return differs ? EXIT_FOUND : EXIT_DONE;
}

int
terminal_command(int argc, char **argv)
{
    static const char *const allowed[] = {"--check", "--daily-log", "--json", "--config=", "--help", NULL};
    struct asked asked = {NULL, NULL, NULL};
    struct error_detail err;
    if (!options_are_known(argc, argv, allowed)) {
        return EXIT_USAGE;
    }
    if (option_is_given(argc, argv, "--help")) {
        fputs(usage, stdout);
        return EXIT_DONE;
    }
    const bool wants_check = option_is_given(argc, argv, "--check");
    const char *path = option_value(argc, argv, "--config");
    if (path == NULL || wants_check == option_is_given(argc, argv, "--daily-log")) {
        fputs(usage, stderr);
        return EXIT_USAGE;
    }
    const enum status status = open_all(&asked, path, &err);
    const int exit_code = status != STATUS_OK ? fail_with("terminal", status, &err)
                          : wants_check       ? check(&asked)
                                              : daily_log(&asked, option_is_given(argc, argv, "--json"));
    close_all(&asked);
    return exit_code;
}
