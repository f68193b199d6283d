/* Collect, write the file, keep it; then one line of the journal for each refund that was paid. */
#include "settlement/desk/transfer_desk.h"

#include "common/bytes/encoding.h"
#include "common/signing/signing.h"
#include "settlement/arena/growing.h"
#include "settlement/catalogue/catalogue.h"
#include "settlement/desk/bank_transfer_file.h"
#include "settlement/desk/desk_parts.h"
#include "settlement/statements/kana.h"
#include "settlement/store/access_log_store.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    NAME_ROOM_BYTES = 1024,
    HOLDER_LENGTH_MAX = 30,
    AFTER_SIZE = 256,
    FILE_MAX_BYTES = (TRANSFER_RECORD_BYTES + 2) * (TRANSFER_ITEMS_MAX + 3)
};

static enum status
refuse(enum status status, const char *code, const char *sentence, struct error_detail *err)
{
    error_set(err, code, "%s", sentence);
    return status;
}

enum status
transfer_name_make(char *out, size_t size, const char *name, struct error_detail *err)
{
    struct buffer form;
    size_t length = 0;
    buffer_init(&form, NAME_ROOM_BYTES);
    enum status status = bank_kana_from_utf8(&form, (struct text_view){name, strlen(name)}, err);
    const char *text = status == STATUS_OK ? buffer_text(&form) : "";
    const char *fault = bank_kana_fault(text, &length);
    if (status == STATUS_OK && fault != NULL) {
        error_set(err, "wrong_name", "口座名義に、銀行で使えない文字「%.*s」があります。カナで入れてください。",
                  (int)length, fault);
        status = STATUS_INVALID;
    } else if (status == STATUS_OK && (length == 0 || length > HOLDER_LENGTH_MAX || form.length >= size)) {
        error_set(err, "wrong_name", "口座名義は、1文字から%d文字まで(濁点も1文字)のカナで入れてください。",
                  HOLDER_LENGTH_MAX);
        status = STATUS_INVALID;
    }
    if (status == STATUS_OK) {
        snprintf(out, size, "%s", text);
    }
    buffer_finish(&form);
    return status;
}

/* ---- making ---- */

/* A refund with texts of its own. */
struct payable {
    char refund[IDENTITY_TEXT_SIZE];
    int64_t amount_yen;
    struct refund_payee payee;
};

struct making {
    const char *pay_on;
    const char *account;
    struct growing payables; /* of struct payable */
    int64_t sum_yen;
    int64_t id;
};

static enum status
collect(const struct payable_refund *row, void *context, struct error_detail *err)
{
    struct making *making = context;
    struct payable *payable = growing_add(&making->payables);
    if (payable == NULL) {
        error_set(err, "too_many_transfers", "振込を待つ還付が%d件を超えています。", TRANSFER_ITEMS_MAX);
        return STATUS_OVERFLOW;
    }
    *payable = (struct payable){.amount_yen = row->amount_yen, .payee = row->payee};
    snprintf(payable->refund, sizeof payable->refund, "%s", row->refund);
    making->sum_yen += row->amount_yen;
    return STATUS_OK;
}

static const char *
member(const struct json_value *row, const char *key)
{
    const char *text = "";
    return json_as_text(json_member(row, key), &text) ? text : "";
}

/* The account of the masters that pays. */
static enum status
find_origin(const struct catalogue *catalogue, const char *account, struct transfer_origin *out,
            struct error_detail *err)
{
    const struct json_value *rows = catalogue_table(catalogue, "transfer_accounts");
    const struct json_value *row = json_first(rows);
    while (account != NULL && row != NULL && strcmp(member(row, "code"), account) != 0) {
        row = json_next(row);
    }
    if (row == NULL || (account == NULL && json_count(rows) > 1)) {
        return refuse(STATUS_REFUSED, "no_account",
                      row == NULL ? "マスタに「振込元の口座」がありません。登録してから、振込データをつくってください。"
                                  : "「振込元の口座」が複数あります。どの口座から振り込むかを選んでください。",
                      err);
    }
    *out = (struct transfer_origin){.consignor_code = member(row, "consignor_code"),
                                    .consignor_name = member(row, "consignor_kana"),
                                    .bank = member(row, "bank"),
                                    .bank_name = member(row, "bank_kana"),
                                    .branch = member(row, "branch"),
                                    .branch_name = member(row, "branch_kana"),
                                    .account_kind = member(row, "account_kind"),
                                    .account_number = member(row, "account_number")};
    return STATUS_OK;
}

