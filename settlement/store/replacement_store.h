/* Files that take the place of earlier ones, and the lines that do not count because of it. */
#pragma once

#include "settlement/store/store.h"

#include <stdbool.h>
#include <stdint.h>

/* LATER in the place of EARLIER. Texts are borrowed. */
struct replacement_row {
    int64_t id;
    int64_t chain; /* the first file of those that replaced one another */
    int64_t earlier;
    int64_t later;
    const char *state; /* "proposed", "done", "refused" */
    int64_t same_count;
    int64_t changed_count;
    int64_t gone_count;
    int64_t added_count;
    const char *proposed_by;
    const char *proposed_by_name; /* only when read */
    int64_t proposed_at_ms;
    const char *reason;
    const char *decided_by;
    const char *decided_by_name; /* only when read */
    int64_t decided_at_ms;
    const char *decided_reason;
};

enum status replacement_add(struct store_txn *txn, const char *municipality, const struct replacement_row *row,
                            int64_t *out_id, struct error_detail *err) MUST_CHECK;
enum status replacement_decide(struct store_txn *txn, int64_t id, const char *state, const char *login, int64_t at_ms,
                               const char *reason, struct error_detail *err) MUST_CHECK;

/* ROW is borrowed for the visit; anything but STATUS_OK ends the walk and is returned. */
typedef enum status (*replacement_visitor)(const struct replacement_row *row, void *context);

/* Newest first: those with IMPORT on either side (0: all), only ID unless 0. */
enum status replacement_each(struct store_txn *txn, const char *municipality, int64_t id, int64_t import, int64_t limit,
                             replacement_visitor visit, void *context, struct error_detail *err) MUST_CHECK;

/* The chain that IMPORT is in, and the file in it that stands; IMPORT itself for both when it never was in a
 * replacement that was carried out. *OUT_WAITING: a replacement of the chain that waits for its second person, or 0. */
enum status replacement_chain(struct store_txn *txn, const char *municipality, int64_t import, int64_t *out_chain,
                              int64_t *out_standing, int64_t *out_waiting, struct error_detail *err) MUST_CHECK;

/* Whether IMPORT counts nothing because it waits for a second person, or was refused. */
enum status
replacement_is_kept_out(struct store_txn *txn, int64_t import, bool *out, struct error_detail *err) MUST_CHECK;

typedef enum status (*number_visitor)(int64_t number, void *context);

/* Files of CHAIN, by number. */
enum status replacement_chain_each(struct store_txn *txn, int64_t chain, number_visitor visit, void *context,
                                   struct error_detail *err) MUST_CHECK;

/* Lines that do not count. */
enum status line_aside_all(struct store_txn *txn, int64_t import, struct error_detail *err) MUST_CHECK;
enum status line_aside_put(struct store_txn *txn, int64_t import, int64_t line, struct error_detail *err) MUST_CHECK;
enum status line_aside_remove(struct store_txn *txn, int64_t import, int64_t line, struct error_detail *err) MUST_CHECK;
enum status line_aside_each(struct store_txn *txn, int64_t import, number_visitor visit, void *context,
                            struct error_detail *err) MUST_CHECK;
enum status line_aside_count(struct store_txn *txn, int64_t import, int64_t *out, struct error_detail *err) MUST_CHECK;

/* Take away what IMPORT says of deposits, so that it can be said again of the lines that count. */
enum status payout_parts_remove(struct store_txn *txn, int64_t import, struct error_detail *err) MUST_CHECK;

/* Files that stand, have LAYOUT, and lines of days from FIRST_ON to LAST_ON; newest first. */
enum status replaceable_each(struct store_txn *txn, const char *municipality, const char *layout, const char *first_on,
                             const char *last_on, int64_t limit, number_visitor visit, void *context,
                             struct error_detail *err) MUST_CHECK;

/* What a person decided about a line, in words and with the yen at stake. Borrowed for the visit. */
struct line_decision {
    const char *what; /* "discrepancy:7" or "pair:3" */
    const char *class;
    const char *resolution; /* "", or the word */
    const char *login;
    const char *terminal; /* our side; "" */
    int64_t sequence;
    const char *payment;
    const char *brand;
    const char *trustee;
    const char *happened_on;
};
typedef enum status (*line_decision_visitor)(const struct line_decision *decision, void *context);
enum status line_decision_each(struct store_txn *txn, int64_t import, int64_t line, line_decision_visitor visit,
                               void *context, struct error_detail *err) MUST_CHECK;
