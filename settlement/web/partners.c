/* Facts that two sides have in common, as a sentence. */
#include "settlement/web/partners.h"

#include "common/money/yen.h"
#include "settlement/store/split_store.h"
#include "settlement/web/reply.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_SIZE = 130, REASON_SIZE = 300, MINUTE_MS = 60 * 1000, HOUR_MS = 60 * MINUTE_MS, DAY_MS = 24 * HOUR_MS };

/* The one that is open, kept while the others are visited. */
struct self {
    bool is_found;
    struct partner_row row;
    char terminal[TEXT_SIZE];
    char payment[TEXT_SIZE];
    char acquirer_reference[TEXT_SIZE];
    char brand[TEXT_SIZE];
};

static enum status
keep_self(const struct partner_row *row, void *context)
{
    struct self *self = context;
    self->is_found = true;
    self->row = *row;
    snprintf(self->terminal, sizeof self->terminal, "%s", row->terminal);
    snprintf(self->payment, sizeof self->payment, "%s", row->payment);
    snprintf(self->acquirer_reference, sizeof self->acquirer_reference, "%s", row->acquirer_reference);
    snprintf(self->brand, sizeof self->brand, "%s", row->brand);
    return STATUS_OK;
}

struct writing {
    struct json_writer *writer;
    const struct self *self;
};

static bool
is_same(const char *a, const char *b)
{
    return a[0] != '\0' && strcmp(a, b) == 0;
}

static void
add_fact(char reason[REASON_SIZE], const char *fact)
{
    size_t length = strlen(reason);
    snprintf(reason + length, REASON_SIZE - length, "%s%s", length > 0 ? "、" : "", fact);
}

static void
add_time(char reason[REASON_SIZE], int64_t ours_ms, int64_t theirs_ms)
{
    char fact[64];
    if (ours_ms == INSTANT_ABSENT || theirs_ms == INSTANT_ABSENT) {
        return;
    }
    int64_t apart = llabs(ours_ms - theirs_ms);
    if (apart < MINUTE_MS) {
        snprintf(fact, sizeof fact, "時刻の差%lld秒", (long long)(apart / 1000));
    } else if (apart < HOUR_MS) {
        snprintf(fact, sizeof fact, "時刻の差%lld分", (long long)(apart / MINUTE_MS));
    } else if (apart < DAY_MS) {
        snprintf(fact, sizeof fact, "時刻の差%lld時間", (long long)(apart / HOUR_MS));
    } else {
        snprintf(fact, sizeof fact, "%lld日違い", (long long)(apart / DAY_MS));
    }
    add_fact(reason, fact);
}

static void
explain(char reason[REASON_SIZE], const struct partner_row *self, const struct partner_row *other)
{
    char fact[96];
    char yen[YEN_TEXT_SIZE];
    reason[0] = '\0';
    if (is_same(self->payment, other->payment)) {
        add_fact(reason, "当方の番号が同じ");
    }
    if (is_same(self->acquirer_reference, other->acquirer_reference)) {
        add_fact(reason, "決済会社の番号が同じ");
    }
    if (self->amount_yen == other->amount_yen) {
        add_fact(reason, "金額が同じ");
    } else {
        snprintf(fact, sizeof fact, "金額が%s円違う", yen_format(yen, llabs(self->amount_yen - other->amount_yen)));
        add_fact(reason, fact);
    }
    if (is_same(self->terminal, other->terminal)) {
        add_fact(reason, "端末が同じ");
    }
    if (is_same(self->brand, other->brand)) {
        add_fact(reason, "ブランドが同じ");
    } else if (self->brand[0] != '\0' && other->brand[0] != '\0') {
        add_fact(reason, "ブランドが違う");
    }
    add_time(reason, self->accepted_at_ms, other->accepted_at_ms);
}

static enum status
write_partner(const struct partner_row *row, void *context)
{
    const struct writing *writing = context;
    struct json_writer *writer = writing->writer;
    char reason[REASON_SIZE];
    explain(reason, &writing->self->row, row);
    json_begin_object(writer, NULL);
    json_text(writer, "terminal", row->terminal);
    json_int_or_null(writer, "sequence", row->sequence);
    json_text_or_null(writer, "part", row->sequence != 0 ? book_part_word(row->part) : NULL);
    json_int_or_null(writer, "import", row->import);
    json_int_or_null(writer, "line", row->line);
    json_text_or_null(writer, "payment", row->payment);
    json_text_or_null(writer, "acquirer_reference", row->acquirer_reference);
    json_text_or_null(writer, "brand", row->brand);
    json_int(writer, "amount_yen", row->amount_yen);
    json_instant(writer, "accepted_at", row->accepted_at_ms != INSTANT_ABSENT ? row->accepted_at_ms : 0);
    json_text(writer, "reason", reason);
    json_end_object(writer);
    return STATUS_OK;
}