static enum status
write_file(struct buffer *out, const struct making *making, const struct transfer_origin *origin,
           struct error_detail *err)
{
    size_t count = making->payables.count;
    const struct payable *payables = making->payables.elements;
    struct transfer_line *lines = calloc(count, sizeof *lines);
    char pay_on[8];
    if (lines == NULL) {
        return refuse(STATUS_NO_MEMORY, "no_memory", "out of memory", err);
    }
    for (size_t i = 0; i < count; i++) {
        const struct refund_payee *payee = &payables[i].payee;
        lines[i] = (struct transfer_line){.bank = payee->bank,
                                          .bank_name = "",
                                          .branch = payee->branch,
                                          .branch_name = "",
                                          .clearing_house = "",
                                          .account_kind = payee->account_kind,
                                          .account_number = payee->account_number,
                                          .holder = payee->holder_kana,
                                          .amount_yen = payables[i].amount_yen,
                                          .new_code = '0',
                                          .customer_1 = "",
                                          .customer_2 = "",
                                          .telegraph = '7',
                                          .mark = ""};
    }
    snprintf(pay_on, sizeof pay_on, "%.2s%.2s", making->pay_on + 5, making->pay_on + 8);
    enum status status = bank_transfer_file_write(out, origin, pay_on, lines, count, "\r\n", err);
    free(lines);
    return status;
}

static enum status
record(struct store_txn *txn, const struct desk *desk, const char *what, int64_t id, const char *after,
       const char *reason, struct error_detail *err)
{
    char object[48];
    snprintf(object, sizeof object, "refund_transfer:%" PRId64, id);
    return access_log_append(txn, desk->actor, desk->now_ms,
                             &(struct access_entry){.what = what, .object = object, .after = after, .reason = reason},
                             err);
}

/* Keep FILE and its items. */
static enum status
keep(struct store_txn *txn, const struct desk *desk, struct making *making, const struct buffer *file,
     struct error_detail *err)
{
    char sha256[SHA256_TEXT_SIZE], name[64], after[AFTER_SIZE];
    const struct payable *payables = making->payables.elements;
    sha256_text(sha256, buffer_text(file), file->length);
    snprintf(name, sizeof name, "sougou-furikomi-%s.txt", making->pay_on);
    const struct transfer_row row = {.pay_on = making->pay_on,
                                     .item_count = (int64_t)making->payables.count,
                                     .amount_yen = making->sum_yen,
                                     .file_name = name,
                                     .sha256 = sha256,
                                     .made_by = desk->actor->login,
                                     .made_at_ms = desk->now_ms};
    enum status status =
        transfer_add(txn, desk->actor->municipality, &row, buffer_text(file), file->length, &making->id, err);
    for (size_t i = 0; status == STATUS_OK && i < making->payables.count; i++) {
        const struct transfer_item item = {
            .number = (int64_t)i + 1, .refund = payables[i].refund, .amount_yen = payables[i].amount_yen};
        status = transfer_item_add(txn, desk->actor->municipality, making->id, &item, err);
    }
    snprintf(after, sizeof after, "%zu件 %" PRId64 "円 %s SHA-256 %s", making->payables.count, making->sum_yen,
             making->pay_on, sha256);
    return status == STATUS_OK ? record(txn, desk, "refund_transfer_make", making->id, after, "", err) : status;
}

static enum status
do_make(struct store_txn *txn, const struct desk *desk, void *context, struct error_detail *err)
{
    struct making *making = context;
    struct catalogue *catalogue = NULL;
    struct transfer_origin origin;
    struct buffer file;
    buffer_init(&file, FILE_MAX_BYTES);
    growing_finish(&making->payables);
    growing_init(&making->payables, sizeof(struct payable), TRANSFER_ITEMS_MAX, 0);
    making->sum_yen = 0;
    enum status status = payable_refund_each(txn, desk->actor->municipality, collect, making, err);
    if (status == STATUS_OK && making->payables.count == 0) {
        status = refuse(STATUS_REFUSED, "nothing_to_pay",
                        "振り込める還付がありません。口座振込の還付を承認し、振込先を入れてください。", err);
    }
    if (status == STATUS_OK) {
        status = catalogue_load(&catalogue, txn, desk->actor->municipality, err);
    }
    if (status == STATUS_OK) {
        status = find_origin(catalogue, making->account, &origin, err);
    }
    if (status == STATUS_OK) {
        status = write_file(&file, making, &origin, err);
    }
    if (status == STATUS_OK) {
        status = keep(txn, desk, making, &file, err);
    }
    catalogue_destroy(catalogue);
    buffer_finish(&file);
    return status;
}

