/* `decide`: what waits for a second person, and that person's word. Who it is is proved by the password, as in the
 * browser: the account that types may be shared, and must not stand for two people. */
#include "common/clock/clock.h"
#include "settlement/access/right.h"
#include "settlement/commands/commands.h"
#include "settlement/commands/database.h"
#include "settlement/commands/exit_code.h"
#include "settlement/commands/operator.h"
#include "settlement/commands/options.h"
#include "settlement/commands/password_file.h"
#include "settlement/commands/watched.h"
#include "settlement/imports/layout_deeds.h"
#include "settlement/imports/replacement.h"
#include "settlement/store/layout_use_store.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { WAITING_SHOWN_MAX = 1000 /* a city has a handful; bounds the list */ };

static enum status
print_replacement(const struct replacement_row *row, void *context)
{
    int64_t *count = context;
    if (row->state[0] == 'p') { /* "proposed" */
        (*count)++;
        printf("--replacement %lld: 取込%lld → 取込%lld 変更%lld 削除%lld 追加%lld 提案 %s「%s」\n", (long long)row->id,
               (long long)row->earlier, (long long)row->later, (long long)row->changed_count,
               (long long)row->gone_count, (long long)row->added_count, row->proposed_by, row->reason);
    }
    return STATUS_OK;
}

static enum status
print_layout_use(const struct layout_use_row *row, void *context)
{
    int64_t *count = context;
    (*count)++;
    printf("--layout-use %lld: 書式 %s ", (long long)row->id, row->name);
    if (row->version > 0) {
        printf("第%lld版", (long long)row->version);
    } else {
        printf("市の版を使わない");
    }
    printf(" 試したファイル %s 提案 %s「%s」\n", row->file_name, row->proposed_by, row->reason);
    return STATUS_OK;
}

static enum status
print_waiting(struct store *store, const char *municipality, int64_t *out_count, struct error_detail *err)
{
    struct store_txn *txn = NULL;
    struct actor actor;
    enum status status = operator_of_city(store, municipality, &actor, err);
    if (status == STATUS_OK) {
        status = store_begin_read_for(store, actor.municipality, &txn, err);
    }
    if (status == STATUS_OK) {
        status = replacement_each(txn, actor.municipality, 0, 0, WAITING_SHOWN_MAX, print_replacement, out_count, err);
    }
    if (status == STATUS_OK) {
        status = layout_use_each(txn, actor.municipality, 0, NULL, "proposed", WAITING_SHOWN_MAX, print_layout_use,
                                 out_count, err);
    }
    store_end(txn);
    if (status == STATUS_OK && *out_count == 0) {
        puts("二人目の確認を待つものはありません。");
    }
    return status;
}

/* What is decided, how, and why. */
struct word {
    int64_t replacement; /* one of the two is not 0 */
    int64_t layout_use;
    bool is_agreed;
    const char *reason;
    bool must_show; /* progress, also where nobody looks */
};

static enum status
carry_out(struct store *store, const struct actor *actor, const struct word *word, const struct clock_source *clock,
          struct error_detail *err)
{
    struct run_row run = {0};
    int64_t now_ms = clock_now_ms(clock);
    if (!role_has_right(actor->role, word->is_agreed ? RIGHT_CONFIRM : RIGHT_IMPORT)) {
        error_set(err, "no_right", "%s（%s）には、これを決める権限がありません。", actor->name, role_name(actor->role));
        return STATUS_UNAUTHORIZED;
    }
    if (word->replacement != 0 && word->is_agreed) {
        struct watched watched;
        watched_begin(&watched, WORK_REPLACEMENT, word->must_show);
        enum status status =
            replacement_confirm(store, actor, word->replacement, word->reason, clock, &watched.work, &run, err);
        watched_end(&watched, status);
        return status;
    }
    if (word->replacement != 0) {
        return replacement_refuse(store, actor, word->replacement, word->reason, now_ms, err);
    }
    return word->is_agreed ? layout_use_confirm(store, actor, word->layout_use, word->reason, now_ms, err)
                           : layout_use_refuse(store, actor, word->layout_use, word->reason, now_ms, err);
}

