/* Check, write, record: in one transaction each. */
#include "settlement/matching/split_deed.h"

#include "common/bytes/buffer.h"
#include "common/money/yen.h"
#include "settlement/matching/standing.h"
#include "settlement/store/access_log_store.h"
#include "settlement/store/worklist_store.h"

#include <stdio.h>
#include <string.h>

enum { PLACE_SIZE = 96, PIECES_TEXT_MAX = SPLIT_PIECES_MAX * 160 /* a till's id, numbers, and what is between */ };

static bool
is_same_payment(const struct split_part *a, const struct split_part *b)
{
    return strcmp(a->terminal, b->terminal) == 0 && a->sequence == b->sequence && a->part == b->part;
}

static bool
is_same_line(const struct split_part *a, const struct split_part *b)
{
    return a->import == b->import && a->line == b->line;
}

/* One payment and different lines, or one line and different payments. */
static enum status
check_shape(const struct split_part *parts, size_t count, bool *out_one_payment, struct error_detail *err)
{
    bool one_payment = count >= 2;
    bool one_line = count >= 2;
    bool is_repeated = false;
    for (size_t i = 1; i < count; i++) {
        one_payment &= is_same_payment(&parts[0], &parts[i]);
        one_line &= is_same_line(&parts[0], &parts[i]);
        for (size_t k = 0; k < i; k++) {
            is_repeated |= is_same_payment(&parts[k], &parts[i]) && is_same_line(&parts[k], &parts[i]);
        }
    }
    *out_one_payment = one_payment;
    if (count > SPLIT_PIECES_MAX || one_payment == one_line || is_repeated) {
        error_set(err, "wrong_pieces",
                  "一つの決済に二つ以上の明細の行（または一つの行に二つ以上の決済）を、%"
                  "d件まで、それぞれ一度だけ選んでください。",
                  SPLIT_PIECES_MAX);
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

/* What the pieces of one side come to. */
struct summing {
    int64_t yen;
    bool is_found;
    bool is_open;
    bool has_training;
    bool has_other_sign;
    bool has_other_deposit;
    size_t count;
    char trustee[64];
    char payout[64];
};

static enum status
add_piece(const struct split_piece *piece, void *context, struct error_detail *err)
{
    struct summing *summing = context;
    summing->has_other_sign |=
        piece->amount_yen == 0 || (summing->yen != 0 && (piece->amount_yen < 0) != (summing->yen < 0));
    if (summing->count++ == 0) {
        snprintf(summing->trustee, sizeof summing->trustee, "%s", piece->trustee);
        snprintf(summing->payout, sizeof summing->payout, "%s", piece->payout);
    }
    summing->has_other_deposit |=
        strcmp(summing->trustee, piece->trustee) != 0 || strcmp(summing->payout, piece->payout) != 0;
    summing->is_found = true;
    summing->is_open = piece->is_open;
    summing->has_training |= piece->is_training;
    if (yen_add(&summing->yen, summing->yen, piece->amount_yen) != STATUS_OK) {
        error_set(err, "wrong_sum", "合計が大きすぎます。");
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

typedef enum status (*piece_reader)(struct store_txn *txn, const char *municipality, const struct split_part *part,
                                    split_piece_visitor visit, void *context, struct error_detail *err);

static enum status
add_up(struct store_txn *txn, const struct actor *actor, const struct split_part *parts, size_t count,
       piece_reader read, const char *what, struct summing *out, struct error_detail *err)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        out->is_found = false;
        status = read(txn, actor->municipality, &parts[i], add_piece, out, err);
        if (status == STATUS_OK && !out->is_found) {
            error_set(err, "not_found", "選んだ%sがありません。開き直してください。", what);
            status = STATUS_NOT_FOUND;
        } else if (status == STATUS_OK && !out->is_open) {
            error_set(err, "not_open", "%sの一つは、もう組になっているか、処置が済んでいます。開き直してください。",
                      what);
            status = STATUS_REFUSED;
        }
    }
    return status;
}

static enum status
compare_sides(const struct summing *ours, const struct summing *theirs, struct error_detail *err)
{
    char our_text[YEN_TEXT_SIZE], their_text[YEN_TEXT_SIZE];
    if (ours->has_other_sign || theirs->has_other_sign || (ours->yen < 0) != (theirs->yen < 0)) {
        error_set(err, "wrong_pieces", "売上と取消・返金は、合わせて一つにできません。");
        return STATUS_INVALID;
    }
    if (theirs->has_training) {
        error_set(err, "wrong_pieces", "訓練の明細は、本番の決済と合わせられません。");
        return STATUS_INVALID;
    }
    if (theirs->has_other_deposit) {
        error_set(err, "wrong_pieces",
                  "選んだ明細の行は、別々の入金（入金番号）に入っています。一つの入金の行だけを合わせられます。");
        return STATUS_INVALID;
    }
    if (ours->yen != theirs->yen) {
        error_set(err, "wrong_sum", "決済の合計は%s円、明細の合計は%s円です。同じ額になるように選んでください。",
                  yen_format(our_text, ours->yen), yen_format(their_text, theirs->yen));
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

static enum status
check_money(struct store_txn *txn, const struct actor *actor, const struct split_part *parts, size_t count,
            bool one_payment, struct error_detail *err)
{
    struct summing ours = {0};
    struct summing theirs = {0};
    enum status status = add_up(txn, actor, parts, one_payment ? 1 : count, split_payment_read, "決済", &ours, err);
    if (status == STATUS_OK) {
        status = add_up(txn, actor, parts, one_payment ? count : 1, split_line_read, "明細の行", &theirs, err);
    }
    return status == STATUS_OK ? compare_sides(&ours, &theirs, err) : status;
}

/* A decision about a pair that a split of the same pieces would contradict. */
struct looking {
    const struct split_part *part;
    bool is_contradicted;
};

static enum status
look_at_pair(const struct pair_decision *row, void *context, struct error_detail *err)
{
    (void)err;
    struct looking *looking = context;
    const struct split_part *part = looking->part;
    bool is_payment = strcmp(row->terminal, part->terminal) == 0 && row->sequence == part->sequence;
    bool is_line = row->import == part->import && row->line == part->line;
    bool is_other_part = is_payment && row->part != part->part;
    /* "One" about either, or "not one" about the two. */
    looking->is_contradicted |= !is_other_part && (row->is_pair || (is_payment && is_line));
    return STATUS_OK;
}

static enum status
refuse_decided(struct error_detail *err)
{
    error_set(err, "decided_already",
              "この決済か明細の行には、もう人の判断があります。先にその判断を取り消してください。");
    return STATUS_REFUSED;
}

static enum status
note_split(const struct split_decision *split, void *context, struct error_detail *err)
{
    (void)split;
    (void)err;
    *(bool *)context = true;
    return STATUS_OK;
}

enum status
split_check_none(struct store_txn *txn, const struct actor *actor, const char *terminal, int64_t sequence,
                 int64_t import, int64_t line, struct error_detail *err)
{
    bool has_split = false;
    enum status status =
        split_about_each(txn, actor->municipality, terminal, sequence, import, line, note_split, &has_split, err);
    return status == STATUS_OK && has_split ? refuse_decided(err) : status;
}

static enum status
check_decisions(struct store_txn *txn, const struct actor *actor, const struct split_part *parts, size_t count,
                struct error_detail *err)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        const struct split_part *part = &parts[i];
        struct looking looking = {.part = part};
        status = split_check_none(txn, actor, part->terminal, part->sequence, part->import, part->line, err);
        if (status == STATUS_OK) {
            status = pair_decision_about_each(txn, actor->municipality, part->terminal, part->sequence, part->import,
                                              part->line, look_at_pair, &looking, err);
        }
        if (status == STATUS_OK && looking.is_contradicted) {
            status = refuse_decided(err);
        }
    }
    return status;
}

static enum status
record(struct store_txn *txn, const struct actor *actor, int64_t id, const char *what, const char *after,
       const char *reason, int64_t now_ms, struct error_detail *err)
{
    char object[PLACE_SIZE];
    snprintf(object, sizeof object, "split:%lld", (long long)id);
    return access_log_append(
        txn, actor, now_ms,
        &(struct access_entry){.what = what, .object = object, .before = "", .after = after, .reason = reason}, err);
}

static enum status
write_parts(struct store_txn *txn, const struct actor *actor, const struct split_decision *split,
            const struct split_part *parts, size_t count, int64_t *out_id, struct error_detail *err)
{
    struct buffer text;
    buffer_init(&text, PIECES_TEXT_MAX);
    enum status status = split_add(txn, actor->municipality, split, out_id, err);
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct split_part part = parts[i];
        part.split = *out_id;
        status = split_part_add(txn, actor->municipality, &part, err);
        buffer_printf(&text, "%spayment:%s:%lld:%s line:%lld:%lld", i > 0 ? ", " : "", part.terminal,
                      (long long)part.sequence, book_part_word(part.part), (long long)part.import,
                      (long long)part.line);
    }
    if (status == STATUS_OK) {
        status = buffer_check(&text, err);
    }
    if (status == STATUS_OK) {
        status = record(txn, actor, *out_id, "split", buffer_text(&text), split->reason, split->at_ms, err);
    }
    buffer_finish(&text);
    return status;
}

enum status
split_decide(struct store *store, const struct actor *actor, const struct split_part *parts, size_t count,
             const char *reason, int64_t now_ms, int64_t *out_id, struct error_detail *err)
{
    struct store_txn *txn = NULL;
    bool one_payment = false;
    const struct split_decision split = {.at_ms = now_ms, .login = actor->login, .reason = reason};
    enum status status = standing_check_text(reason, "理由", err);
    if (status == STATUS_OK) {
        status = check_shape(parts, count, &one_payment, err);
    }
    if (status == STATUS_OK) {
        status = store_begin_write_for(store, actor->municipality, &txn, err);
    }
    if (status == STATUS_OK) {
        status = check_decisions(txn, actor, parts, count, err);
    }
    if (status == STATUS_OK) {
        status = check_money(txn, actor, parts, count, one_payment, err);
    }
    if (status == STATUS_OK) {
        status = write_parts(txn, actor, &split, parts, count, out_id, err);
    }
    if (status == STATUS_OK) {
        status = store_commit(txn, err);
    }
    store_end(txn);
    return status;
}

enum status
split_undo(struct store *store, const struct actor *actor, int64_t id, const char *reason, int64_t now_ms,
           struct error_detail *err)
{
    struct store_txn *txn = NULL;
    enum status status = standing_check_text(reason, "取り消す理由", err);
    if (status == STATUS_OK) {
        status = store_begin_write_for(store, actor->municipality, &txn, err);
    }
    if (status == STATUS_OK) {
        status = split_take_back(txn, actor->municipality, id, actor->login, reason, now_ms, err);
    }
    if (status == STATUS_OK) {
        status = split_release(txn, actor->municipality, id, err);
    }
    if (status == STATUS_OK) {
        status = record(txn, actor, id, "split_undo", "", reason, now_ms, err);
    }
    if (status == STATUS_OK) {
        status = store_commit(txn, err);
    }
    store_end(txn);
    return status;
}
