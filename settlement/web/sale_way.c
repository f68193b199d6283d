/* Payments are read first and what follows from each after, so that no walk is inside another. */
#include "settlement/web/sale_way.h"

#include "settlement/store/import_store.h"
#include "settlement/store/payment_query_store.h"
#include "settlement/store/payout_store.h"
#include "settlement/web/payment_words.h"
#include "settlement/web/reply.h"

#include <stdio.h>
#include <string.h>

enum {
    PAYMENTS_MAX = 8,     /* of one sale: one that went through, and some tries */
    BANK_LINES_MAX = 100, /* of one payout: a transfer in several portions */
    ID_SIZE = 64,
    PAYOUT_SIZE = 256
};

/* One payment of the sale. Texts are copies. */
struct stage {
    char payment[ID_SIZE];
    char state[ID_SIZE];
    char payout[PAYOUT_SIZE];
    char trustee[ID_SIZE];
    int64_t amount_yen;
    int64_t import;
    int64_t line;
    int64_t line_amount_yen;
    int64_t line_fee_yen;
};

struct way {
    const char *sale;
    struct stage stages[PAYMENTS_MAX];
    size_t count;
};

static enum status
keep_payment(const struct payment_view *view, void *context)
{
    struct way *way = context;
    if (strcmp(view->sale, way->sale) != 0 || way->count == PAYMENTS_MAX) {
        return STATUS_OK;
    }
    struct stage *stage = &way->stages[way->count++];
    *stage = (struct stage){.amount_yen = view->amount_yen,
                            .import = view->import,
                            .line = view->line,
                            .line_amount_yen = view->line_amount_yen,
                            .line_fee_yen = view->line_fee_yen};
    snprintf(stage->payment, sizeof stage->payment, "%s", view->payment);
    snprintf(stage->state, sizeof stage->state, "%s", view->state);
    snprintf(stage->payout, sizeof stage->payout, "%s", view->payout);
    snprintf(stage->trustee, sizeof stage->trustee, "%s", view->payout_trustee);
    return STATUS_OK;
}

/* The days of a stage's payout. */
struct payout_days {
    const struct stage *stage;
    char due_on[CIVIL_DATE_TEXT_SIZE];
    char credited_on[CIVIL_DATE_TEXT_SIZE];
};

static enum status
keep_days(const struct payout_row *row, void *context, struct error_detail *err)
{
    struct payout_days *days = context;
    (void)err;
    if (strcmp(row->trustee, days->stage->trustee) == 0) {
        snprintf(days->due_on, sizeof days->due_on, "%s", row->payable_on[0] != '\0' ? row->payable_on : row->due_on);
        snprintf(days->credited_on, sizeof days->credited_on, "%s", row->credited_on);
    }
    return STATUS_OK;
}

struct places {
    int64_t import[BANK_LINES_MAX];
    int64_t line[BANK_LINES_MAX];
    size_t count;
};

static enum status
keep_place(int64_t import, int64_t line, void *context)
{
    struct places *places = context;
    if (places->count < BANK_LINES_MAX) {
        places->import[places->count] = import;
        places->line[places->count++] = line;
    }
    return STATUS_OK;
}

/* A line of the bank's record, for JSON. */
struct bank_writing {
    struct json_writer *writer;
    int64_t import;
};

static enum status
write_bank_line(const struct bank_line *line, void *context)
{
    const struct bank_writing *writing = context;
    char day[CIVIL_DATE_TEXT_SIZE];
    json_begin_object(writing->writer, NULL);
    json_int(writing->writer, "import", writing->import);
    json_int(writing->writer, "line", line->line);
    json_text(writing->writer, "booked_on", civil_date_format(day, line->date));
    json_int(writing->writer, "amount_yen", line->amount_yen);
    json_end_object(writing->writer);
    return STATUS_OK;
}

static enum status
write_bank(struct json_writer *writer, struct store_txn *txn, const char *municipality, const struct stage *stage,
           struct error_detail *err)
{
    struct places places = {.count = 0};
    enum status status = payment_bank_lines_each(txn, municipality, stage->payment, keep_place, &places, err);
    json_begin_array(writer, "bank");
    for (size_t i = 0; status == STATUS_OK && i < places.count; i++) {
        struct bank_writing writing = {.writer = writer, .import = places.import[i]};
        status = bank_line_each(txn, places.import[i], places.line[i], 0, 1, write_bank_line, &writing, err);
    }
    json_end_array(writer);
    return status;
}

static enum status
write_stage(struct json_writer *writer, struct store_txn *txn, const struct catalogue *catalogue,
            const char *municipality, const struct stage *stage, struct error_detail *err)
{
    struct payout_days days = {.stage = stage};
    enum status status = STATUS_OK;
    if (stage->payout[0] != '\0') {
        status = payout_find_each(txn, municipality, stage->payout, keep_days, &days, err);
    }
    json_begin_object(writer, NULL);
    json_text(writer, "payment", stage->payment);
    json_int(writer, "amount_yen", stage->amount_yen);
    json_text(writer, "state", stage->state);
    json_text(writer, "state_name", payment_state_name(stage->state));
    json_int_or_null(writer, "import", stage->import);
    json_int_or_null(writer, "line", stage->line);
    json_int(writer, "line_amount_yen", stage->line_amount_yen);
    json_int(writer, "line_fee_yen", stage->line_fee_yen);
    json_text_or_null(writer, "payout", stage->payout);
    json_text_or_null(writer, "trustee", stage->trustee);
    json_text_or_null(writer, "trustee_name",
                      stage->trustee[0] != '\0' ? catalogue_name(catalogue, "trustees", stage->trustee) : "");
    json_text_or_null(writer, "due_on", days.due_on);
    json_text_or_null(writer, "credited_on", days.credited_on);
    if (status == STATUS_OK) {
        status = write_bank(writer, txn, municipality, stage, err);
    }
    json_end_object(writer);
    return status;
}

enum status
json_sale_way(struct json_writer *writer, struct store_txn *txn, const struct catalogue *catalogue,
              const char *municipality, const char *sale, const char *receipt_number, const char *today,
              struct error_detail *err)
{
    struct way way = {.sale = sale};
    const struct payment_query query = {
        .municipality = municipality, .search = receipt_number, .today = today, .limit = PAYMENTS_MAX};
    enum status status = payment_view_each(txn, &query, keep_payment, &way, err);
    json_begin_array(writer, "way");
    for (size_t i = 0; status == STATUS_OK && i < way.count; i++) {
        status = write_stage(writer, txn, catalogue, municipality, &way.stages[i], err);
    }
    json_end_array(writer);
    return status;
}