static enum status
decide_as(struct store *store, const char *login, const char *password_file, const struct word *word,
          struct error_detail *err)
{
    struct clock_source clock = clock_system();
    struct session session;
    char password[PASSWORD_MAX_BYTES + 1] = "";
    int64_t wait_seconds = 0;
    enum status status = password_file_read(password_file, password, err);
    if (status == STATUS_OK) {
        status = sign_in(store, login, password, operator_name(), clock_now_ms(&clock), &session, &wait_seconds, err);
    }
    secret_wipe(password, sizeof password);
    if (status != STATUS_OK) {
        return status;
    }
    status = carry_out(store, &session.actor, word, &clock, err);
    struct error_detail ignored;
    enum status ended = session_finish(store, &session, clock_now_ms(&clock), status == STATUS_OK ? err : &ignored);
    secret_wipe(&session, sizeof session);
    if (status == STATUS_OK) {
        puts(word->is_agreed ? "確認しました。" : "差し戻しました。");
    }
    return status == STATUS_OK ? ended : status;
}

/* A positive number and nothing else; 0 when TEXT is NULL. */
static bool
read_id(const char *text, int64_t *out)
{
    char *end;
    *out = 0;
    if (text == NULL) {
        return true;
    }
    errno = 0;
    *out = strtoll(text, &end, 10);
    return errno == 0 && text[0] >= '1' && text[0] <= '9' && *end == '\0';
}

int
command_decide(int argc, char **argv)
{
    enum { DATABASE, REPLACEMENT, LAYOUT_USE, AGREE, REFUSE, REASON, AS, PASSWORD_FILE, MUNICIPALITY, PROGRESS, COUNT };
    struct option options[COUNT] = {
        [DATABASE] = {"--database", "FILE", "the service's database; alone: list what waits", .is_required = true},
        [REPLACEMENT] = {"--replacement", "ID", "a corrected file in the place of an earlier one"},
        [LAYOUT_USE] = {"--layout-use", "ID", "a version of the city's own file format"},
        [AGREE] = {"--agree", NULL, "carry it out; an approver other than the one who proposed it"},
        [REFUSE] = {"--refuse", NULL, "nothing changes; the one who proposed it may, too"},
        [REASON] = {"--reason", "TEXT", "what was checked, or why it is refused"},
        [AS] = {"--as", "LOGIN", "who decides"},
        [PASSWORD_FILE] = {"--password-file", "FILE", "its first line is that person's password"},
        [MUNICIPALITY] = {"--municipality", "CODE", "for the list: needed when masters of several are loaded"},
        [PROGRESS] = WATCHED_PROGRESS_OPTION,
    };
    int exit_code;
    if (!options_read_or_explain("decide", options, COUNT, argc, argv, &exit_code)) {
        return exit_code;
    }
    struct error_detail err;
    struct store *store = NULL;
    struct word word = {.is_agreed = options[AGREE].value != NULL,
                        .reason = options[REASON].value,
                        .must_show = options[PROGRESS].value != NULL};
    int64_t count = 0;
    bool is_list = true;
    for (int i = REPLACEMENT; i <= PASSWORD_FILE; i++) {
        is_list = is_list && options[i].value == NULL;
    }
    bool is_whole = (options[REPLACEMENT].value == NULL) != (options[LAYOUT_USE].value == NULL) &&
                    (options[AGREE].value == NULL) != (options[REFUSE].value == NULL) && options[AS].value != NULL &&
                    options[PASSWORD_FILE].value != NULL && options[REASON].value != NULL &&
                    options[REASON].value[0] != '\0' && options[MUNICIPALITY].value == NULL;
    if (!read_id(options[REPLACEMENT].value, &word.replacement) ||
        !read_id(options[LAYOUT_USE].value, &word.layout_use)) {
        fprintf(stderr, "madoguchi-settlement decide: an ID is a number, as the list shows it\n");
        return EXIT_USAGE;
    }
    if (!is_list && !is_whole) {
        fprintf(stderr, "madoguchi-settlement decide: needs --replacement ID or --layout-use ID, --agree or --refuse, "
                        "--reason TEXT, --as LOGIN and --password-file FILE; or --database alone for the list\n");
        return EXIT_USAGE;
    }
    enum status status = existing_store_open(&store, options[DATABASE].value, &err);
    if (status == STATUS_OK && is_list) {
        status = print_waiting(store, options[MUNICIPALITY].value, &count, &err);
    } else if (status == STATUS_OK) {
        status = decide_as(store, options[AS].value, options[PASSWORD_FILE].value, &word, &err);
    }
    store_close(store);
    if (status != STATUS_OK) {
        return (int)exit_with(status, "decide", &err);
    }
    return is_list && count > 0 ? EXIT_DIFFERENCES : EXIT_DONE;
}
