/* `import`: take in a statement or a bank's record, and reconcile. */
#include "common/bytes/buffer.h"
#include "common/clock/clock.h"
#include "common/json/writer.h"
#include "settlement/commands/commands.h"
#include "settlement/commands/database.h"
#include "settlement/commands/exit_code.h"
#include "settlement/commands/operator.h"
#include "settlement/commands/options.h"
#include "settlement/commands/watched.h"
#include "settlement/imports/city_layouts.h"
#include "settlement/imports/import_file.h"
#include "settlement/matching/reconcile.h"
#include "settlement/reconciliation/mapped_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Lines that were left out, in the form in which compilers report. */
static void
print_faults(const struct faults *faults, const char *path)
{
    for (size_t i = 0; i < faults->list.count; i++) {
        const struct fault *fault = (const struct fault *)faults->list.elements + i;
        fprintf(stderr, "%s:%u:%u: %s\n", path, fault->line, fault->column, fault->sentence);
    }
}

/* What the file changes of the one whose place it takes. */
static void
print_difference(struct difference *difference)
{
    difference_order(difference);
    const struct difference_entry *entries = difference->entries.elements;
    for (size_t i = 0; i < difference->entries.count && entries[i].kind != DIFFERENCE_SAME; i++) {
        const struct compared_line *earlier = difference_earlier(difference, &entries[i]);
        const struct compared_line *later = difference_later(difference, &entries[i]);
        printf("%s", difference_kind_name(entries[i].kind));
        if (earlier != NULL) {
            printf(" 前%u行目 %lld円 (手数料 %lld円)", earlier->line, (long long)earlier->amount_yen,
                   (long long)earlier->fee_yen);
        }
        if (later != NULL) {
            printf(" %s後%u行目 %lld円 (手数料 %lld円)", earlier != NULL ? "→ " : "", later->line,
                   (long long)later->amount_yen, (long long)later->fee_yen);
        }
        putchar('\n');
    }
    printf("変わらない %lld行、変更 %lld行、削除 %lld行、追加 %lld行\n", (long long)difference->counts[DIFFERENCE_SAME],
           (long long)difference->counts[DIFFERENCE_CHANGED], (long long)difference->counts[DIFFERENCE_GONE],
           (long long)difference->counts[DIFFERENCE_ADDED]);
}

static void
print_proposal(const struct import_request *request, const struct import_result *result)
{
    print_difference(request->difference);
    if (result->is_replaced) {
        printf("同じ内容なので、取込%lldと差し替えました(差替え%lld)。\n", (long long)request->supersedes,
               (long long)result->replacement);
    } else if (result->replacement != 0) {
        printf("取込%lldとの差替え(%lld)を提案しました。承認者が取込の画面か decide で確認すると有効になります。"
               "それまで金額は何も変わりません。\n",
               (long long)request->supersedes, (long long)result->replacement);
    }
}

static enum status
print_result(const struct import_request *request, const struct import_result *result, const struct run_row *run,
             bool as_json, struct error_detail *err)
{
    if (!as_json && request->supersedes != 0) {
        print_proposal(request, result);
    }
    if (!as_json && result->resumed_lines > 0) {
        printf("前回書き込んだ %lld行の続きから、", (long long)result->resumed_lines);
    }
    if (!as_json && result->fault_count > 0) {
        printf("読めない行 %lld行を除いて、", (long long)result->fault_count);
    }
    if (!as_json) {
        printf("%s%lld行 %lld円 (手数料 %lld円) %s〜%s sha256 %s\n",
               result->is_repeat && request->supersedes == 0 ? "同一ファイル再取込: 何も変わりません。" : "",
               (long long)result->line_count, (long long)result->amount_yen, (long long)result->fee_yen,
               result->first_on, result->last_on, result->sha256);
        return STATUS_OK;
    }
    struct buffer json;
    buffer_init(&json, 2048);
    struct json_writer writer;
    json_writer_init(&writer, &json);
    json_begin_object(&writer, NULL);
    json_int(&writer, "import", result->id);
    json_bool(&writer, "is_repeat", result->is_repeat);
    json_int(&writer, "line_count", result->line_count);
    json_int(&writer, "fault_count", result->fault_count);
    json_int(&writer, "resumed_lines", result->resumed_lines);
    json_int(&writer, "amount_yen", result->amount_yen);
    json_int(&writer, "fee_yen", result->fee_yen);
    json_text(&writer, "from", result->first_on);
    json_text(&writer, "to", result->last_on);
    json_text(&writer, "sha256", result->sha256);
    if (request->supersedes != 0) {
        json_int(&writer, "supersedes", request->supersedes);
        json_int(&writer, "replacement", result->replacement);
        json_bool(&writer, "is_replaced", result->is_replaced);
        json_int(&writer, "same_count", request->difference->counts[DIFFERENCE_SAME]);
        json_int(&writer, "changed_count", request->difference->counts[DIFFERENCE_CHANGED]);
        json_int(&writer, "gone_count", request->difference->counts[DIFFERENCE_GONE]);
        json_int(&writer, "added_count", request->difference->counts[DIFFERENCE_ADDED]);
    }
    json_int(&writer, "matched_count", run->matched_count);
    json_int(&writer, "open_count", run->open_count);
    json_end_object(&writer);
    enum status status = json_finish(&writer, err);
    if (status == STATUS_OK) {
        puts(buffer_text(&json));
    }
    buffer_finish(&json);
    return status;
}

