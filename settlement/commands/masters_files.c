/* `masters export` and `masters diff`: a published version as a file, and what a file would change, row by row. */
#include "common/clock/clock.h"
#include "settlement/commands/commands.h"
#include "settlement/commands/database.h"
#include "settlement/commands/exit_code.h"
#include "settlement/commands/operator.h"
#include "settlement/commands/options.h"
#include "settlement/masters/difference.h"
#include "settlement/masters/masters.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* VERSION (NULL: the current one) of the only municipality that has masters; its bytes are appended to OUT. */
static enum status
read_version(const char *database, const char *version, struct masters_version *out_version, struct buffer *out,
             struct error_detail *err)
{
    struct store *store = NULL;
    struct store_txn *txn = NULL;
    struct actor actor;
    enum status status = existing_store_open(&store, database, err);
    if (status == STATUS_OK) {
        status = operator_actor(store, NULL, &actor, err);
    }
    if (status == STATUS_OK) {
        status = store_begin_read(store, &txn, err);
    }
    if (status == STATUS_OK && version != NULL) {
        status = masters_find(txn, actor.municipality, strtoll(version, NULL, 10), out_version, out, err);
    } else if (status == STATUS_OK) {
        status = masters_current(txn, actor.municipality, out_version, out, err);
    }
    store_end(txn);
    store_close(store);
    return status;
}

int
command_masters_export(int argc, char **argv)
{
    enum { DATABASE, FILE_NAME, VERSION, COUNT };
    struct option options[COUNT] = {
        [DATABASE] = {"--database", "DB", "the service's database", .is_required = true},
        [FILE_NAME] = {"--file", "FILE", "the document goes here, with the hashes of PINs (mode 0600)",
                       .is_required = true},
        [VERSION] = {"--version", "N", "a version of the history; left out: the current one"},
    };
    int exit_code;
    if (!options_read_or_explain("masters export", options, COUNT, argc, argv, &exit_code)) {
        return exit_code;
    }
    struct error_detail err;
    struct masters_version version;
    struct buffer text;
    buffer_init(&text, JSON_TEXT_MAX_BYTES);
    enum status status = read_version(options[DATABASE].value, options[VERSION].value, &version, &text, &err);
    if (status == STATUS_OK) {
        status = file_write_durably(options[FILE_NAME].value, buffer_text(&text), text.length, 0600, &err);
    }
    if (status == STATUS_OK) {
        printf("%s version %lld\n%s\n", version.municipality, (long long)version.version, version.sha256);
    }
    buffer_finish(&text);
    return status == STATUS_OK ? EXIT_DONE : (int)exit_with(status, "masters export", &err);
}

/* "変更 品目 juminhyo 住民票の写し: 単価を…" */
static enum status
print_difference(const struct table *table, const struct overlay_row *row, const struct predecessors *predecessors,
                 const struct json_value *document, struct error_detail *err)
{
    static const char *const words[] = {
        [OVERLAY_SAME] = "同じ", [OVERLAY_ADDED] = "追加", [OVERLAY_CHANGED] = "変更", [OVERLAY_REMOVED] = "消す"};
    struct buffer text;
    struct json_writer writer;
    struct json_value *difference = NULL;
    const char *code = "";
    const char *name = "";
    const char *sentence = "";
    buffer_init(&text, JSON_TEXT_MAX_BYTES);
    json_writer_init(&writer, &text);
    json_begin_object(&writer, NULL);
    difference_write(&writer, table, row, row->state == OVERLAY_ADDED ? predecessor_of(predecessors, row) : NULL,
                     document);
    json_end_object(&writer);
    enum status status = json_finish(&writer, err);
    if (status == STATUS_OK) {
        status = json_parse(&difference, buffer_text(&text), text.length, err);
    }
    if (status == STATUS_OK) {
        code = json_as_text(json_member(row->value, table_code_key(table)), &code) ? code : "";
        name = json_as_text(json_member(row->value, "name"), &name) ? name : "";
        sentence = json_as_text(json_member(difference, "sentence"), &sentence) ? sentence : "";
        printf("%s %s %s %s: %s\n", words[row->state], table->title, code, name, sentence);
    }
    json_free(difference);
    buffer_finish(&text);
    return status;
}

