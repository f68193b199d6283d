/* The families of effects; for this folder only. */
#pragma once

#include "settlement/ledger/apply.h"
#include "settlement/ledger/postings.h"

/* One line being applied. */
struct application {
    struct store_txn *txn;
    const struct journal_line *line;
    struct ledger_terminal *till;
    char business_date[CIVIL_DATE_TEXT_SIZE];
    struct error_detail *err;
};

enum status apply_payment(struct application *at, const struct effect *effect);
enum status apply_reversal(struct application *at, const struct effect *effect);
enum status apply_sale(struct application *at, const struct sale_effect *sale);
enum status apply_void(struct application *at, const struct void_effect *voided);
enum status apply_day_opened(struct application *at, const struct day_opened_effect *opened);
enum status apply_day_closed(struct application *at, const struct day_closed_effect *closed);
enum status apply_refund(struct application *at, const struct effect *effect);
enum status apply_cash_moved(struct application *at, const struct cash_moved_effect *moved);
enum status apply_cash_counted(struct application *at, const struct cash_counted_effect *counted);
enum status apply_shift(struct application *at, const struct shift_effect *shift);
enum status apply_day_inspected(struct application *at, const struct day_inspected_effect *inspected);
enum status apply_ticket_issued(struct application *at, const struct ticket_effect *ticket);
enum status apply_ticket_closed(struct application *at, const struct ticket_effect *ticket);
enum status apply_entry(struct application *at, const struct entry_effect *entry);

/* Refuse the line unless DAY is the open day's id. */
enum status apply_check_day(struct application *at, const char *day);

/* The row's beginning of a line about the drawer or the gate. Borrows from AT. */
struct cash_place apply_place(const struct application *at);

/* Write the entries of LIST under the line, for money received on RECEIVED_ON, and keep the drawer's balance. */
enum status apply_postings(struct application *at, const struct posting_list *list, const char *received_on);

/* Say why the line cannot be; returns STATUS_REFUSED. */
enum status apply_refuse(struct application *at, const char *code, const char *format, ...) PRINTF_LIKE(3, 4);
