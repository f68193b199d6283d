/* Lines are collected first and judged after the walk, because the tax of a receipt belongs to several lines at once.
 */
#include "settlement/assessment/day_input.h"

#include "common/text/utf8.h"
#include "settlement/arena/growing.h"
#include "settlement/assessment/fiscal_rules.h"
#include "settlement/assessment/mixed_part.h"
#include "settlement/assessment/tax_share.h"
#include "settlement/store/assessment_ledger_store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    RECEIPT_LINES_MAX = 4096, /* a journal line of 64 KiB holds fewer */
    LINE_NAME_SIZE = 400      /* two names of 120 bytes and what stands around them */
};

struct collecting {
    struct arena *arena;
    struct growing rows;
};

static enum status
out_of_room(struct error_detail *err)
{
    error_set(err, "day_too_large", "一日の売上が多すぎるため、調定を作成できません。管理者に連絡してください。");
    return STATUS_OVERFLOW;
}

/* TEXT in the arena; BEFORE, the same field of the row before, saves most copies. NULL when there is no room. */
static const char *
keep(struct arena *arena, const char *before, const char *text)
{
    return before != NULL && strcmp(before, text) == 0 ? before : arena_copy(arena, text, strlen(text));
}

static enum status
collect_line(const struct received_line *line, void *context, struct error_detail *err)
{
    struct collecting *collecting = context;
    struct growing *rows = &collecting->rows;
    struct arena *arena = collecting->arena;
    struct received_line before = {0};
    if (rows->count > 0) {
        before = ((struct received_line *)rows->elements)[rows->count - 1];
    }
    struct received_line row = *line;
    row.terminal = keep(arena, before.terminal, line->terminal);
    row.sale = keep(arena, before.sale, line->sale);
    row.method = keep(arena, before.method, line->method);
    row.brand = keep(arena, before.brand, line->brand);
    row.item = keep(arena, before.item, line->item);
    row.name = keep(arena, before.name, line->name);
    row.tax = keep(arena, before.tax, line->tax);
    row.account = keep(arena, before.account, line->account);
    row.section = keep(arena, before.section, line->section);
    row.issuer = keep(arena, before.issuer, line->issuer);
    row.facility = keep(arena, before.facility, line->facility);
    row.reduction = keep(arena, before.reduction, line->reduction);
    struct received_line *place = growing_add(rows);
    bool is_whole = row.terminal != NULL && row.sale != NULL && row.method != NULL && row.brand != NULL &&
                    row.item != NULL && row.name != NULL && row.tax != NULL && row.account != NULL &&
                    row.section != NULL && row.issuer != NULL && row.facility != NULL && row.reduction != NULL;
    if (place == NULL || !is_whole) {
        return out_of_room(err);
    }
    *place = row;
    return STATUS_OK;
}

/* Whether line I of ROWS is the first of its sale with its tax class and issuer. */
static bool
begins_tax_block(const struct received_line *rows, size_t i)
{
    for (size_t k = 0; k < i; k++) {
        if (strcmp(rows[k].tax, rows[i].tax) == 0 && strcmp(rows[k].issuer, rows[i].issuer) == 0) {
            return false;
        }
    }
    return true;
}

/* The tax of every line of one sale (COUNT rows) into TAXES. */
static enum status
share_taxes(struct store_txn *txn, const struct received_line *rows, size_t count, int64_t *taxes,
            struct error_detail *err)
{
    int64_t amounts[RECEIPT_LINES_MAX];
    int64_t shares[RECEIPT_LINES_MAX];
    size_t places[RECEIPT_LINES_MAX];
    if (count > RECEIPT_LINES_MAX) {
        return out_of_room(err);
    }
    memset(taxes, 0, count * sizeof *taxes);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(rows[i].tax, "exempt") == 0 || !begins_tax_block(rows, i)) {
            continue;
        }
        size_t block = 0;
        for (size_t k = i; k < count; k++) {
            if (strcmp(rows[k].tax, rows[i].tax) == 0 && strcmp(rows[k].issuer, rows[i].issuer) == 0) {
                places[block] = k;
                amounts[block++] = rows[k].amount_yen;
            }
        }
        int64_t tax_yen;
        enum status status =
            received_tax(txn, rows[i].terminal, rows[i].sequence, rows[i].tax, rows[i].issuer, &tax_yen, err);
        if (status == STATUS_OK) {
            status = tax_share(shares, amounts, block, tax_yen, err);
        }
        if (status != STATUS_OK) {
            return status;
        }
        for (size_t k = 0; k < block; k++) {
            taxes[places[k]] = shares[k];
        }
    }
    return STATUS_OK;
}

