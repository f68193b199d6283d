/* What people said of payments that stand on the other side in several pieces (matching/split_deed.h). Rows are
 * borrowed for the visit. */
#pragma once

#include "settlement/store/matching_store.h"

/* A decision that stands. */
struct split_decision {
    int64_t id;
    int64_t at_ms;
    const char *login;
    const char *reason;
};
typedef enum status (*split_visitor)(const struct split_decision *split, void *context, struct error_detail *err);

/* A payment (or cancellation) and a line that belong together in decision SPLIT. */
struct split_part {
    int64_t split;
    const char *terminal;
    int64_t sequence;
    enum book_part part;
    int64_t import;
    int64_t line;
};
typedef enum status (*split_part_visitor)(const struct split_part *part, void *context, struct error_detail *err);

enum status split_add(struct store_txn *txn, const char *municipality, const struct split_decision *split,
                      int64_t *out_id, struct error_detail *err) MUST_CHECK;
enum status split_part_add(struct store_txn *txn, const char *municipality, const struct split_part *part,
                           struct error_detail *err) MUST_CHECK;

/* Take ID back. STATUS_NOT_FOUND "not_found" when it does not stand in MUNICIPALITY. */
enum status split_take_back(struct store_txn *txn, const char *municipality, int64_t id, const char *login,
                            const char *reason, int64_t now_ms, struct error_detail *err) MUST_CHECK;

/* The parts of decision ID, whether it stands or not. */
enum status split_part_each(struct store_txn *txn, int64_t id, split_part_visitor visit, void *context,
                            struct error_detail *err) MUST_CHECK;

/* The parts of standing decisions that are not carried out, by decision, then by line, then by payment. */
enum status split_waiting_each(struct store_txn *txn, const char *municipality, split_part_visitor visit, void *context,
                               struct error_detail *err) MUST_CHECK;

/* The standing decisions with a part of the payment or of the line. */
enum status
split_about_each(struct store_txn *txn, const char *municipality, const char *terminal, int64_t sequence,
                 int64_t import, int64_t line, split_visitor visit, void *context, struct error_detail *err) MUST_CHECK;

/* What a piece is: yen (negative for a cancellation), and whether it is open. Of a line also which deposit it is in
 * (`payout` "" where it names none; borrowed for the visit), and whether it is marked as training. */
struct split_piece {
    int64_t amount_yen;
    bool is_open;
    bool is_training;
    const char *trustee;
    const char *payout;
};
typedef enum status (*split_piece_visitor)(const struct split_piece *piece, void *context, struct error_detail *err);

/* The payment or the line of PART, as it stands now; not visited when there is none. */
enum status split_payment_read(struct store_txn *txn, const char *municipality, const struct split_part *part,
                               split_piece_visitor visit, void *context, struct error_detail *err) MUST_CHECK;
enum status split_line_read(struct store_txn *txn, const char *municipality, const struct split_part *part,
                            split_piece_visitor visit, void *context, struct error_detail *err) MUST_CHECK;

/* A further line of a payment whose first stands in `matched`. */
enum status matched_more_add(struct store_txn *txn, const char *municipality, const struct split_part *part,
                             struct error_detail *err) MUST_CHECK;

/* What decision ID put together comes apart: payments and lines are open again. */
enum status
split_release(struct store_txn *txn, const char *municipality, int64_t id, struct error_detail *err) MUST_CHECK;
