/* Check, write the line, record, commit; then let the ledger read it before the answer. */
#include "settlement/desk/refund_desk.h"

#include "settlement/catalogue/catalogue.h"
#include "settlement/desk/desk_journal.h"
#include "settlement/desk/desk_parts.h"
#include "settlement/desk/refund_policy.h"
#include "settlement/store/access_log_store.h"
#include "settlement/store/desk_refund_store.h"
#include "settlement/store/sale_store.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { BODY_MAX_BYTES = 32 * 1024, AFTER_SIZE = 256 };

/* What is asked for, line by line, and what the masters say of it. */
struct weighing {
    const struct refund_wish *wish;
    const struct catalogue *catalogue;
    struct civil_date sold_on; /* whose policies hold */
    struct refund_ask asked[REFUND_PARTS_MAX];
    size_t count;
    int64_t total_yen;
    bool is_forbidden;
    bool lacks_means;
    bool is_too_much;
    bool has_too_many;
    char item[NAME_OF_ITEM_SIZE]; /* the first that may not go back */
    char policy[NAME_OF_ITEM_SIZE];
};

static int64_t
asked_of(const struct refund_wish *wish, const struct refundable_line *line)
{
    if (wish->part_count == 0) {
        return line->left_yen;
    }
    for (size_t i = 0; i < wish->part_count; i++) {
        if (wish->parts[i].line == line->number) {
            return wish->parts[i].amount_yen == 0 ? line->left_yen : wish->parts[i].amount_yen;
        }
    }
    return 0;
}

static enum status
weigh_line(const struct refundable_line *line, void *context)
{
    struct weighing *weighing = context;
    const struct refund_wish *wish = weighing->wish;
    int64_t yen = asked_of(wish, line);
    if (yen <= 0) {
        return STATUS_OK;
    }
    struct refund_policy policy = refund_policy_of(weighing->catalogue, line->item, line->place, weighing->sold_on);
    bool may_means = strcmp(wish->means, "gateway") == 0 ? policy.may_gateway : policy.may_bank_transfer;
    if (!wish->is_by_mistake && (!policy.is_allowed || !may_means) && weighing->item[0] == '\0') {
        snprintf(weighing->item, sizeof weighing->item, "%s", line->name);
        snprintf(weighing->policy, sizeof weighing->policy, "%s", policy.name);
        weighing->is_forbidden = !policy.is_allowed;
        weighing->lacks_means = policy.is_allowed;
    }
    weighing->is_too_much = weighing->is_too_much || yen > line->left_yen;
    weighing->has_too_many = weighing->count == REFUND_PARTS_MAX;
    if (!weighing->has_too_many) {
        weighing->asked[weighing->count++] = (struct refund_ask){line->number, yen};
        weighing->total_yen += yen;
    }
    return STATUS_OK;
}

static enum status
refuse(enum status status, const char *code, const char *sentence, struct error_detail *err)
{
    error_set(err, code, "%s", sentence);
    return status;
}

static enum status
check_sale(const struct sale_facts *sale, const struct refund_wish *wish, const char *today, struct error_detail *err)
{
    if (sale->sequence == 0) {
        return refuse(STATUS_NOT_FOUND, "not_found", "この売上はありません。", err);
    }
    if (sale->voided_by != 0) {
        return refuse(STATUS_REFUSED, "voided", "この売上は取り消されています。還付するお金はありません。", err);
    }
    if (strcmp(sale->business_date, today) >= 0 && wish->takes_over == NULL) {
        return refuse(STATUS_REFUSED, "same_day", "今日の売上は、端末で取り消してください。", err);
    }
    if (strcmp(wish->means, "gateway") == 0 &&
        (strcmp(sale->method, "cash") == 0 || strcmp(sale->method, "none") == 0)) {
        return refuse(STATUS_INVALID, "wrong_means",
                      "現金の売上は、決済会社からは返せません。口座振込を選んでください。", err);
    }
    return STATUS_OK;
}

static enum status
judge(const struct weighing *weighing, int64_t left_yen, struct error_detail *err)
{
    if (weighing->is_forbidden || weighing->lacks_means) {
        error_set(err, "policy_forbids",
                  weighing->is_forbidden
                      ? "「%s」は、取扱方針「%s」により還付できません。取りすぎたお金なら「過誤納」を選んでください。"
                      : "「%s」は、取扱方針「%s」により、この方法では還付できません。別の方法を選んでください。",
                  weighing->item, weighing->policy[0] != '\0' ? weighing->policy : "標準");
        return STATUS_REFUSED;
    }
    if (weighing->has_too_many) {
        error_set(err, "too_many_lines", "一度に還付できる明細は%d行までです。分けて起こしてください。",
                  REFUND_PARTS_MAX);
        return STATUS_INVALID;
    }
    if (weighing->count == 0) {
        return refuse(STATUS_REFUSED, "nothing_left", "還付できる額が残っていません。", err);
    }
    if (weighing->is_too_much || weighing->total_yen > left_yen) {
        error_set(err, "too_much", "還付する%" PRId64 "円が、売上の残り%" PRId64 "円か明細の残りを超えています。",
                  weighing->total_yen, left_yen);
        return STATUS_REFUSED;
    }
    return STATUS_OK;
}

