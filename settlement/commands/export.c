/* `export`: write the approved 調定 of a fiscal year, or an earlier export again, into a folder; or the books as a
 * plain-text accounting journal. */
#include "common/clock/clock.h"
#include "settlement/assessment/export_file.h"
#include "settlement/assessment/exporting.h"
#include "settlement/commands/commands.h"
#include "settlement/commands/database.h"
#include "settlement/commands/exit_code.h"
#include "settlement/commands/export_accounting.h"
#include "settlement/commands/operator.h"
#include "settlement/commands/options.h"
#include "settlement/handover/handover_deeds.h"
#include "settlement/handover/handover_writer.h"
#include "settlement/store/assessment_export_store.h"
#include "settlement/store/finance_file_store.h"

#include <stdio.h>
#include <stdlib.h>

/* Write the bytes of EXPORT_ID in ENCODING into FOLDER under their own name, and print it. */
static enum status
write_file(struct store *store, const struct actor *actor, int64_t export_id, const char *encoding, const char *folder,
           struct error_detail *err)
{
    struct buffer bytes;
    buffer_init(&bytes, EXPORT_FILE_MAX_BYTES);
    char name[64];
    char path[1200];
    struct store_txn *txn = NULL;
    enum status status = store_begin_read_for(store, actor->municipality, &txn, err);
    if (status == STATUS_OK) {
        status = export_file_read(txn, actor->municipality, export_id, encoding, &bytes, name, sizeof name, err);
    }
    store_end(txn);
    if (status == STATUS_OK && snprintf(path, sizeof path, "%s/%s", folder, name) >= (int)sizeof path) {
        error_set(err, "path_too_long", "the folder's name is too long");
        status = STATUS_INVALID;
    }
    if (status == STATUS_OK) {
        status = file_write_durably(path, bytes.data, bytes.length, 0640, err);
    }
    if (status == STATUS_OK) {
        printf("%s\n", path);
    }
    buffer_finish(&bytes);
    return status;
}

static enum status
read_number(const char *text, const char *what, int64_t max, int64_t *out, struct error_detail *err)
{
    char *end = NULL;
    long long number = text != NULL ? strtoll(text, &end, 10) : 0;
    if (text != NULL && (*end != '\0' || number < 1 || number > max)) {
        error_set(err, "wrong_number", "%s is not %s", text, what);
        return STATUS_INVALID;
    }
    *out = number;
    return STATUS_OK;
}

/* The 調定 of YEAR that are approved and not exported, or EXPORT_ID again, in both encodings. */
static enum status
export_assessments(struct store *store, const struct actor *actor, int64_t year, int64_t export_id, const char *folder,
                   struct error_detail *err)
{
    static const char *const encodings[] = {"utf8", "cp932"};
    struct clock_source clock = clock_system();
    bool is_new;
    enum status status = STATUS_OK;
    if (export_id == 0) {
        status = assessment_export(store, actor, NULL, 0, (int)year, clock_now_ms(&clock), &export_id, &is_new, err);
    }
    for (size_t i = 0; status == STATUS_OK && i < 2; i++) {
        status = write_file(store, actor, export_id, encodings[i], folder, err);
    }
    return status;
}

static enum status
copy_name(const struct finance_file_row *row, void *context)
{
    snprintf(context, HANDOVER_TEXT_SIZE + 32, "%s", row->file_name);
    return STATUS_OK;
}

