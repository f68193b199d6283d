/* The schema of all papers, from the lists of names.h. */
#include "common/papers/names.h"

#include <string.h>

static const struct receiptline_schema issuer_schema, line_schema, pricing_schema, tax_schema, count_schema, sum_schema,
    brand_schema, unresolved_schema, taking_schema, item_schema;

/* Which rows each list has; NULL for what is no list. */
#define ROWS_OF_TEXT(index) NULL
#define ROWS_OF_PARAGRAPH(index) NULL
#define ROWS_OF_YEN(index) NULL
#define ROWS_OF_NUMBER(index) NULL
#define ROWS_OF_DATE(index) NULL
#define ROWS_OF_MOMENT(index) NULL
#define ROWS_OF_FLAG(index) NULL
#define ROWS_OF_LIST(index) (&ROWS_##index)
#define ROWS_ISSUERS issuer_schema
#define ROWS_LINES line_schema
#define ROWS_ISSUER_LINES line_schema
#define ROWS_ISSUER_TAXES tax_schema
#define ROWS_LINE_PRICING pricing_schema
#define ROWS_COUNTS count_schema
#define ROWS_METHODS sum_schema
#define ROWS_VOIDS brand_schema
#define ROWS_SUM_BRANDS brand_schema
#define ROWS_UNRESOLVED unresolved_schema
#define ROWS_FACILITIES taking_schema
#define ROWS_ACCOUNTS item_schema
#define ROWS_TAKING_ITEMS item_schema

#define AS_NAME(index, word, type, papers, what)                                                                       \
    {.name = #word, .kind = RECEIPTLINE_##type, .rows = ROWS_OF_##type(index), .scope = (papers), .meaning = (what)},

static const struct receiptline_name names[] = {PAPERS_NAMES(AS_NAME)};
static const struct receiptline_name issuer_names[] = {PAPERS_ISSUER_NAMES(AS_NAME)};
static const struct receiptline_name line_names[] = {PAPERS_LINE_NAMES(AS_NAME)};
static const struct receiptline_name pricing_names[] = {PAPERS_PRICING_NAMES(AS_NAME)};
static const struct receiptline_name tax_names[] = {PAPERS_TAX_NAMES(AS_NAME)};
static const struct receiptline_name count_names[] = {PAPERS_COUNT_NAMES(AS_NAME)};
static const struct receiptline_name sum_names[] = {PAPERS_SUM_NAMES(AS_NAME)};
static const struct receiptline_name unresolved_names[] = {PAPERS_UNRESOLVED_NAMES(AS_NAME)};
static const struct receiptline_name taking_names[] = {PAPERS_TAKING_NAMES(AS_NAME)};

static const struct receiptline_schema schema = {names, PAPERS_NAME_COUNT};
static const struct receiptline_schema issuer_schema = {issuer_names, PAPERS_ISSUER_NAME_COUNT};
static const struct receiptline_schema line_schema = {line_names, PAPERS_LINE_NAME_COUNT};
static const struct receiptline_schema pricing_schema = {pricing_names, PAPERS_PRICING_NAME_COUNT};
static const struct receiptline_schema tax_schema = {tax_names, PAPERS_TAX_NAME_COUNT};
static const struct receiptline_schema count_schema = {count_names, PAPERS_COUNT_NAME_COUNT};
static const struct receiptline_schema sum_schema = {sum_names, PAPERS_SUM_NAME_COUNT};
static const struct receiptline_schema unresolved_schema = {unresolved_names, PAPERS_UNRESOLVED_NAME_COUNT};
static const struct receiptline_schema taking_schema = {taking_names, PAPERS_TAKING_NAME_COUNT};

/* Rows inside rows: the same records without the list at their end, which stays empty. */
static const struct receiptline_schema brand_schema = {sum_names, PAPERS_SUM_NAME_COUNT};
static const struct receiptline_schema item_schema = {taking_names, PAPERS_TAKING_NAME_COUNT};

const struct receiptline_schema *
papers_schema(void)
{
    return &schema;
}

uint32_t
papers_form_scope(enum papers_form form)
{
    return UINT32_C(1) << form;
}

static const struct {
    const char *word, *title;
} forms[PAPERS_FORM_COUNT] = {
    [PAPERS_RECEIPT] = {"receipt", "領収書"},
    [PAPERS_VOID] = {"void", "取消票"},
    [PAPERS_IN_DOUBT] = {"in_doubt", "処理未了"},
    [PAPERS_CLOSE] = {"close", "精算票"},
    [PAPERS_SHOP_COPY] = {"shop_copy", "加盟店控"},
    [PAPERS_REFUND] = {"refund", "返金票"},
    [PAPERS_FLOAT] = {"float", "つり銭票"},
    [PAPERS_CASH] = {"cash", "入出金票"},
    [PAPERS_INSPECTION] = {"inspection", "点検票"},
    [PAPERS_DEPOSIT] = {"deposit", "現金払込書"},
    [PAPERS_DAY_REPORT] = {"day_report", "収納日報"},
    [PAPERS_HANDOVER] = {"handover", "引継票"},
    [PAPERS_HOLD] = {"hold", "保留票"},
    [PAPERS_TICKET] = {"ticket", "入場券・駐車券"},
    [PAPERS_PAYMENT_CODE] = {"payment_code", "お支払い用コード"},
    [PAPERS_TEST] = {"test", "試し刷り"},
};

const char *
papers_form_word(enum papers_form form)
{
    return forms[form].word;
}

const char *
papers_form_title(enum papers_form form)
{
    return forms[form].title;
}

bool
papers_form_from_word(const char *word, enum papers_form *out)
{
    for (int form = 0; form < PAPERS_FORM_COUNT; form++) {
        if (strcmp(forms[form].word, word) == 0) {
            *out = (enum papers_form)form;
            return true;
        }
    }
    return false;
}

enum status
papers_compile(struct receiptline_template **out, enum papers_form form, const char *markup, size_t length,
               struct error_detail *err)
{
    return receiptline_compile(out, &schema, papers_form_scope(form), markup, length, err);
}