/* The trustee's code, "none" for a sale of 0円, or NULL when no trustee stands behind the brand. */
static const char *
route_of_brand(const struct catalogue *catalogue, const struct received_line *row, struct civil_date day)
{
    if (strcmp(row->method, "cash") == 0 || strcmp(row->method, "none") == 0) {
        return row->method;
    }
    return catalogue_trustee_of(catalogue, row->brand, day);
}

/* What the breakdown calls the line. A reduced one, or a part of one, does not come to count × unit price, so it stands
 * apart from those that do. NULL when there is no room. */
static const char *
name_of(struct arena *arena, const struct received_line *row, bool is_divided)
{
    if (row->reduction[0] == '\0' && !is_divided) {
        return row->name;
    }
    char name[LINE_NAME_SIZE];
    bool is_reduced = row->reduction[0] != '\0';
    snprintf(name, sizeof name, "%s%s%s%s%s", row->name, is_reduced ? "(減免: " : "", row->reduction,
             is_reduced ? ")" : "", is_divided ? "(現金併用)" : "");
    return arena_copy(arena, name, utf8_prefix(name, strlen(name), sizeof name - 1));
}

/* What was paid back of a day's lines, in the order of its sales. */
struct refunded {
    const struct refunded_line *lines;
    size_t count;
};

static enum status
collect_refunded(const struct refunded_line *line, void *context, struct error_detail *err)
{
    struct collecting *collecting = context;
    struct refunded_line copy = *line;
    struct refunded_line *place = growing_add(&collecting->rows);
    copy.terminal = keep(collecting->arena, NULL, line->terminal);
    copy.means = keep(collecting->arena, NULL, line->means);
    if (place == NULL || copy.terminal == NULL || copy.means == NULL) {
        return out_of_room(err);
    }
    *place = copy;
    return STATUS_OK;
}

/* Yen that went back in cash, and by another means. */
struct backs {
    int64_t cash_yen;
    int64_t rest_yen;
};

/* What went back of line NUMBER of the sale of ROW. */
static struct backs
backs_of(const struct refunded *refunded, const struct received_line *row, int number)
{
    struct backs backs = {0};
    for (size_t i = 0; i < refunded->count; i++) {
        const struct refunded_line *line = &refunded->lines[i];
        if (line->sequence == row->sequence && line->number == number && strcmp(line->terminal, row->terminal) == 0) {
            *(strcmp(line->means, "cash") == 0 ? &backs.cash_yen : &backs.rest_yen) += line->amount_yen;
        }
    }
    return backs;
}

static int64_t
take_yen(int64_t *from_yen, int64_t at_most_yen)
{
    int64_t yen = *from_yen < at_most_yen ? *from_yen : at_most_yen;
    yen = yen > 0 ? yen : 0;
    *from_yen -= yen;
    return yen;
}

/* What went back of a line, of its cash part and of the other: cash for cash first, the rest for the rest, never more
 * than a part was. What no line was named for (LOOSE) is taken of the sale's lines in their order. */
static struct backs
share_backs(const struct refunded *refunded, const struct received_line *row, const struct line_part *cash,
            const struct line_part *rest, struct backs *loose)
{
    struct backs asked = backs_of(refunded, row, row->number);
    int64_t room_yen = row->amount_yen - asked.cash_yen - asked.rest_yen;
    int64_t loose_cash_yen = take_yen(&loose->cash_yen, room_yen);
    asked.cash_yen += loose_cash_yen;
    asked.rest_yen += take_yen(&loose->rest_yen, room_yen - loose_cash_yen);
    struct backs backs = {.cash_yen = take_yen(&asked.cash_yen, cash->amount_yen),
                          .rest_yen = take_yen(&asked.rest_yen, rest->amount_yen)};
    backs.rest_yen += take_yen(&asked.cash_yen, rest->amount_yen - backs.rest_yen);
    backs.cash_yen += take_yen(&asked.rest_yen, cash->amount_yen - backs.cash_yen);
    return backs;
}

/* One sale on its way into sources. */
struct judging {
    struct refunded refunded;
    struct day_input *input;
    const struct catalogue *catalogue;
    const struct assessment_key *day;
    const char *brand_route; /* NULL: no trustee */
};