/* The words of an error in a file begin with its place. */
static void
place_in_file(struct error_detail *err, const char *path)
{
    if (err->line > 0) {
        error_prefix(err, "%s:%u:%u: ", path, err->line, err->column);
    }
}

/* Match, unless no run is missing: a repeat may be of a file that was taken in just before the program ended. */
static enum status
match(struct store *store, const struct actor *actor, const struct clock_source *clock, struct work *work,
      const struct import_result *taken, struct run_row *run, struct error_detail *err)
{
    bool is_seen = false;
    enum status status = STATUS_OK;
    if (taken->is_repeat && !taken->is_replaced) {
        status = reconcile_has_seen(store, actor->municipality, taken->id, &is_seen, err);
    }
    if (status == STATUS_OK && !is_seen) {
        status = reconcile_watched(store, actor, clock, work, run, err);
    }
    if (status == STATUS_CANCELLED) {
        error_set(err, "cancelled",
                  "取込は済みました(取込%lld)。照合は中止しました: 同じ指示か、次の照合(reconcile)で続きを行います。",
                  (long long)taken->id);
    }
    return status;
}

static enum status
import_and_reconcile(struct store *store, struct import_request *request, const struct layouts *layouts,
                     const char *layout_name, const char *municipality, bool without_matching,
                     struct import_result *out, struct run_row *run, struct error_detail *err)
{
    struct clock_source clock = clock_system();
    struct actor actor;
    struct city_layout layout = {0};
    struct faults faults;
    enum status status = operator_of_city(store, municipality, &actor, err);
    if (status == STATUS_OK) {
        status = city_layout_load(&layout, store, actor.municipality, layouts, layout_name, err);
    }
    faults_init(&faults, status == STATUS_OK ? layout_text_encoding(layout.entry.layout) : TEXT_UTF_8);
    request->faults = &faults;
    if (status == STATUS_OK) {
        request->layout = &layout.entry;
        request->layout_version = layout.version;
        status = import_file(store, &actor, request, clock_now_ms(&clock), out, err);
        if (status == STATUS_CANCELLED) {
            error_set(err, "cancelled",
                      "取込を中止しました。このファイルは一行も入っていません。同じ指示でもう一度取り込みます。"
                      "行の多いファイルは、書き込んだところの続きから始めます。");
        } else if (status != STATUS_OK) {
            place_in_file(err, request->file_name);
        }
    }
    if (status == STATUS_OK && !request->is_dry_run && !without_matching) {
        status = match(store, &actor, &clock, request->work, out, run, err);
    }
    print_faults(&faults, request->file_name);
    faults_finish(&faults);
    city_layout_finish(&layout);
    request->faults = NULL;
    request->layout = NULL;
    return status;
}

/* The file where it lies: its pages come as they are read. */
static enum status
open_file(struct mapped_file *out, const char *path, struct error_detail *err)
{
    enum status status = mapped_file_open(out, path, err);
    if (status != STATUS_OK) {
        error_prefix(err, "%s: ", path);
    } else if (out->length > IMPORT_MAX_BYTES) {
        error_set(err, "file_too_large", "%s: larger than %d bytes", path, IMPORT_MAX_BYTES);
        return STATUS_OVERFLOW;
    }
    return status;
}

