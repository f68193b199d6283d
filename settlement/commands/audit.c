/* `audit`: hold the books against the journals. */
#include "settlement/audit/audit.h"
#include "common/json/writer.h"
#include "settlement/commands/commands.h"
#include "settlement/commands/database.h"
#include "settlement/commands/exit_code.h"
#include "settlement/commands/options.h"
#include "settlement/commands/watched.h"

#include <stdio.h>

enum {
    JSON_MAX_BYTES = 16 * 1024 * 1024 /* every finding that is kept */
};

static void
write_finding(struct json_writer *writer, const struct finding *finding)
{
    json_begin_object(writer, NULL);
    json_text(writer, "code", finding->code);
    json_text(writer, "terminal", finding->terminal[0] != '\0' ? finding->terminal : NULL);
    if (finding->sequence > 0) {
        json_int(writer, "sequence", finding->sequence);
    } else {
        json_null(writer, "sequence");
    }
    json_int(writer, "expected_yen", finding->expected_yen);
    json_int(writer, "found_yen", finding->found_yen);
    json_int(writer, "difference_yen", finding->found_yen - finding->expected_yen);
    json_text(writer, "message", finding->message);
    json_end_object(writer);
}

static enum status
print_json(const struct audit_report *report, struct error_detail *err)
{
    struct buffer json;
    struct json_writer writer;
    buffer_init(&json, JSON_MAX_BYTES);
    json_writer_init(&writer, &json);
    json_begin_object(&writer, NULL);
    json_int(&writer, "terminals", report->terminals);
    json_int(&writer, "lines", report->lines);
    json_int(&writer, "sales", report->sales);
    json_int(&writer, "revenue_yen", report->revenue_yen);
    json_int(&writer, "parked", report->parked);
    json_int(&writer, "waiting", report->waiting);
    json_int(&writer, "finding_count", report->findings.count);
    json_begin_array(&writer, "findings");
    for (size_t i = 0; i < report->findings.kept; i++) {
        write_finding(&writer, &report->findings.list[i]);
    }
    json_end_array(&writer);
    json_end_object(&writer);
    enum status status = json_finish(&writer, err);
    if (status == STATUS_OK) {
        puts(buffer_text(&json));
    }
    buffer_finish(&json);
    return status;
}

static void
print_text(const struct audit_report *report)
{
    findings_print(&report->findings);
    printf("端末%lld台、%lld行、売上%lld件、収納額%lld円を照合しました。", (long long)report->terminals,
           (long long)report->lines, (long long)report->sales, (long long)report->revenue_yen);
    if (report->findings.count == 0) {
        printf("差異はありません。");
    } else {
        printf("差異が%lld件あります。", (long long)report->findings.count);
    }
    if (report->parked > 0) {
        printf("保留の行が%lldあります。", (long long)report->parked);
    }
    if (report->waiting > 0) {
        printf("まだ解釈されていない行が%lldあります(照合の対象外)。", (long long)report->waiting);
    }
    printf("\n");
}

int
command_audit(int argc, char **argv)
{
    struct option options[] = {
        {"--database", "FILE", "the service's database; may be in use", .is_required = true},
        {.name = "--json", .help = "print JSON"},
        {"--layouts", "FOLDER", "more file formats, as the service has them", .is_required = false},
        WATCHED_PROGRESS_OPTION,
    };
    int exit_code;
    if (!options_read_or_explain("audit", options, 4, argc, argv, &exit_code)) {
        return exit_code;
    }
    struct error_detail err;
    struct store *store = NULL;
    struct audit_report report = {0};
    enum status status = existing_store_open(&store, options[0].value, &err);
    if (status == STATUS_OK) {
        struct watched watched;
        watched_begin(&watched, WORK_AUDIT, options[3].value != NULL);
        status = audit_run_watched(store, options[2].value, &watched.work, &report, &err);
        watched_end(&watched, status);
    }
    if (status == STATUS_CANCELLED) {
        error_set(&err, "cancelled", "監査を中止しました。監査は何も書き換えません。同じ指示で最初から行います。");
    }
    store_close(store);
    if (status == STATUS_OK && options[1].value != NULL) {
        status = print_json(&report, &err);
    } else if (status == STATUS_OK) {
        print_text(&report);
    }
    bool has_findings = report.findings.count > 0;
    audit_report_finish(&report);
    if (status != STATUS_OK) {
        return (int)exit_with(status, "audit", &err);
    }
    return has_findings ? EXIT_DIFFERENCES : EXIT_DONE;
}
