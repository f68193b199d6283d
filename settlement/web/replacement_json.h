/* REPLACEMENT and DIFFERENCE of docs/protocol/finance-http.md. For this folder only. */
#pragma once

#include "common/json/writer.h"
#include "settlement/imports/difference.h"
#include "settlement/store/replacement_store.h"

enum {
    DIFFERENCE_SHOWN_MAX = 200 /* lines that a person reads before agreeing; more are counted */
};

/* The object DIFFERENCE as member KEY; sorts its entries. */
void json_difference(struct json_writer *writer, const char *key, struct difference *difference);

/* The members of a REPLACEMENT, without its braces. */
void json_replacement_members(struct json_writer *writer, const struct replacement_row *row);

/* "replaced_by", "replacement" and "counts" of stored import ID. */
enum status json_import_standing(struct json_writer *writer, struct store_txn *txn, const char *municipality,
                                 int64_t id, struct error_detail *err) MUST_CHECK;

/* "same_period": the stored files whose place one with LAYOUT and these days could take. */
enum status
json_same_period(struct json_writer *writer, struct store_txn *txn, const char *municipality, const char *layout,
                 const char *first_on, const char *last_on, struct error_detail *err) MUST_CHECK;