static enum status
print_table(const struct table *table, const struct overlay *older, const struct overlay *newer, size_t *count_changes,
            struct error_detail *err)
{
    struct overlay_row *rows = NULL;
    size_t count = 0;
    struct predecessors predecessors = {0};
    enum status status = masters_compare(table, older, newer, &rows, &count, err);
    if (status == STATUS_OK) {
        status = predecessors_find(&predecessors, table, rows, count, err);
    }
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        if (rows[i].state != OVERLAY_SAME) {
            status = print_difference(table, &rows[i], &predecessors, newer->book->document, err);
            (*count_changes)++;
        }
    }
    predecessors_finish(&predecessors);
    free(rows);
    return status;
}

static enum status
print_diff(const struct json_value *published, const struct json_value *document, size_t *count_changes,
           struct error_detail *err)
{
    struct masters_book old_book = {.document = published};
    struct masters_book new_book = {.document = document};
    struct overlay older = {0};
    struct overlay newer = {0};
    enum status status = overlay_read(&older, &old_book, NULL, 0, NULL, err);
    if (status == STATUS_OK) {
        status = overlay_read(&newer, &new_book, NULL, 0, NULL, err);
    }
    for (size_t i = 0; i < masters_kind_count() && status == STATUS_OK; i++) {
        status = print_table(masters_kind_at(i), &older, &newer, count_changes, err);
    }
    overlay_finish(&older);
    overlay_finish(&newer);
    return status;
}

int
command_masters_diff(int argc, char **argv)
{
    enum { DATABASE, FILE_NAME, VERSION, COUNT };
    struct option options[COUNT] = {
        [DATABASE] = {"--database", "DB", "the service's database", .is_required = true},
        [FILE_NAME] = {"--file", "FILE", "the document to compare with what is published", .is_required = true},
        [VERSION] = {"--version", "N", "compare with this version; left out: the current one"},
    };
    int exit_code;
    if (!options_read_or_explain("masters diff", options, COUNT, argc, argv, &exit_code)) {
        return exit_code;
    }
    struct error_detail err;
    struct masters_version version;
    struct buffer published_text;
    struct buffer text;
    struct json_value *published = NULL;
    struct json_value *document = NULL;
    struct remarks remarks;
    size_t changes = 0;
    remarks_init(&remarks);
    buffer_init(&published_text, JSON_TEXT_MAX_BYTES);
    buffer_init(&text, JSON_TEXT_MAX_BYTES);
    enum status status = read_version(options[DATABASE].value, options[VERSION].value, &version, &published_text, &err);
    if (status == STATUS_OK) {
        status = json_parse(&published, buffer_text(&published_text), published_text.length, &err);
    }
    if (status == STATUS_OK) {
        status = buffer_read_file(&text, options[FILE_NAME].value, &err);
    }
    if (status == STATUS_OK) {
        status = masters_examine(&document, buffer_text(&text), text.length, &remarks, &err);
    }
    if (status == STATUS_OK) {
        status = remarks_status(&remarks, &err); /* what is wrong cannot be told in words: masters check says it */
    }
    if (status == STATUS_OK) {
        status = print_diff(published, document, &changes, &err);
    }
    json_free(document);
    json_free(published);
    remarks_finish(&remarks);
    buffer_finish(&text);
    buffer_finish(&published_text);
    if (status != STATUS_OK) {
        return (int)exit_with(status, options[FILE_NAME].value, &err);
    }
    printf("第%lld版との違い: %zu件\n", (long long)version.version, changes);
    return changes == 0 ? EXIT_DONE : EXIT_DIFFERENCES;
}
