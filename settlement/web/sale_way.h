/* The way of a sale's cashless money: its payment, the line of the company's statement, the payout that the line is in,
 * and the bank's lines that paid it. For this folder only. */
#pragma once

#include "common/json/writer.h"
#include "settlement/catalogue/catalogue.h"
#include "settlement/store/store.h"

/* Write the array "way" about the sale SALE with RECEIPT_NUMBER: a row for each of its payments; empty for cash. TODAY
 * is a day, which decides what is overdue. */
enum status json_sale_way(struct json_writer *writer, struct store_txn *txn, const struct catalogue *catalogue,
                          const char *municipality, const char *sale, const char *receipt_number, const char *today,
                          struct error_detail *err) MUST_CHECK;