/* A positive number and nothing else. */
static bool
read_id(const char *text, int64_t *out)
{
    char *end;
    errno = 0;
    long long number = strtoll(text, &end, 10);
    *out = number;
    return errno == 0 && text[0] >= '1' && text[0] <= '9' && *end == '\0';
}

int
command_import(int argc, char **argv)
{
    enum {
        DATABASE,
        LAYOUT,
        FILE_PATH,
        LAYOUTS,
        DRY_RUN,
        SUPERSEDES,
        REASON,
        WITHOUT_MATCHING,
        MUNICIPALITY,
        PROGRESS,
        JSON,
        COUNT
    };
    struct option options[COUNT] = {
        [DATABASE] = {"--database", "FILE", "the service's database", .is_required = true},
        [LAYOUT] = {"--layout", "NAME", "the file's format, e.g. aggregator-daily or zengin-03", .is_required = true},
        [FILE_PATH] = {"--file", "FILE", "the statement or bank record", .is_required = true},
        [LAYOUTS] = {"--layouts", "FOLDER", "more layouts than those that are shipped"},
        [DRY_RUN] = {"--dry-run", NULL, "read and judge the file, store nothing"},
        [SUPERSEDES] = {"--supersedes", "ID",
                        "a corrected file: propose it in the place of import ID, and print what changes"},
        [REASON] = {"--reason", "TEXT", "why it takes that place"},
        [MUNICIPALITY] = {"--municipality", "CODE", "needed when masters of several, or of none, are loaded"},
        [WITHOUT_MATCHING] = {.name = "--without-matching", .help = "take in only; the next reconcile matches it"},
        [PROGRESS] = WATCHED_PROGRESS_OPTION,
        [JSON] = {"--json", NULL, "print JSON"},
    };
    int exit_code;
    if (!options_read_or_explain("import", options, COUNT, argc, argv, &exit_code)) {
        return exit_code;
    }
    struct error_detail err;
    struct store *store = NULL;
    struct layouts *layouts = NULL;
    struct difference difference;
    int64_t supersedes = 0;
    if (options[SUPERSEDES].value != NULL && !read_id(options[SUPERSEDES].value, &supersedes)) {
        fprintf(stderr, "madoguchi-settlement import: --supersedes is the number of an import\n");
        return EXIT_USAGE;
    }
    if (options[REASON].value != NULL && supersedes == 0) {
        fprintf(stderr, "madoguchi-settlement import: --reason is said with --supersedes\n");
        return EXIT_USAGE;
    }
    difference_init(&difference);
    struct mapped_file file = {NULL, 0};
    struct watched watched;
    struct import_request request = {.file_name = options[FILE_PATH].value,
                                     .is_mapped = true,
                                     .work = &watched.work,
                                     .is_dry_run = options[DRY_RUN].value != NULL,
                                     .supersedes = supersedes,
                                     .reason = options[REASON].value,
                                     .difference = &difference};
    struct import_result result;
    struct run_row run = {0};
    enum status status = layouts_load(&layouts, options[LAYOUTS].value, &err);
    if (status == STATUS_OK) {
        status = open_file(&file, request.file_name, &err);
    }
    if (status == STATUS_OK) {
        request.bytes = file.bytes != NULL ? file.bytes : "";
        request.length = file.length;
        status = existing_store_open(&store, options[DATABASE].value, &err);
    }
    if (status == STATUS_OK) {
        watched_begin(&watched, WORK_IMPORT, options[PROGRESS].value != NULL);
        status = import_and_reconcile(store, &request, layouts, options[LAYOUT].value, options[MUNICIPALITY].value,
                                      options[WITHOUT_MATCHING].value != NULL, &result, &run, &err);
        watched_end(&watched, status);
    }
    if (status == STATUS_OK) {
        status = print_result(&request, &result, &run, options[JSON].value != NULL, &err);
    }
    store_close(store);
    mapped_file_close(&file);
    layouts_destroy(layouts);
    difference_finish(&difference);
    return status == STATUS_OK ? EXIT_DONE : (int)exit_with(status, "import", &err);
}