static enum status
write_request(struct store_txn *txn, const struct desk *desk, const struct weighing *weighing, const char *refund,
              const struct sale_facts *sale, struct error_detail *err)
{
    const struct refund_wish *wish = weighing->wish;
    struct desk_body body;
    desk_body_begin(&body, BODY_MAX_BYTES);
    json_text(&body.writer, "refund", refund);
    json_text(&body.writer, "sale", wish->sale);
    json_text(&body.writer, "receipt_number", sale->receipt_number);
    json_int(&body.writer, "amount_yen", weighing->total_yen);
    json_text(&body.writer, "means", wish->means);
    json_text(&body.writer, "reason", wish->reason);
    json_text(&body.writer, "clerk", desk->actor->login);
    json_null(&body.writer, "approved_by");
    json_begin_array(&body.writer, "lines");
    for (size_t i = 0; i < weighing->count; i++) {
        json_begin_object(&body.writer, NULL);
        json_int(&body.writer, "line", weighing->asked[i].line);
        json_int(&body.writer, "amount_yen", weighing->asked[i].amount_yen);
        json_end_object(&body.writer);
    }
    json_end_array(&body.writer);
    if (wish->takes_over != NULL) {
        json_text(&body.writer, "takes_over", wish->takes_over);
    }
    return desk_body_write(&body, txn, desk, civil_date_at(desk->now_ms), "refund.requested", err);
}

static enum status
record(struct store_txn *txn, const struct desk *desk, const char *what, const char *refund, const char *after,
       const char *reason, struct error_detail *err)
{
    char object[IDENTITY_TEXT_SIZE + 8];
    snprintf(object, sizeof object, "refund:%s", refund);
    return access_log_append(txn, desk->actor, desk->now_ms,
                             &(struct access_entry){.what = what, .object = object, .after = after, .reason = reason},
                             err);
}

static enum status
take_part(int64_t line, int64_t amount_yen, void *context)
{
    struct weighing *weighing = context;
    if (weighing->count < REFUND_PARTS_MAX) {
        weighing->asked[weighing->count++] = (struct refund_ask){line, amount_yen};
    }
    return STATUS_OK;
}

/* What a till was asked for, as a wish of the desk: its sale and its lines. */
static enum status
take_over(struct store_txn *txn, const struct desk *desk, struct refund_wish *wish, struct weighing *weighing,
          struct refund_facts *till, struct error_detail *err)
{
    enum status status = desk_refund_find(txn, desk, wish->takes_over, till, err);
    if (status != STATUS_OK) {
        return status;
    }
    if (strcmp(till->state, "requested") != 0 || till->taken_over_by[0] != '\0' ||
        terminal_id_is_of_desk(till->terminal)) {
        return refuse(STATUS_REFUSED, "taken_already", "この還付は、もう終わったか、会計が引き継いでいます。", err);
    }
    if (strcmp(till->run, "running") == 0 || strcmp(till->run, "unknown") == 0) {
        return refuse(STATUS_REFUSED, "taken_already",
                      "端末が決済会社に返金を頼んでいます。結果が届くまで待ってください。", err);
    }
    wish->sale = till->sale;
    status = refund_part_each(txn, till->terminal, till->requested_sequence, take_part, weighing, err);
    wish->parts = weighing->asked;
    wish->part_count = weighing->count;
    return status;
}