/* Export EXPORT_ID in the form of the finance system's layout NAME. */
static enum status
export_by_layout(struct store *store, const struct actor *actor, int64_t export_id, const char *name,
                 const char *folder, struct error_detail *err)
{
    struct clock_source clock = clock_system();
    struct store_txn *txn = NULL;
    struct buffer bytes;
    char file_name[HANDOVER_TEXT_SIZE + 32] = "";
    char path[1200];
    int64_t file = 0;
    bool is_new = false;
    buffer_init(&bytes, HANDOVER_FILE_MAX_BYTES);
    enum status status = handover_make(store, actor, export_id, name, /* only_refused= */ false, clock_now_ms(&clock),
                                       &file, &is_new, err);
    if (status == STATUS_OK) {
        status = store_begin_read_for(store, actor->municipality, &txn, err);
    }
    if (status == STATUS_OK) {
        status = finance_file_bytes(txn, actor->municipality, file, &bytes, err);
    }
    if (status == STATUS_OK) {
        status = finance_file_each(txn, actor->municipality, 0, file, copy_name, file_name, err);
    }
    store_end(txn);
    if (status == STATUS_OK && snprintf(path, sizeof path, "%s/%s", folder, file_name) >= (int)sizeof path) {
        error_set(err, "path_too_long", "the folder's name is too long");
        status = STATUS_INVALID;
    }
    if (status == STATUS_OK) {
        status = file_write_durably(path, bytes.data, bytes.length, 0640, err);
    }
    if (status == STATUS_OK) {
        printf("%s\n", path);
    }
    buffer_finish(&bytes);
    return status;
}

int
command_export(int argc, char **argv)
{
    enum { DATABASE, FISCAL_YEAR, EXPORT, LAYOUT, FOLDER, PLAIN, MUNICIPALITY, COUNT };
    struct option options[COUNT] = {
        [DATABASE] = {"--database", "FILE", "the service's database", .is_required = true},
        [FISCAL_YEAR] = {"--fiscal-year", "YEAR", "export all of it that is approved and not exported"},
        [EXPORT] = {"--export", "ID", "or write this earlier export again: the same bytes"},
        [LAYOUT] = {"--layout", "NAME", "with --export: in the form of this layout of the finance system"},
        [FOLDER] = {"--folder", "FOLDER", "where the two files go"},
        [PLAIN] = {"--plain-accounting", "FILE", "or write the books as text that hledger and ledger read"},
        [MUNICIPALITY] = {"--municipality", "CODE", "needed when masters of several, or of none, are loaded"},
    };
    int exit_code;
    if (!options_read_or_explain("export", options, COUNT, argc, argv, &exit_code)) {
        return exit_code;
    }
    struct error_detail err;
    struct store *store = NULL;
    struct actor actor;
    int64_t year = 0;
    int64_t export_id = 0;
    bool is_plain = options[PLAIN].value != NULL;
    enum status status = read_number(options[FISCAL_YEAR].value, "a fiscal year", 9999, &year, &err);
    if (status == STATUS_OK) {
        status = read_number(options[EXPORT].value, "an export", INT64_MAX, &export_id, &err);
    }
    if (status != STATUS_OK) {
        fprintf(stderr, "madoguchi-settlement export: %s\n", err.message);
        return EXIT_USAGE;
    }
    if ((year != 0) + (export_id != 0) + is_plain != 1) {
        fprintf(stderr,
                "madoguchi-settlement export: one of --fiscal-year, --export and --plain-accounting is needed\n");
        return EXIT_USAGE;
    }
    if (is_plain != (options[FOLDER].value == NULL)) {
        fprintf(stderr,
                "madoguchi-settlement export: --folder is where the two files of --fiscal-year and --export go\n");
        return EXIT_USAGE;
    }
    if (options[LAYOUT].value != NULL && export_id == 0) {
        fprintf(stderr, "madoguchi-settlement export: --layout is said with --export\n");
        return EXIT_USAGE;
    }
    status = existing_store_open(&store, options[DATABASE].value, &err);
    if (status == STATUS_OK) {
        status = operator_of_city(store, options[MUNICIPALITY].value, &actor, &err);
    }
    if (status == STATUS_OK) {
        status = is_plain ? export_accounting(store, &actor, options[PLAIN].value, &err)
                 : options[LAYOUT].value != NULL
                     ? export_by_layout(store, &actor, export_id, options[LAYOUT].value, options[FOLDER].value, &err)
                     : export_assessments(store, &actor, year, export_id, options[FOLDER].value, &err);
    }
    store_close(store);
    return status == STATUS_OK ? EXIT_DONE : (int)exit_with(status, "export", &err);
}