enum status
transfer_make(const struct desk *desk, const char *pay_on, const char *account, int64_t *out_id,
              struct error_detail *err)
{
    struct civil_date day;
    char today[CIVIL_DATE_TEXT_SIZE];
    civil_date_format(today, civil_date_at(desk->now_ms));
    if (civil_date_parse(&day, pay_on, strlen(pay_on)) != STATUS_OK || strcmp(pay_on, today) < 0) {
        return refuse(STATUS_INVALID, "invalid_request", "振込指定日は、今日からあとの日を入れてください。", err);
    }
    struct making making = {.pay_on = pay_on, .account = account};
    growing_init(&making.payables, sizeof(struct payable), TRANSFER_ITEMS_MAX, 0);
    enum status status = desk_do(desk, do_make, &making, err);
    growing_finish(&making.payables);
    *out_id = making.id;
    return status;
}

/* ---- deciding ---- */

struct standing_item {
    char refund[IDENTITY_TEXT_SIZE];
    char sale[IDENTITY_TEXT_SIZE];
    char approved_by[LOGIN_SIZE];
    int64_t amount_yen;
};

struct deciding {
    int64_t id;
    const char *const *failed;
    size_t failed_count;
    const char *reason;
    bool is_found;
    bool is_made;
    bool is_own;
    char pay_on[CIVIL_DATE_TEXT_SIZE];
    const char *login;
    struct growing items; /* of struct standing_item */
};

static enum status
see_transfer(const struct transfer_row *row, void *context)
{
    struct deciding *deciding = context;
    deciding->is_found = true;
    deciding->is_made = strcmp(row->state, "made") == 0;
    deciding->is_own = strcmp(row->made_by, deciding->login) == 0;
    snprintf(deciding->pay_on, sizeof deciding->pay_on, "%s", row->pay_on);
    return STATUS_OK;
}

static enum status
see_item(const struct transfer_item *item, void *context)
{
    struct deciding *deciding = context;
    struct standing_item *place = growing_add(&deciding->items);
    if (place == NULL) {
        return STATUS_NO_MEMORY;
    }
    *place = (struct standing_item){.amount_yen = item->amount_yen};
    snprintf(place->refund, sizeof place->refund, "%s", item->refund);
    snprintf(place->sale, sizeof place->sale, "%s", item->sale);
    snprintf(place->approved_by, sizeof place->approved_by, "%s", item->approved_by);
    return STATUS_OK;
}

static enum status
find_transfer(struct store_txn *txn, const struct desk *desk, struct deciding *deciding, struct error_detail *err)
{
    deciding->login = desk->actor->login;
    deciding->is_found = false;
    growing_finish(&deciding->items);
    growing_init(&deciding->items, sizeof(struct standing_item), TRANSFER_ITEMS_MAX, 0);
    enum status status = transfer_each(txn, desk->actor->municipality, deciding->id, 0, 1, see_transfer, deciding, err);
    if (status == STATUS_OK && !deciding->is_found) {
        return refuse(STATUS_NOT_FOUND, "not_found", "この振込データはありません。", err);
    }
    if (status == STATUS_OK && !deciding->is_made) {
        return refuse(STATUS_CONFLICT, "wrong_state", "この振込データは、もう終わっています。開き直してください。",
                      err);
    }
    return status == STATUS_OK
               ? transfer_item_each(txn, desk->actor->municipality, deciding->id, see_item, deciding, err)
               : status;
}

static bool
has_failed(const struct deciding *deciding, const char *refund)
{
    for (size_t i = 0; i < deciding->failed_count; i++) {
        if (strcmp(deciding->failed[i], refund) == 0) {
            return true;
        }
    }
    return false;
}

static enum status
check_done(const struct deciding *deciding, const char *today, size_t failed_found, struct error_detail *err)
{
    if (deciding->is_own) {
        return refuse(STATUS_REFUSED, "same_person",
                      "振込データをつくった本人は、振込済みにできません。別の承認者が確かめます。", err);
    }
    if (strcmp(deciding->pay_on, today) > 0) {
        return refuse(STATUS_INVALID, "too_early", "振込指定日の前です。銀行が振り込んでから確かめてください。", err);
    }
    if (failed_found != deciding->failed_count) {
        return refuse(STATUS_INVALID, "invalid_request", "この振込データにない還付が、振込不能に選ばれています。", err);
    }
    return STATUS_OK;
}

