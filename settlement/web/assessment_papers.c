/* 調定票 with its 内訳 as a file: PDF, XLSX, CSV. */
#include "settlement/catalogue/catalogue.h"
#include "settlement/forms/assessment_form.h"
#include "settlement/forms/form_csv.h"
#include "settlement/forms/form_files.h"
#include "settlement/store/assessment_query_store.h"
#include "settlement/web/asked.h"
#include "settlement/web/endpoints.h"
#include "settlement/web/paper_reply.h"
#include "settlement/web/reply.h"

#include <stdio.h>

/* The two papers of one 調定, being made. */
struct papers {
    struct store_txn *txn;
    const struct catalogue *catalogue;
    const char *municipality;
    struct form slip;
    struct form breakdown;
    bool is_found;
    char name[64]; /* of the file */
    struct assessment_breakdown sum;
    struct error_detail *err;
};

static enum status
add_line(int64_t number, const struct assessment_line *line, void *context)
{
    assessment_breakdown_add(context, number, line);
    return STATUS_OK;
}

static enum status
make_papers(const struct assessment_record *record, void *context)
{
    struct papers *papers = context;
    const char *issuer = catalogue_municipality_name(papers->catalogue, papers->municipality);
    char number[ASSESSMENT_NUMBER_SIZE];
    form_finish(&papers->slip);
    form_finish(&papers->breakdown);
    assessment_slip_form(&papers->slip, record, issuer);
    assessment_breakdown_begin(&papers->sum, &papers->breakdown, record, issuer);
    papers->is_found = true;
    if (record->serial != 0) {
        snprintf(papers->name, sizeof papers->name, "chotei-%s",
                 assessment_number_format(number, record->fiscal_year, record->serial));
    } else {
        snprintf(papers->name, sizeof papers->name, "chotei-draft-%lld", (long long)record->id);
    }
    enum status status = assessment_line_each(papers->txn, record->id, add_line, &papers->sum, papers->err);
    return status == STATUS_OK ? assessment_breakdown_end(&papers->sum, record, papers->err) : status;
}

void
assessment_paper_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct catalogue *catalogue = NULL;
    int64_t id;
    const char *municipality = asked_actor(request)->municipality;
    struct papers papers = {.municipality = municipality, .err = &err};
    form_begin(&papers.slip, "", "", 0);
    form_begin(&papers.breakdown, "", "", 0);
    enum status status = asked_id(request, "id", &id, &err);
    if (status == STATUS_OK) {
        status = asked_begin_read(request, service, &papers.txn, &err);
    }
    if (status == STATUS_OK) {
        status = catalogue_load(&catalogue, papers.txn, municipality, &err);
    }
    papers.catalogue = catalogue;
    const struct assessment_query query = {.municipality = municipality, .id = id, .limit = 1};
    if (status == STATUS_OK) {
        status = assessment_each(papers.txn, &query, make_papers, &papers, &err);
    }
    store_end(papers.txn);
    if (status == STATUS_OK && !papers.is_found) {
        error_set(&err, "not_found", "調定(%lld)はありません。", (long long)id);
        status = STATUS_NOT_FOUND;
    }
    if (status == STATUS_OK) {
        respond_paper(request, papers.name, (const struct form *const[]){&papers.slip, &papers.breakdown}, 2);
    } else {
        respond_failure(request, status, &err);
    }
    form_finish(&papers.slip);
    form_finish(&papers.breakdown);
    catalogue_destroy(catalogue);
}
