/* Check, write, record: in one transaction each. */
#include "settlement/matching/spread_deed.h"

#include "common/bytes/buffer.h"
#include "common/clock/civil.h"
#include "common/money/yen.h"
#include "settlement/matching/standing.h"
#include "settlement/store/access_log_store.h"
#include "settlement/store/spread_store.h"

#include <stdio.h>
#include <string.h>

enum { PLACE_SIZE = 96, PARTS_TEXT_MAX = SPREAD_PARTS_MAX * 128 /* an id of 64 bytes, yen, and what is between */ };

static enum status
record(struct store_txn *txn, const struct actor *actor, const struct credit_spread *spread, const char *what,
       const char *after, const char *reason, int64_t now_ms, struct error_detail *err)
{
    char credit[PLACE_SIZE];
    snprintf(credit, sizeof credit, "credit:%lld:%lld", (long long)spread->import, (long long)spread->line);
    return access_log_append(
        txn, actor, now_ms,
        &(struct access_entry){.what = what, .object = credit, .before = "", .after = after, .reason = reason}, err);
}

/* Σ PARTS is CREDIT_YEN, and none stands twice. */
static enum status
check_parts(const struct portion_row *parts, size_t count, int64_t credit_yen, struct error_detail *err)
{
    int64_t sum_yen = 0;
    char said[YEN_TEXT_SIZE], there[YEN_TEXT_SIZE];
    for (size_t i = 0; i < count; i++) {
        if (parts[i].amount_yen < 1 || yen_add(&sum_yen, sum_yen, parts[i].amount_yen) != STATUS_OK) {
            error_set(err, "wrong_sum", "割り当てる額は、入金ごとに1円以上にしてください。");
            return STATUS_INVALID;
        }
        for (size_t k = 0; k < i; k++) {
            if (strcmp(parts[k].payout, parts[i].payout) == 0 && strcmp(parts[k].trustee, parts[i].trustee) == 0) {
                error_set(err, "wrong_sum", "入金 %s が二度選ばれています。一つにまとめてください。", parts[i].payout);
                return STATUS_INVALID;
            }
        }
    }
    if (sum_yen != credit_yen) {
        error_set(err, "wrong_sum", "割り当てた額の合計は%s円ですが、銀行の入金は%s円です。同じ額にしてください。",
                  yen_format(said, sum_yen), yen_format(there, credit_yen));
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

static enum status
check_payouts(struct store_txn *txn, const struct actor *actor, const struct portion_row *parts, size_t count,
              struct error_detail *err)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        bool is_known = false;
        status = payout_is_known(txn, actor->municipality, parts[i].trustee, parts[i].payout, &is_known, err);
        if (status == STATUS_OK && !is_known) {
            error_set(err, "not_found", "入金 %s はありません。入金の一覧から選んでください。", parts[i].payout);
            status = STATUS_NOT_FOUND;
        }
    }
    return status;
}

static enum status
check_credit(struct store_txn *txn, const struct actor *actor, const struct credit_spread *spread,
             const struct portion_row *parts, size_t count, struct error_detail *err)
{
    int64_t credit_yen = 0;
    bool is_decided = false;
    enum status status =
        credit_amount(txn, actor->municipality, spread->import, spread->line, &credit_yen, &is_decided, err);
    if (status == STATUS_OK && is_decided) {
        error_set(err, "decided_already", "この入金は、もう人が割り当てています。先にその割当てを取り消してください。");
        status = STATUS_REFUSED;
    }
    if (status == STATUS_OK) {
        status = check_parts(parts, count, credit_yen, err);
    }
    return status == STATUS_OK ? check_payouts(txn, actor, parts, count, err) : status;
}

static enum status
write_parts(struct store_txn *txn, const struct actor *actor, const struct credit_spread *spread,
            const struct portion_row *parts, size_t count, int64_t *out_id, struct error_detail *err)
{
    struct buffer text;
    enum status status = spread_add(txn, actor->municipality, spread, out_id, err);
    buffer_init(&text, PARTS_TEXT_MAX);
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        status = spread_part_add(txn, actor->municipality, *out_id, &parts[i], err);
        buffer_printf(&text, "%s%s %lld円", i > 0 ? ", " : "", parts[i].payout, (long long)parts[i].amount_yen);
    }
    if (status == STATUS_OK) {
        status = buffer_check(&text, err);
    }
    if (status == STATUS_OK) {
        status = record(txn, actor, spread, "credit_spread", buffer_text(&text), spread->reason, spread->at_ms, err);
    }
    buffer_finish(&text);
    return status;
}

enum status
spread_decide(struct store *store, const struct actor *actor, int64_t import, int64_t line,
              const struct portion_row *parts, size_t count, const char *reason, int64_t now_ms, int64_t *out_id,
              struct error_detail *err)
{
    struct store_txn *txn = NULL;
    char today[CIVIL_DATE_TEXT_SIZE];
    const struct credit_spread spread = {
        .import = import, .line = line, .at_ms = now_ms, .login = actor->login, .reason = reason};
    civil_date_format(today, civil_date_at(now_ms));
    enum status status = standing_check_text(reason, "理由", err);
    if (status == STATUS_OK) {
        status = store_begin_write_for(store, actor->municipality, &txn, err);
    }
    if (status == STATUS_OK) {
        status = check_credit(txn, actor, &spread, parts, count, err);
    }
    if (status == STATUS_OK) {
        status = credit_free(txn, actor->municipality, import, line, today, err);
    }
    if (status == STATUS_OK) {
        status = write_parts(txn, actor, &spread, parts, count, out_id, err);
    }
    if (status == STATUS_OK) {
        status = store_commit(txn, err);
    }
    store_end(txn);
    return status;
}

enum status
spread_undo(struct store *store, const struct actor *actor, int64_t id, const char *reason, int64_t now_ms,
            struct error_detail *err)
{
    struct store_txn *txn = NULL;
    struct credit_spread spread;
    char today[CIVIL_DATE_TEXT_SIZE];
    civil_date_format(today, civil_date_at(now_ms));
    enum status status = standing_check_text(reason, "取り消す理由", err);
    if (status == STATUS_OK) {
        status = store_begin_write_for(store, actor->municipality, &txn, err);
    }
    if (status == STATUS_OK) {
        status = spread_take_back(txn, actor->municipality, id, actor->login, reason, now_ms, &spread, err);
    }
    if (status == STATUS_OK) {
        status = credit_free(txn, actor->municipality, spread.import, spread.line, today, err);
    }
    if (status == STATUS_OK) {
        status = record(txn, actor, &spread, "credit_spread_undo", "", reason, now_ms, err);
    }
    if (status == STATUS_OK) {
        status = store_commit(txn, err);
    }
    store_end(txn);
    return status;
}
