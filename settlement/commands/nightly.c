/* `nightly`: a night's work now, for those who have a scheduler of their own; `restore`: a copy into place. */
#include "settlement/nightly/nightly.h"
#include "common/clock/clock.h"
#include "settlement/audit/audit.h"
#include "settlement/commands/commands.h"
#include "settlement/commands/database.h"
#include "settlement/commands/exit_code.h"
#include "settlement/commands/operator.h"
#include "settlement/commands/options.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static enum status
read_copies(const char *text, int64_t *out, struct error_detail *err)
{
    char *end = NULL;
    long long number = text != NULL ? strtoll(text, &end, 10) : 35;
    if (text != NULL && (*end != '\0' || number < NIGHTLY_COPIES_MIN || number > NIGHTLY_COPIES_MAX)) {
        error_set(err, "wrong_number", "--copies is %d to %d", NIGHTLY_COPIES_MIN, NIGHTLY_COPIES_MAX);
        return STATUS_INVALID;
    }
    *out = number;
    return STATUS_OK;
}

int
command_nightly(int argc, char **argv)
{
    enum { DATABASE, FOLDER, COPIES, LAYOUTS, MUNICIPALITY, COUNT };
    struct option options[COUNT] = {
        [DATABASE] = {"--database", "FILE", "the service's database; may be in use", .is_required = true},
        [FOLDER] = {"--backup-folder", "FOLDER", "copy the database there, and audit the copy"},
        [COPIES] = {"--copies", "N", "older copies than the newest N go when the newest is good (35)"},
        [LAYOUTS] = {"--layouts", "FOLDER",
                     "the service's own layouts, to read imported files again as they were read"},
        [MUNICIPALITY] = {"--municipality", "CODE", "needed when masters of several, or of none, are loaded"},
    };
    int exit_code;
    if (!options_read_or_explain("nightly", options, COUNT, argc, argv, &exit_code)) {
        return exit_code;
    }
    struct error_detail err;
    struct store *store = NULL;
    struct clock_source clock = clock_system();
    struct actor actor;
    struct nightly_outcome outcomes[NIGHTLY_STEP_COUNT] = {0};
    struct nightly_plan plan = {.has_books = true,
                                .backup_folder = options[FOLDER].value != NULL ? options[FOLDER].value : "",
                                .layouts_folder = options[LAYOUTS].value};
    enum status status = read_copies(options[COPIES].value, &plan.copies_kept, &err);
    if (status == STATUS_OK) {
        status = existing_store_open(&store, options[DATABASE].value, &err);
    }
    if (status == STATUS_OK) {
        status = operator_of_city(store, options[MUNICIPALITY].value, &actor, &err);
    }
    if (status == STATUS_OK) {
        status = nightly_run(store, &actor, &clock, &plan, outcomes, &err);
    }
    store_close(store);
    if (status != STATUS_OK) {
        return (int)exit_with(status, "nightly", &err);
    }
    bool has_failed = false;
    for (int i = 0; i < NIGHTLY_STEP_COUNT; i++) {
        printf("%s: %s\n", nightly_step_name((enum nightly_step)i), outcomes[i].sentence);
        has_failed = has_failed || !outcomes[i].is_done;
    }
    return has_failed ? EXIT_FAILED : outcomes[NIGHTLY_AUDIT].is_well ? EXIT_DONE : EXIT_DIFFERENCES;
}

/* The copy opens, and its books are right or the operator is told what is not. */
static enum status
judge(const char *path, const char *layouts, struct audit_report *report, struct error_detail *err)
{
    struct store *store = NULL;
    enum status status = existing_store_open(&store, path, err);
    if (status == STATUS_OK) {
        status = audit_run(store, layouts, report, err);
    }
    store_close(store);
    return status;
}

static enum status
put_in_place(const char *from, const char *to, struct error_detail *err)
{
    struct store *store = NULL;
    if (access(to, F_OK) == 0) {
        error_set(err, "file_exists", "%s is there already; move it away first, nothing is overwritten", to);
        return STATUS_REFUSED;
    }
    enum status status = existing_store_open(&store, from, err);
    if (status == STATUS_OK) {
        status = store_backup(store, to, err);
    }
    store_close(store);
    return status;
}

int
command_restore(int argc, char **argv)
{
    enum { FROM, TO, LAYOUTS, COUNT };
    struct option options[COUNT] = {
        [FROM] = {"--from", "FILE", "a copy that backup or the night's work has made", .is_required = true},
        [TO] = {"--to", "FILE", "the database of the service; must not exist", .is_required = true},
        [LAYOUTS] = {"--layouts", "FOLDER",
                     "the service's own layouts, to read imported files again as they were read"},
    };
    int exit_code;
    if (!options_read_or_explain("restore", options, COUNT, argc, argv, &exit_code)) {
        return exit_code;
    }
    struct error_detail err;
    struct audit_report report = {0};
    enum status status = put_in_place(options[FROM].value, options[TO].value, &err);
    if (status == STATUS_OK) {
        status = judge(options[TO].value, options[LAYOUTS].value, &report, &err);
    }
    if (status != STATUS_OK) {
        audit_report_finish(&report);
        return (int)exit_with(status, "restore", &err);
    }
    findings_print(&report.findings);
    printf("%s: %" PRId64 " tills, %" PRId64 " lines, %" PRId64 " yen, %" PRId64 " findings\n", options[TO].value,
           report.terminals, report.lines, report.revenue_yen, report.findings.count);
    puts(
        "Tills that have sent more than this copy knows are told so at their next upload and send it again;\n"
        "nothing that a till has recorded is lost. What people decided since the copy was made must be decided again.");
    bool has_findings = report.findings.count > 0;
    audit_report_finish(&report);
    return has_findings ? EXIT_DIFFERENCES : EXIT_DONE;
}
