/* What every deed of the desk begins and ends with. For this folder only. */
#pragma once

#include "common/json/writer.h"
#include "settlement/desk/refund_desk.h"
#include "settlement/store/refund_store.h"

enum { NAME_OF_ITEM_SIZE = 241 };

/* Does the deed in TXN; anything but STATUS_OK undoes all of it. */
typedef enum status (*desk_deed)(struct store_txn *txn, const struct desk *desk, void *context,
                                 struct error_detail *err);

/* Let the ledger catch up, do DEED in a transaction of its own, commit, and let the ledger read it. Tries again a few
 * times when lines came meanwhile. */
enum status desk_do(const struct desk *desk, desk_deed deed, void *context, struct error_detail *err) MUST_CHECK;

/* A refund of the actor's city. STATUS_NOT_FOUND. */
enum status desk_refund_find(struct store_txn *txn, const struct desk *desk, const char *refund,
                             struct refund_facts *out, struct error_detail *err) MUST_CHECK;

/* The body of a line under way: begin, write members, then give it to desk_body_write, which ends it in any case. */
struct desk_body {
    struct buffer text;
    struct json_writer writer;
};
void desk_body_begin(struct desk_body *body, size_t max_bytes);
enum status desk_body_write(struct desk_body *body, struct store_txn *txn, const struct desk *desk,
                            struct civil_date day, const char *kind, struct error_detail *err) MUST_CHECK;

/* NAME as banks write it into OUT. STATUS_INVALID "wrong_name" names the first character that no bank takes, or says
 * that it is longer than 30. */
enum status transfer_name_make(char *out, size_t size, const char *name, struct error_detail *err) MUST_CHECK;