static enum status
request_in(struct store_txn *txn, const struct desk *desk, struct refund_wish wish, struct catalogue *catalogue,
           const char *refund, struct error_detail *err)
{
    char today[CIVIL_DATE_TEXT_SIZE];
    char after[AFTER_SIZE];
    struct sale_facts sale;
    struct refund_facts till = {.sale = ""};
    struct weighing taken = {0};
    struct weighing weighing = {.wish = &wish, .catalogue = catalogue};
    int64_t left_yen = 0;
    civil_date_format(today, civil_date_at(desk->now_ms));
    enum status status = wish.takes_over != NULL ? take_over(txn, desk, &wish, &taken, &till, err) : STATUS_OK;
    if (status == STATUS_OK) {
        status = sale_of_city(txn, desk->actor->municipality, wish.sale, &sale, err);
    }
    if (status == STATUS_OK) {
        status = check_sale(&sale, &wish, today, err);
    }
    if (status == STATUS_OK) {
        status = civil_date_parse(&weighing.sold_on, sale.received_on, strlen(sale.received_on));
    }
    if (status == STATUS_OK) {
        status = refundable_each(txn, wish.sale, wish.takes_over, &left_yen, weigh_line, &weighing, err);
    }
    if (status == STATUS_OK) {
        status = judge(&weighing, left_yen, err);
    }
    if (status == STATUS_OK && wish.takes_over != NULL && weighing.total_yen != till.amount_yen) {
        return refuse(STATUS_REFUSED, "too_much",
                      "窓口で受けた還付の額が、売上の残りと合いません。窓口と確かめてください。", err);
    }
    if (status == STATUS_OK && strcmp(wish.means, "gateway") == 0 &&
        weighing.total_yen > sale.total_yen - sale.cash_yen) {
        return refuse(STATUS_REFUSED, "too_much",
                      "決済会社が受けた額を超えています。現金で受けた分は口座振込を選んでください。", err);
    }
    if (status == STATUS_OK) {
        status = write_request(txn, desk, &weighing, refund, &sale, err);
    }
    snprintf(after, sizeof after, "%" PRId64 "円 %s %s%s", weighing.total_yen, sale.receipt_number,
             strcmp(wish.means, "gateway") == 0 ? "決済会社経由" : "口座振込", wish.is_by_mistake ? " 過誤納" : "");
    return status == STATUS_OK ? record(txn, desk, "refund_request", refund, after, wish.reason, err) : status;
}

struct requesting {
    const struct refund_wish *wish;
    const char *refund;
};

static enum status
do_request(struct store_txn *txn, const struct desk *desk, void *context, struct error_detail *err)
{
    const struct requesting *requesting = context;
    struct catalogue *catalogue = NULL;
    enum status status = catalogue_load(&catalogue, txn, desk->actor->municipality, err);
    if (status == STATUS_OK) {
        status = request_in(txn, desk, *requesting->wish, catalogue, requesting->refund, err);
    }
    catalogue_destroy(catalogue);
    return status;
}

static bool
is_blank(const char *text)
{
    return text == NULL || text[strspn(text, " \t\n")] == '\0';
}

enum status
desk_refund_request(const struct desk *desk, const struct refund_wish *wish, char out_refund[IDENTITY_TEXT_SIZE],
                    struct error_detail *err)
{
    if (is_blank(wish->reason) || strlen(wish->reason) > REFUND_REASON_MAX_BYTES) {
        return refuse(STATUS_INVALID, "invalid_request", "還付する理由を240文字以内で書いてください。", err);
    }
    if (strcmp(wish->means, "gateway") != 0 && strcmp(wish->means, "bank_transfer") != 0) {
        return refuse(STATUS_INVALID, "wrong_means", "還付の方法は、口座振込か決済会社経由です。", err);
    }
    enum status status = identity_new(out_refund, desk->now_ms, err);
    struct requesting requesting = {.wish = wish, .refund = out_refund};
    return status == STATUS_OK ? desk_do(desk, do_request, &requesting, err) : status;
}

/* ---- approve, withdraw, pay ---- */

/* One of the desk's that waits. STATUS_CONFLICT "wrong_state". */
static enum status
find_waiting(struct store_txn *txn, const struct desk *desk, const char *refund, struct refund_facts *out,
             struct error_detail *err)
{
    enum status status = desk_refund_find(txn, desk, refund, out, err);
    if (status == STATUS_OK && (!terminal_id_is_of_desk(out->terminal) || strcmp(out->state, "requested") != 0)) {
        return refuse(STATUS_CONFLICT, "wrong_state",
                      "この還付は会計で待っているものではありません。開き直してください。", err);
    }
    return status;
}

struct acting {
    const char *refund;
    const char *reason;
    const char *paid_on;
    const char *proof;
    const struct refund_payee *payee;
};