static enum status
judge_part(const struct judging *at, const struct received_line *row, const struct line_part *part, bool is_cash,
           int64_t refunded_yen, struct error_detail *err)
{
    struct account_parts ignored;
    struct facility_view facility = {0};
    const char *route = is_cash ? "cash" : at->brand_route;
    bool is_known =
        row->facility[0] != '\0' && catalogue_facility(at->catalogue, row->facility, at->day->received_on, &facility);
    bool is_operators = is_known && facility.is_operator_fee && part->amount_yen > 0;
    const char *held_for = NULL;
    if (is_operators) {
        held_for = "operator_revenue";
    } else if (part->amount_yen > 0 && route == NULL) {
        held_for = "no_trustee";
    } else if (part->amount_yen > 0 && !catalogue_account(at->catalogue, row->account, &ignored)) {
        held_for = "no_account";
    }
    const char *name = name_of(&at->input->arena, row, part->amount_yen < row->amount_yen);
    if (name == NULL) {
        return out_of_room(err);
    }
    at->input->input.sources[at->input->input.source_count++] =
        (struct assessment_source){.key = {.received_on = at->day->received_on,
                                           .fiscal_year = at->day->fiscal_year,
                                           .account = row->account,
                                           .section = row->section,
                                           .route = route != NULL ? route : "none",
                                           .tax = row->tax},
                                   .terminal = row->terminal,
                                   .sequence = row->sequence,
                                   .sale = row->sale,
                                   .line = row->number,
                                   .is_cash = is_cash,
                                   .item = row->item,
                                   .name = name,
                                   .quantity = part->quantity,
                                   .unit_price_yen = row->unit_price_yen,
                                   .amount_yen = part->amount_yen,
                                   .tax_yen = part->tax_yen,
                                   .refunded_yen = refunded_yen,
                                   .held_for = held_for,
                                   .facility = row->facility,
                                   .run_by = is_operators ? facility.run_by : NULL};
    return STATUS_OK;
}

/* Each line is one source, or two when it was paid in two ways. */
static enum status
judge_sale(const struct judging *at, const struct received_line *rows, size_t count, const int64_t *taxes,
           struct error_detail *err)
{
    enum status status = STATUS_OK;
    struct backs loose = backs_of(&at->refunded, &rows[0], 0);
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        const struct line_part whole = {
            .quantity = rows[i].quantity, .amount_yen = rows[i].amount_yen, .tax_yen = taxes[i]};
        struct line_part cash;
        struct line_part rest;
        mixed_part_divide(&cash, &rest, &whole, rows[i].cash_yen);
        const struct backs backs = share_backs(&at->refunded, &rows[i], &cash, &rest, &loose);
        bool is_cash_sale = strcmp(rows[i].method, "cash") == 0; /* its lines of 0円 too */
        if (cash.amount_yen > 0) {
            status = judge_part(at, &rows[i], &cash, /* is_cash */ true, backs.cash_yen, err);
        }
        if (status == STATUS_OK && (rest.amount_yen > 0 || whole.amount_yen == 0)) {
            status = judge_part(at, &rows[i], &rest, is_cash_sale, backs.rest_yen, err);
        }
    }
    return status;
}

static enum status
judge_all(struct day_input *input, struct store_txn *txn, const struct catalogue *catalogue,
          const struct received_line *rows, size_t count, const struct assessment_key *day,
          const struct refunded *refunded, struct error_detail *err)
{
    input->input.sources = arena_take_array(&input->arena, 2 * count, sizeof input->input.sources[0]);
    int64_t *taxes = arena_take_array(&input->arena, count, sizeof taxes[0]);
    if (input->input.sources == NULL || taxes == NULL) {
        return out_of_room(err);
    }
    enum status status = STATUS_OK;
    for (size_t begin = 0; status == STATUS_OK && begin < count;) {
        size_t end = begin + 1;
        while (end < count && rows[end].sequence == rows[begin].sequence &&
               strcmp(rows[end].terminal, rows[begin].terminal) == 0) {
            end++;
        }
        status = share_taxes(txn, &rows[begin], end - begin, &taxes[begin], err);
        if (status == STATUS_OK) {
            struct judging judging = {.refunded = *refunded,
                                      .input = input,
                                      .catalogue = catalogue,
                                      .day = day,
                                      .brand_route = route_of_brand(catalogue, &rows[begin], day->received_on)};
            status = judge_sale(&judging, &rows[begin], end - begin, &taxes[begin], err);
        }
        begin = end;
    }
    return status;
}

static bool
keep_key(struct arena *arena, struct assessment_key *key)
{
    key->account = keep(arena, NULL, key->account);
    key->section = keep(arena, NULL, key->section);
    key->route = keep(arena, NULL, key->route);
    key->tax = keep(arena, NULL, key->tax);
    return key->account != NULL && key->section != NULL && key->route != NULL && key->tax != NULL;
}

