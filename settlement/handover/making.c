/* 調定 are chosen first and read one by one, so that no cursor stands open while another is read. */
#include "settlement/handover/making.h"

#include "settlement/store/assessment_export_store.h"
#include "settlement/store/assessment_query_store.h"

#include <stdio.h>
#include <stdlib.h>

struct choosing {
    const struct making *making;
    struct made *made;
    struct error_detail *err;
};

static enum status
choose(const struct finance_part_row *row, void *context)
{
    struct choosing *choosing = context;
    struct made *made = choosing->made;
    if (choosing->making->choice == MAKING_REFUSED && (row->answer == 0 || row->is_accepted)) {
        return STATUS_OK;
    }
    if (choosing->making->limit > 0 && made->count == (size_t)choosing->making->limit) {
        return STATUS_OK;
    }
    if (made->count == made->capacity) {
        size_t capacity = made->capacity == 0 ? 256 : 2 * made->capacity;
        int64_t *grown = realloc(made->assessments, capacity * sizeof grown[0]);
        if (grown == NULL) {
            error_set(choosing->err, "no_memory", "out of memory");
            return STATUS_NO_MEMORY;
        }
        made->assessments = grown;
        made->capacity = capacity;
    }
    made->assessments[made->count++] = row->assessment;
    return STATUS_OK;
}

static enum status
keep_head(const struct export_row *row, void *context)
{
    struct handover_totals *totals = context;
    totals->fiscal_year = row->fiscal_year;
    totals->serial = row->serial;
    return STATUS_OK;
}

struct writing_one {
    struct store_txn *txn;
    struct handover_writer *writer;
    const struct assessment_record *record;
    struct error_detail *err;
};

static enum status
write_line(int64_t number, const struct assessment_line *line, void *context)
{
    struct writing_one *one = context;
    return handover_write_line(one->writer, one->record, number, line, one->err);
}

static enum status
write_record(const struct assessment_record *record, void *context)
{
    struct writing_one *one = context;
    one->record = record;
    enum status status = handover_write_assessment(one->writer, record, one->err);
    if (status == STATUS_OK && one->writer->layout->is_per_line) {
        status = assessment_line_each(one->txn, record->id, write_line, one, one->err);
    }
    return status;
}

static enum status
write_chosen(const struct making *making, struct handover_writer *writer, const struct made *made,
             struct error_detail *err)
{
    struct writing_one one = {.txn = making->txn, .writer = writer, .err = err};
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < made->count; i++) {
        const struct assessment_query query = {
            .municipality = making->municipality, .id = made->assessments[i], .limit = 1};
        status = assessment_each(making->txn, &query, write_record, &one, err);
    }
    return status;
}

enum status
making_write(const struct making *making, const char *made_on, struct buffer *out, struct made *made,
             struct error_detail *err)
{
    struct handover_writer writer;
    struct handover_totals head = {0};
    *made = (struct made){0};
    struct choosing choosing = {.making = making, .made = made, .err = err};
    snprintf(head.made_on, sizeof head.made_on, "%s", made_on);
    enum status status = export_each(making->txn, making->municipality, making->export_id, 0, 1, keep_head, &head, err);
    if (status == STATUS_OK && head.fiscal_year == 0) {
        error_set(err, "not_found", "この出力はありません。");
        return STATUS_NOT_FOUND;
    }
    if (status == STATUS_OK) {
        status = finance_part_each(making->txn, making->export_id, making->choice == MAKING_OF_FILE ? making->file : 0,
                                   choose, &choosing, err);
    }
    if (status == STATUS_OK && made->count == 0) {
        error_set(err, "nothing_to_send", "財務会計に渡す調定がありません。拒否されて未受付のものはありません。");
        return STATUS_NOT_FOUND;
    }
    if (status != STATUS_OK) {
        return status;
    }
    handover_writer_init(&writer, making->layout, &head);
    status = write_chosen(making, &writer, made, err);
    if (status == STATUS_OK) {
        status = handover_write_end(&writer, out, err);
    }
    made->totals = writer.totals;
    made->substituted = writer.substituted;
    handover_writer_finish(&writer);
    return status;
}

void
making_finish(struct made *made)
{
    free(made->assessments);
    *made = (struct made){0};
}