/* One item: paid in the desk's journal, or free again. The journal takes one line at a time, the ledger reads them
 * after the commit. */
static enum status
end_item(struct store_txn *txn, const struct desk *desk, const struct deciding *deciding,
         const struct standing_item *item, struct civil_date pay_on, struct error_detail *err)
{
    bool is_failed = has_failed(deciding, item->refund);
    char note[64];
    enum status status = transfer_item_set(txn, deciding->id, item->refund, is_failed ? "failed" : "paid", err);
    snprintf(note, sizeof note, "振込データ%" PRId64, deciding->id);
    return status == STATUS_OK && !is_failed ? desk_write_paid(txn, desk, item->refund, item->sale, item->amount_yen,
                                                               "bank_transfer", item->approved_by, pay_on, note, err)
                                             : status;
}

static enum status
do_done(struct store_txn *txn, const struct desk *desk, void *context, struct error_detail *err)
{
    struct deciding *deciding = context;
    struct civil_date pay_on;
    char today[CIVIL_DATE_TEXT_SIZE], after[AFTER_SIZE];
    size_t failed_found = 0;
    int64_t paid_yen = 0;
    enum status status = find_transfer(txn, desk, deciding, err);
    const struct standing_item *items = deciding->items.elements;
    for (size_t i = 0; status == STATUS_OK && i < deciding->items.count; i++) {
        bool is_failed = has_failed(deciding, items[i].refund);
        failed_found += is_failed ? 1 : 0;
        paid_yen += is_failed ? 0 : items[i].amount_yen;
    }
    if (status == STATUS_OK) {
        status = check_done(deciding, civil_date_format(today, civil_date_at(desk->now_ms)), failed_found, err);
    }
    if (status == STATUS_OK) {
        status = civil_date_parse(&pay_on, deciding->pay_on, strlen(deciding->pay_on));
    }
    if (status == STATUS_OK) {
        status = transfer_decide(txn, desk->actor->municipality, deciding->id, "done", desk->actor->login, desk->now_ms,
                                 "", err);
    }
    for (size_t i = 0; status == STATUS_OK && i < deciding->items.count; i++) {
        status = end_item(txn, desk, deciding, &items[i], pay_on, err);
    }
    snprintf(after, sizeof after, "振込済み%" PRId64 "円 振込不能%zu件", paid_yen, failed_found);
    return status == STATUS_OK ? record(txn, desk, "refund_transfer_done", deciding->id, after, "", err) : status;
}

enum status
transfer_done(const struct desk *desk, int64_t id, const char *const *failed, size_t failed_count,
              struct error_detail *err)
{
    struct deciding deciding = {.id = id, .failed = failed, .failed_count = failed_count};
    growing_init(&deciding.items, sizeof(struct standing_item), TRANSFER_ITEMS_MAX, 0);
    enum status status = desk_do(desk, do_done, &deciding, err);
    growing_finish(&deciding.items);
    return status;
}

static enum status
do_discard(struct store_txn *txn, const struct desk *desk, void *context, struct error_detail *err)
{
    struct deciding *deciding = context;
    enum status status = find_transfer(txn, desk, deciding, err);
    const struct standing_item *items = deciding->items.elements;
    for (size_t i = 0; status == STATUS_OK && i < deciding->items.count; i++) {
        status = transfer_item_set(txn, deciding->id, items[i].refund, "failed", err);
    }
    if (status == STATUS_OK) {
        status = transfer_decide(txn, desk->actor->municipality, deciding->id, "discarded", desk->actor->login,
                                 desk->now_ms, deciding->reason, err);
    }
    return status == STATUS_OK ? record(txn, desk, "refund_transfer_discard", deciding->id, "", deciding->reason, err)
                               : status;
}

enum status
transfer_discard(const struct desk *desk, int64_t id, const char *reason, struct error_detail *err)
{
    if (reason == NULL || reason[0] == '\0' || strlen(reason) > TRANSFER_REASON_MAX_BYTES) {
        return refuse(STATUS_INVALID, "invalid_request", "振込データを取りやめる理由を240文字以内で書いてください。",
                      err);
    }
    struct deciding deciding = {.id = id, .reason = reason};
    growing_init(&deciding.items, sizeof(struct standing_item), TRANSFER_ITEMS_MAX, 0);
    enum status status = desk_do(desk, do_discard, &deciding, err);
    growing_finish(&deciding.items);
    return status;
}
