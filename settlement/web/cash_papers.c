/* 収納日報, 日計表, 月計表, 現金出納簿 and 釣銭管理簿 of a period, as files. */
#include "settlement/web/cash_period.h"
#include "settlement/web/endpoints.h"
#include "settlement/web/paper_reply.h"
#include "settlement/web/reply.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_SIZE = 64, WORDS_SIZE = 320 };

/* By 所属 where BY_SECTION, then by day; what came in stands before what went out. */
static int
compare_movements(const struct movement *a, const struct movement *b, bool by_section)
{
    int order = by_section ? strcmp(a->section, b->section) : 0;
    order = order != 0 ? order : strcmp(a->day, b->day);
    order = order != 0 ? order : (a->paid_yen != 0) - (b->paid_yen != 0);
    order = order != 0 ? order : strcmp(a->section, b->section);
    order = order != 0 ? order : strcmp(a->place, b->place);
    order = order != 0 ? order : strcmp(a->terminal, b->terminal);
    order = order != 0 ? order : a->number < b->number ? -1 : a->number > b->number ? 1 : 0;
    return order != 0 ? order : strcmp(a->words, b->words);
}

static int
by_section(const void *a, const void *b)
{
    return compare_movements(a, b, true);
}

static int
by_day(const void *a, const void *b)
{
    return compare_movements(a, b, false);
}

static const struct movement *
sorted(struct period *period, int (*compare)(const void *, const void *))
{
    if (period->movements.count > 1) {
        qsort(period->movements.elements, period->movements.count, sizeof(struct movement), compare);
    }
    return period->movements.elements;
}

static struct cash_office
office_of(const struct period *period, const char *section)
{
    return cash_office_of_section(period->view->catalogue, section);
}

static const char *
issuer_of(const struct period *period)
{
    return catalogue_municipality_name(period->view->catalogue, period->view->municipality);
}

static const char *
asked_office_name(const struct period *period)
{
    return period->section != NULL ? office_of(period, period->section).name : "";
}

static const char *
asked_officer(const struct period *period)
{
    return period->section != NULL ? office_of(period, period->section).officer : "";
}

static void
make_receipts(struct period *period)
{
    struct cash_sums office = {0}, all = {0};
    char words[WORDS_SIZE];
    receipts_form(&period->form, issuer_of(period), period->from, period->to, asked_office_name(period),
                  asked_officer(period));
    const struct movement *rows = sorted(period, by_section);
    for (size_t i = 0; i < period->movements.count; i++) {
        const struct cash_office whose = office_of(period, rows[i].section);
        snprintf(words, sizeof words, whose.officer[0] != '\0' ? "%s（%s）" : "%s", whose.name, whose.officer);
        const struct receipts_words texts = {.office = words,
                                             .place = rows[i].place,
                                             .terminal = rows[i].terminal,
                                             .business_date = rows[i].day,
                                             .number = rows[i].number};
        if (rows[i].paid_yen == 0) {
            receipts_form_row(&period->form, &texts, &rows[i].sums, FORM_ENTRY);
        }
        cash_sums_add(&office, &rows[i].sums);
        cash_sums_add(&all, &rows[i].sums);
        if (i + 1 == period->movements.count || strcmp(rows[i + 1].section, rows[i].section) != 0) {
            receipts_form_row(&period->form, &texts, &office, FORM_SUBTOTAL);
            office = (struct cash_sums){0};
        }
    }
    receipts_form_row(&period->form, &(struct receipts_words){.office = ""}, &all, FORM_TOTAL);
}

/* What SECTION (NULL: all) held before the period. */
static int64_t
before_of(const struct period *period, const char *section)
{
    const struct movement *before = period->before.elements;
    int64_t sum_yen = 0;
    for (size_t i = 0; i < period->before.count; i++) {
        sum_yen += section == NULL || strcmp(before[i].section, section) == 0 ? before[i].sums.deposit_yen : 0;
    }
    return sum_yen;
}

static void
make_table(struct period *period, enum cash_table table)
{
    const bool is_day = table == CASH_TABLE_DAY;
    struct cash_sums sums = {0}, all = {0};
    const int64_t all_before_yen = before_of(period, NULL);
    int64_t paid_yen = 0, all_paid_yen = 0, carried_yen = all_before_yen;
    cash_table_form(&period->form, issuer_of(period), table, period->from, period->to, asked_office_name(period));
    const struct movement *rows = sorted(period, is_day ? by_section : by_day);
    for (size_t i = 0; i < period->movements.count; i++) {
        cash_sums_add(&sums, &rows[i].sums);
        cash_sums_add(&all, &rows[i].sums);
        paid_yen += rows[i].paid_yen;
        all_paid_yen += rows[i].paid_yen;
        bool is_last = i + 1 == period->movements.count || strcmp(is_day ? rows[i + 1].section : rows[i + 1].day,
                                                                  is_day ? rows[i].section : rows[i].day) != 0;
        if (!is_last) {
            continue;
        }
        int64_t before_yen = is_day ? before_of(period, rows[i].section) : carried_yen;
        carried_yen = before_yen + sums.deposit_yen - paid_yen;
        cash_table_row(&period->form, is_day ? office_of(period, rows[i].section).name : rows[i].day, &sums, before_yen,
                       paid_yen, carried_yen, FORM_ENTRY);
        sums = (struct cash_sums){0};
        paid_yen = 0;
    }
    cash_table_row(&period->form, "", &all, all_before_yen, all_paid_yen,
                   all_before_yen + all.deposit_yen - all_paid_yen, FORM_TOTAL);
}

