/* The papers of a till: which there are, what their templates may name, the templates that are built in, and a sample
 * of what stands on each. Shared, because the till prints by them and the settlement service edits and previews them.
 */
#pragma once

#include "common/receiptline/receiptline.h"

/* In the order of the words below, by which the journal, the masters and the command line call them. */
enum papers_form {
    PAPERS_RECEIPT,      /* 領収書, ご利用明細兼領収書 */
    PAPERS_VOID,         /* 取消票 */
    PAPERS_IN_DOUBT,     /* 処理未了 */
    PAPERS_CLOSE,        /* 精算票 (Z) */
    PAPERS_SHOP_COPY,    /* 加盟店控 */
    PAPERS_REFUND,       /* 返金票 */
    PAPERS_FLOAT,        /* つり銭 */
    PAPERS_CASH,         /* 入金票, 出金票 */
    PAPERS_INSPECTION,   /* 点検票 (X) */
    PAPERS_DEPOSIT,      /* 現金払込書 */
    PAPERS_DAY_REPORT,   /* 収納日報 */
    PAPERS_HANDOVER,     /* 引継票 */
    PAPERS_HOLD,         /* 保留票 */
    PAPERS_TICKET,       /* 入場券, 駐車券 */
    PAPERS_PAYMENT_CODE, /* お支払い用コード: the citizen scans it off the paper */
    PAPERS_TEST,         /* self-test page */
    PAPERS_FORM_COUNT
};

/* "receipt", "void", "in_doubt", "close", "shop_copy", "refund", "float", "cash", "inspection", "deposit",
 * "day_report", "handover", "hold", "ticket", "payment_code", "test". The reader gives false for another word. */
const char *papers_form_word(enum papers_form form);
bool papers_form_from_word(const char *word, enum papers_form *out);

/* 領収書, 取消票 …: for lists on screens. */
const char *papers_form_title(enum papers_form form);

/* The names that templates of all forms know; a template is compiled for its form with the scope papers_form_scope. */
const struct receiptline_schema *papers_schema(void);
uint32_t papers_form_scope(enum papers_form form);

/* The markup of the built-in template; static. */
const char *papers_template(enum papers_form form, size_t *out_length);

/* Compile MARKUP (LENGTH bytes) as a template of FORM: what a check is. As receiptline_compile. */
enum status papers_compile(struct receiptline_template **out, enum papers_form form, const char *markup, size_t length,
                           struct error_detail *err) MUST_CHECK;

/* ---- samples ----------------------------------------------------------------------------------------------------- */

/* A record as a JSON object: members are names of the schema; yen, numbers and flags (true, false) as such, dates
 * "YYYY-MM-DD", moments as the journal writes them, lists as arrays of objects. What is left out is empty. */
struct papers_record;

/* Read LENGTH bytes of JSON for FORM. *OUT is given: papers_record_destroy (NULL is fine). STATUS_INVALID names the
 * member. */
enum status papers_record_read(struct papers_record **out, enum papers_form form, const char *json, size_t length,
                               struct error_detail *err) MUST_CHECK;
void papers_record_destroy(struct papers_record *record);

/* For receiptline_render; borrowed. */
const struct receiptline_value *papers_record_values(const struct papers_record *record);

/* The sample of FORM as JSON; static. People, numbers and references in it are invented. */
const char *papers_sample(enum papers_form form, size_t *out_length);