static enum status
do_approve(struct store_txn *txn, const struct desk *desk, void *context, struct error_detail *err)
{
    const struct acting *acting = context;
    struct refund_facts facts;
    char after[AFTER_SIZE];
    enum status status = find_waiting(txn, desk, acting->refund, &facts, err);
    if (status == STATUS_OK && facts.approved_by[0] != '\0') {
        return refuse(STATUS_CONFLICT, "wrong_state", "この還付は、もう承認されています。", err);
    }
    if (status == STATUS_OK && strcmp(facts.clerk, desk->actor->login) == 0) {
        return refuse(STATUS_UNAUTHORIZED, "own_approval",
                      "自分が起こした還付は承認できません。別の承認者が確かめます。", err);
    }
    if (status == STATUS_OK) {
        struct desk_body body;
        desk_body_begin(&body, BODY_MAX_BYTES);
        json_text(&body.writer, "refund", acting->refund);
        json_text(&body.writer, "approved_by", desk->actor->login);
        status = desk_body_write(&body, txn, desk, civil_date_at(desk->now_ms), "refund.approved", err);
    }
    snprintf(after, sizeof after, "%" PRId64 "円", status == STATUS_OK ? facts.amount_yen : 0);
    return status == STATUS_OK ? record(txn, desk, "refund_approve", acting->refund, after, acting->reason, err)
                               : status;
}

enum status
desk_refund_approve(const struct desk *desk, const char *refund, const char *reason, struct error_detail *err)
{
    struct acting acting = {.refund = refund, .reason = reason};
    return desk_do(desk, do_approve, &acting, err);
}

static enum status
check_in_no_transfer(struct store_txn *txn, const struct desk *desk, const char *refund, struct error_detail *err)
{
    int64_t transfer = 0;
    enum status status = transfer_of_refund(txn, desk->actor->municipality, refund, &transfer, err);
    if (status == STATUS_OK && transfer != 0) {
        error_set(err, "in_transfer",
                  "この還付は振込データ%" PRId64 "番に入っています。先に振込データを取りやめてください。", transfer);
        status = STATUS_CONFLICT;
    }
    return status;
}

static enum status
do_withdraw(struct store_txn *txn, const struct desk *desk, void *context, struct error_detail *err)
{
    const struct acting *acting = context;
    struct refund_facts facts;
    char after[AFTER_SIZE];
    enum status status = find_waiting(txn, desk, acting->refund, &facts, err);
    if (status == STATUS_OK) {
        status = check_in_no_transfer(txn, desk, acting->refund, err);
    }
    if (status == STATUS_OK) {
        struct desk_body body;
        desk_body_begin(&body, BODY_MAX_BYTES);
        json_text(&body.writer, "refund", acting->refund);
        json_text(&body.writer, "clerk", desk->actor->login);
        json_text(&body.writer, "reason", acting->reason);
        status = desk_body_write(&body, txn, desk, civil_date_at(desk->now_ms), "refund.withdrawn", err);
    }
    snprintf(after, sizeof after, "%" PRId64 "円", status == STATUS_OK ? facts.amount_yen : 0);
    return status == STATUS_OK ? record(txn, desk, "refund_withdraw", acting->refund, after, acting->reason, err)
                               : status;
}

enum status
desk_refund_withdraw(const struct desk *desk, const char *refund, const char *reason, struct error_detail *err)
{
    if (is_blank(reason) || strlen(reason) > REFUND_REASON_MAX_BYTES) {
        return refuse(STATUS_INVALID, "invalid_request", "取り下げる理由を240文字以内で書いてください。", err);
    }
    struct acting acting = {.refund = refund, .reason = reason};
    return desk_do(desk, do_withdraw, &acting, err);
}

enum status
desk_write_paid(struct store_txn *txn, const struct desk *desk, const char *refund, const char *sale,
                int64_t amount_yen, const char *means, const char *approved_by, struct civil_date paid_on,
                const char *note, struct error_detail *err)
{
    struct desk_body body;
    desk_body_begin(&body, BODY_MAX_BYTES);
    json_text(&body.writer, "refund", refund);
    json_text(&body.writer, "sale", sale);
    json_int(&body.writer, "amount_yen", amount_yen);
    json_text(&body.writer, "means", means);
    json_text(&body.writer, "clerk", desk->actor->login);
    json_text(&body.writer, "approved_by", approved_by);
    enum status status = desk_body_write(&body, txn, desk, paid_on, "refund.paid", err);
    char after[AFTER_SIZE], day[CIVIL_DATE_TEXT_SIZE];
    snprintf(after, sizeof after, "%" PRId64 "円 %s", amount_yen, civil_date_format(day, paid_on));
    return status == STATUS_OK ? record(txn, desk, "refund_pay", refund, after, note, err) : status;
}