static void
make_day(struct period *period)
{
    make_table(period, CASH_TABLE_DAY);
}

static void
make_month(struct period *period)
{
    make_table(period, CASH_TABLE_MONTH);
}

static void
make_book(struct period *period)
{
    char words[WORDS_SIZE];
    int64_t balance_yen = before_of(period, NULL), in_yen = 0, out_yen = 0;
    cash_book_form(&period->form, issuer_of(period), period->from, period->to, asked_office_name(period),
                   asked_officer(period));
    cash_book_row(&period->form, "", "", "前から繰越", 0, 0, balance_yen, FORM_ENTRY);
    const struct movement *rows = sorted(period, by_day);
    for (size_t i = 0; i < period->movements.count; i++) {
        const struct movement *row = &rows[i];
        if (row->paid_yen == 0 && row->sums.deposit_yen == 0) {
            continue; /* a day without cash moves nothing */
        }
        in_yen += row->sums.deposit_yen;
        out_yen += row->paid_yen;
        balance_yen += row->sums.deposit_yen - row->paid_yen;
        if (row->sums.difference_yen != 0) {
            snprintf(words, sizeof words, "収納 %s　%s　（うち過不足 %+lld円）", row->place, row->terminal,
                     (long long)row->sums.difference_yen);
        } else {
            snprintf(words, sizeof words, "収納 %s　%s", row->place, row->terminal);
        }
        cash_book_row(&period->form, row->day, office_of(period, row->section).name,
                      row->paid_yen != 0 ? row->words : words, row->sums.deposit_yen, row->paid_yen, balance_yen,
                      FORM_ENTRY);
    }
    cash_book_row(&period->form, "", "", "", in_yen, out_yen, balance_yen, FORM_TOTAL);
}

static void
make_float(struct period *period)
{
    float_form(&period->form, issuer_of(period), period->from, period->to, asked_office_name(period));
    const struct movement *rows = sorted(period, by_section);
    for (size_t i = 0; i < period->movements.count; i++) {
        const struct movement *row = &rows[i];
        if (row->paid_yen != 0) {
            continue;
        }
        float_form_row(&period->form, &(struct float_line){.place = row->place,
                                                           .terminal = row->terminal,
                                                           .business_date = row->day,
                                                           .opening_yen = row->opening_float_yen,
                                                           .moved_yen = row->close_float_yen - row->opening_float_yen,
                                                           .close_yen = row->close_float_yen,
                                                           .counted_yen = row->counted_yen,
                                                           .deposit_yen = row->sums.deposit_yen,
                                                           .returned_yen = row->returned_yen,
                                                           .clerk = row->clerk});
    }
}

static const struct cash_paper {
    const char *word;
    const char *file;
    void (*make)(struct period *period);
} papers[] = {
    {"receipts", "shuno-nippo", make_receipts}, {"day", "nikkei", make_day},       {"month", "gekkei", make_month},
    {"book", "genkin-suito", make_book},        {"float", "tsurisen", make_float},
};

static const struct cash_paper *
asked_paper(const struct http_request *request)
{
    const char *word = asked_text(request, "paper");
    for (size_t i = 0; word != NULL && i < sizeof papers / sizeof papers[0]; i++) {
        if (strcmp(papers[i].word, word) == 0) {
            return &papers[i];
        }
    }
    return NULL;
}

void
cash_paper_endpoint(struct http_request *request, void *context)
{
    struct error_detail err;
    struct cash_view view;
    char name[NAME_SIZE];
    const struct cash_paper *paper = asked_paper(request);
    struct period period = {.section = NULL};
    enum status status = cash_view_begin(&view, request, context, &err);
    if (status == STATUS_OK && paper == NULL) {
        error_set(&err, "invalid_request", "帳票は receipts、day、month、book、float から選んでください。");
        status = STATUS_INVALID;
    }
    if (status == STATUS_OK) {
        status = cash_period_read(&period, &view, request, &err);
    }
    if (status == STATUS_OK) {
        paper->make(&period);
        snprintf(name, sizeof name, "%s-%s", paper->file, period.to);
        respond_paper(request, name, (const struct form *const[]){&period.form}, 1);
        form_finish(&period.form);
    } else {
        respond_failure(request, status, &err);
    }
    cash_period_finish(&period);
    cash_view_finish(&view);
}
