/* 年度締め: what stands against closing a fiscal year, what its 調定 are, and who closed it. */
#pragma once

#include "settlement/store/store.h"

/* Count and yen of one thing that stands against the closing, or goes beside it. */
struct year_obstacle {
    int64_t count;
    int64_t yen;
};

enum closing_question {
    YEAR_UNDRAFTED_DAYS, /* days of the year on which something came in since they were drafted; no yen */
    YEAR_WAITING,        /* 調定 drafted or proposed */
    YEAR_UNEXPORTED,     /* approved, not exported */
    YEAR_HELD,           /* money without account or trustee */
    YEAR_IN_DOUBT,       /* payments whose outcome is not known, of days of the year */
    YEAR_DISCREPANCIES,  /* 要確認 of days of the year that nobody has judged */
    YEAR_REMITTANCES,    /* 払込 of the year that the bank's record does not show */
    YEAR_REFUNDS,        /* refunds of the year's sales that wait: from the closing day on they are 歳出 */
    CLOSING_QUESTION_COUNT
};

/* FIRST and LAST: the year's days. */
enum status
year_obstacle_read(struct store_txn *txn, enum closing_question question, const char *municipality, int fiscal_year,
                   const char *first, const char *last, struct year_obstacle *out, struct error_detail *err) MUST_CHECK;

/* One 調定 of the year, as the closing's digest takes it. Texts are borrowed for the visit. */
struct year_record {
    int64_t serial;
    const char *kind;
    const char *assessed_on;
    const char *account;
    const char *section;
    const char *route;
    const char *tax;
    int64_t amount_yen;
    int64_t tax_yen;
};
typedef enum status (*year_record_visitor)(const struct year_record *record, void *context);
/* Those with a number, by number. */
enum status year_record_each(struct store_txn *txn, const char *municipality, int fiscal_year,
                             year_record_visitor visit, void *context, struct error_detail *err) MUST_CHECK;

/* Texts are borrowed. */
struct year_closing_row {
    int64_t id;
    int fiscal_year;
    const char *state; /* "proposed", "closed", "withdrawn" */
    int64_t assessed_count;
    int64_t assessed_yen;
    int64_t received_yen;
    int64_t outstanding_yen;
    const char *record_sha256;
    const char *proposed_by;
    const char *proposed_by_name; /* only when read */
    int64_t proposed_at_ms;
    const char *reason;
    const char *decided_by;
    const char *decided_by_name; /* only when read */
    int64_t decided_at_ms;
    const char *decided_reason;
};

enum status year_closing_add(struct store_txn *txn, const char *municipality, const struct year_closing_row *row,
                             int64_t *out_id, struct error_detail *err) MUST_CHECK;
/* STATE: "closed" or "withdrawn". */
enum status year_closing_decide(struct store_txn *txn, int64_t id, const char *state, const char *login, int64_t at_ms,
                                const char *reason, struct error_detail *err) MUST_CHECK;

typedef enum status (*year_closing_visitor)(const struct year_closing_row *row, void *context);
/* Newest first; of FISCAL_YEAR unless 0. */
enum status year_closing_each(struct store_txn *txn, const char *municipality, int fiscal_year,
                              year_closing_visitor visit, void *context, struct error_detail *err) MUST_CHECK;