static enum status
do_pay(struct store_txn *txn, const struct desk *desk, void *context, struct error_detail *err)
{
    const struct acting *acting = context;
    struct refund_facts facts;
    struct civil_date day;
    char today[CIVIL_DATE_TEXT_SIZE];
    enum status status = find_waiting(txn, desk, acting->refund, &facts, err);
    if (status == STATUS_OK && (facts.approved_by[0] == '\0' || strcmp(facts.means, "gateway") != 0)) {
        return refuse(STATUS_CONFLICT, "wrong_state", "決済会社経由で、承認された還付だけに、支払いを記録できます。",
                      err);
    }
    if (status == STATUS_OK && (civil_date_parse(&day, acting->paid_on, strlen(acting->paid_on)) != STATUS_OK ||
                                strcmp(acting->paid_on, civil_date_format(today, civil_date_at(desk->now_ms))) > 0 ||
                                strcmp(acting->paid_on, facts.business_date) < 0)) {
        return refuse(STATUS_INVALID, "invalid_request", "返金した日は、申出の日から今日までの日を入れてください。",
                      err);
    }
    return status == STATUS_OK ? desk_write_paid(txn, desk, acting->refund, facts.sale, facts.amount_yen, "gateway",
                                                 facts.approved_by, day, acting->proof, err)
                               : status;
}

enum status
desk_refund_pay(const struct desk *desk, const char *refund, const char *paid_on, const char *proof,
                struct error_detail *err)
{
    if (is_blank(proof) || strlen(proof) > REFUND_PROOF_MAX_BYTES) {
        return refuse(STATUS_INVALID, "invalid_request", "決済会社の返金の番号を40文字以内で入れてください。", err);
    }
    struct acting acting = {.refund = refund, .paid_on = paid_on, .proof = proof};
    return desk_do(desk, do_pay, &acting, err);
}

/* ---- payee ---- */

static bool
has_digits(const char *text, size_t count)
{
    return strlen(text) == count && strspn(text, "0123456789") == count;
}

static enum status
do_set_payee(struct store_txn *txn, const struct desk *desk, void *context, struct error_detail *err)
{
    const struct acting *acting = context;
    struct refund_facts facts;
    enum status status = find_waiting(txn, desk, acting->refund, &facts, err);
    if (status == STATUS_OK && strcmp(facts.means, "bank_transfer") != 0) {
        return refuse(STATUS_CONFLICT, "wrong_state", "口座振込の還付ではありません。", err);
    }
    if (status == STATUS_OK) {
        status = check_in_no_transfer(txn, desk, acting->refund, err);
    }
    if (status == STATUS_OK) {
        status = refund_payee_put(txn, desk->actor->municipality, acting->refund, acting->payee, desk->actor->login,
                                  desk->now_ms, err);
    }
    return status == STATUS_OK ? record(txn, desk, "refund_payee", acting->refund, "", "", err) : status;
}

enum status
desk_refund_set_payee(const struct desk *desk, const char *refund, const struct refund_payee *payee,
                      struct error_detail *err)
{
    if (!has_digits(payee->bank, 4) || !has_digits(payee->branch, 3) || !has_digits(payee->account_number, 7) ||
        strlen(payee->account_kind) != 1 || strchr("124", payee->account_kind[0]) == NULL) {
        return refuse(STATUS_INVALID, "invalid_request",
                      "金融機関番号は4桁、支店番号は3桁、口座番号は7桁の数字(足りないときは頭に0)で入れてください。",
                      err);
    }
    struct refund_payee checked = *payee;
    enum status status = transfer_name_make(checked.holder_kana, sizeof checked.holder_kana, payee->holder_kana, err);
    struct acting acting = {.refund = refund, .payee = &checked};
    return status == STATUS_OK ? desk_do(desk, do_set_payee, &acting, err) : status;
}

enum status
desk_wipe_payees(struct store *store, const struct actor *actor, int64_t now_ms, struct error_detail *err)
{
    char day[CIVIL_DATE_TEXT_SIZE], after[AFTER_SIZE];
    struct store_txn *txn = NULL;
    int64_t count = 0;
    civil_date_format(day, civil_date_add_days(civil_date_at(now_ms), -PAYEE_KEPT_DAYS));
    enum status status = store_begin_write_for(store, actor->municipality, &txn, err);
    if (status == STATUS_OK) {
        status = refund_payee_wipe(txn, actor->municipality, day, &count, err);
    }
    snprintf(after, sizeof after, "%" PRId64 "件 %sより前", count, day);
    if (status == STATUS_OK && count > 0) {
        status = access_log_append(txn, actor, now_ms,
                                   &(struct access_entry){.what = "refund_payee_wipe", .after = after}, err);
    }
    if (status == STATUS_OK) {
        status = store_commit(txn, err);
    }
    store_end(txn);
    return status;
}