static enum status
collect_claim(const struct assessment_claim *claim, void *context, struct error_detail *err)
{
    struct collecting *collecting = context;
    struct arena *arena = collecting->arena;
    struct assessment_claim copy = *claim;
    struct assessment_claim *place = growing_add(&collecting->rows);
    copy.source.terminal = keep(arena, NULL, claim->source.terminal);
    copy.source.sale = keep(arena, NULL, claim->source.sale);
    copy.source.item = keep(arena, NULL, claim->source.item);
    copy.source.name = keep(arena, NULL, claim->source.name);
    if (place == NULL || !keep_key(arena, &copy.source.key) || copy.source.terminal == NULL ||
        copy.source.sale == NULL || copy.source.item == NULL || copy.source.name == NULL) {
        return out_of_room(err);
    }
    *place = copy;
    return STATUS_OK;
}

static enum status
collect_original(const struct assessment_original *original, void *context, struct error_detail *err)
{
    struct collecting *collecting = context;
    struct assessment_original copy = *original;
    struct assessment_original *place = growing_add(&collecting->rows);
    if (place == NULL || !keep_key(collecting->arena, &copy.key)) {
        return out_of_room(err);
    }
    *place = copy;
    return STATUS_OK;
}

/* Copy what was collected into the arena, where it stays. NULL when there is no room. */
static void *
settle(struct arena *arena, const struct growing *rows)
{
    void *array = arena_take_array(arena, rows->count, rows->size);
    if (array != NULL && rows->count > 0) {
        memcpy(array, rows->elements, rows->count * rows->size);
    }
    return array;
}

static enum status
read_approved(struct day_input *input, struct store_txn *txn, const char *municipality, const char *day,
              struct error_detail *err)
{
    struct collecting claims = {.arena = &input->arena};
    struct collecting originals = {.arena = &input->arena};
    growing_init(&claims.rows, sizeof(struct assessment_claim), DAY_LINES_MAX, 0);
    growing_init(&originals.rows, sizeof(struct assessment_original), DAY_LINES_MAX, 0);
    enum status status = assessment_claim_each(txn, municipality, day, collect_claim, &claims, err);
    if (status == STATUS_OK) {
        status = assessment_original_each(txn, municipality, day, collect_original, &originals, err);
    }
    if (status == STATUS_OK) {
        input->input.claims = settle(&input->arena, &claims.rows);
        input->input.claim_count = claims.rows.count;
        input->input.originals = settle(&input->arena, &originals.rows);
        input->input.original_count = originals.rows.count;
        if (input->input.claims == NULL || input->input.originals == NULL) {
            status = out_of_room(err);
        }
    }
    growing_finish(&claims.rows);
    growing_finish(&originals.rows);
    return status;
}

enum status
day_input_read(struct day_input *out, struct store_txn *txn, const struct catalogue *catalogue,
               const char *municipality, struct civil_date day, struct civil_date today, struct error_detail *err)
{
    struct day_input input = {0};
    arena_init(&input.arena, DAY_BYTES_MAX);
    struct collecting lines = {.arena = &input.arena};
    growing_init(&lines.rows, sizeof(struct received_line), DAY_LINES_MAX, 0);
    char day_text[CIVIL_DATE_TEXT_SIZE];
    civil_date_format(day_text, day);

    enum status status = received_line_each(txn, municipality, day_text, collect_line, &lines, err);
    /* What goes back after the year's books were closed is expenditure of the new year: no 減額. */
    struct collecting backs = {.arena = &input.arena};
    growing_init(&backs.rows, sizeof(struct refunded_line), DAY_LINES_MAX, 0);
    char closing[CIVIL_DATE_TEXT_SIZE];
    civil_date_format(closing, fiscal_year_closing_day(fiscal_year_of(day)));
    if (status == STATUS_OK) {
        status = refunded_line_each(txn, municipality, day_text, closing, collect_refunded, &backs, err);
    }
    if (status == STATUS_OK) {
        struct assessment_key key = {.received_on = day, .fiscal_year = assessment_fiscal_year(day, today)};
        const struct refunded refunded = {.lines = backs.rows.elements, .count = backs.rows.count};
        status = judge_all(&input, txn, catalogue, lines.rows.elements, lines.rows.count, &key, &refunded, err);
    }
    growing_finish(&backs.rows);
    if (status == STATUS_OK) {
        status = read_approved(&input, txn, municipality, day_text, err);
    }
    growing_finish(&lines.rows);
    if (status != STATUS_OK) {
        day_input_finish(&input);
        return status;
    }
    *out = input;
    return STATUS_OK;
}

void
day_input_finish(struct day_input *input)
{
    arena_finish(&input->arena);
    *input = (struct day_input){0};
}