typedef enum status (*partner_search)(struct store_txn *txn, const char *municipality, const struct partner_row *self,
                                      partner_visitor visit, void *context, struct error_detail *err);

/* The array MEMBER: what LINES finds for a payment, or PAYMENTS for a line. *OUT_YEN: of what KEY names itself. */
static enum status
write_found(struct json_writer *writer, struct store_txn *txn, const char *municipality, const struct partner_row *key,
            const char *member, partner_search lines, partner_search payments, int64_t *out_yen,
            struct error_detail *err)
{
    struct self self = {.is_found = false};
    json_begin_array(writer, member);
    enum status status = key->sequence != 0 || key->import != 0
                             ? partner_self(txn, municipality, key, keep_self, &self, err)
                             : STATUS_OK;
    self.row.terminal = self.terminal;
    self.row.payment = self.payment;
    self.row.acquirer_reference = self.acquirer_reference;
    self.row.brand = self.brand;
    struct writing writing = {.writer = writer, .self = &self};
    if (status == STATUS_OK && self.is_found) {
        status = (key->sequence != 0 ? lines : payments)(txn, municipality, &self.row, write_partner, &writing, err);
    }
    json_end_array(writer);
    *out_yen = self.is_found ? self.row.amount_yen : 0;
    return status;
}

enum status
json_partners(struct json_writer *writer, struct store_txn *txn, const char *municipality,
              const struct partner_row *key, struct error_detail *err)
{
    int64_t ignored;
    return write_found(writer, txn, municipality, key, "partners", partner_lines_each, partner_payments_each, &ignored,
                       err);
}

enum status
json_pieces(struct json_writer *writer, struct store_txn *txn, const char *municipality, const struct partner_row *key,
            struct error_detail *err)
{
    int64_t yen = 0;
    enum status status =
        write_found(writer, txn, municipality, key, "pieces", piece_lines_each, piece_payments_each, &yen, err);
    json_int(writer, "amount_yen", yen);
    return status;
}

static enum status
write_decision(const struct pair_decision *row, void *context, struct error_detail *err)
{
    (void)err;
    struct json_writer *writer = context;
    json_begin_object(writer, NULL);
    json_int(writer, "id", row->id);
    json_bool(writer, "is_pair", row->is_pair);
    json_text(writer, "terminal", row->terminal);
    json_int(writer, "sequence", row->sequence);
    json_text(writer, "part", book_part_word(row->part));
    json_int(writer, "import", row->import);
    json_int(writer, "line", row->line);
    json_text(writer, "by", row->login);
    json_instant(writer, "at", row->at_ms);
    json_text(writer, "reason", row->reason);
    json_end_object(writer);
    return STATUS_OK;
}

enum status
json_decisions(struct json_writer *writer, struct store_txn *txn, const char *municipality,
               const struct partner_row *key, struct error_detail *err)
{
    json_begin_array(writer, "decisions");
    enum status status = STATUS_OK;
    if (key->sequence != 0 || key->import != 0) {
        status = pair_decision_about_each(txn, municipality, key->terminal, key->sequence, key->import, key->line,
                                          write_decision, writer, err);
    }
    json_end_array(writer);
    return status;
}

static enum status
write_part(const struct split_part *part, void *context, struct error_detail *err)
{
    (void)err;
    struct json_writer *writer = context;
    json_begin_object(writer, NULL);
    json_text(writer, "terminal", part->terminal);
    json_int(writer, "sequence", part->sequence);
    json_text(writer, "part", book_part_word(part->part));
    json_int(writer, "import", part->import);
    json_int(writer, "line", part->line);
    json_end_object(writer);
    return STATUS_OK;
}

struct writing_splits {
    struct json_writer *writer;
    struct store_txn *txn;
};

static enum status
write_split(const struct split_decision *row, void *context, struct error_detail *err)
{
    const struct writing_splits *writing = context;
    struct json_writer *writer = writing->writer;
    json_begin_object(writer, NULL);
    json_int(writer, "id", row->id);
    json_text(writer, "by", row->login);
    json_instant(writer, "at", row->at_ms);
    json_text(writer, "reason", row->reason);
    json_begin_array(writer, "parts");
    enum status status = split_part_each(writing->txn, row->id, write_part, writer, err);
    json_end_array(writer);
    json_end_object(writer);
    return status;
}

enum status
json_splits(struct json_writer *writer, struct store_txn *txn, const char *municipality, const struct partner_row *key,
            struct error_detail *err)
{
    struct writing_splits writing = {.writer = writer, .txn = txn};
    json_begin_array(writer, "splits");
    enum status status = key->sequence != 0 || key->import != 0
                             ? split_about_each(txn, municipality, key->terminal, key->sequence, key->import, key->line,
                                                write_split, &writing, err)
                             : STATUS_OK;
    json_end_array(writer);
    return status;
}
