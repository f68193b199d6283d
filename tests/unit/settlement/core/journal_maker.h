/* A till made of nothing: writes and signs journal lines for tests. What goes wrong here ends the test program. */
#pragma once

#include "settlement/intake/accept.h"
#include "settlement/store/terminal_store.h"

/* INVARIANT: `pending` holds the lines first_pending … sequence, not uploaded yet. */
struct maker {
    struct signing_key *key;
    uint8_t public_key[PUBLIC_KEY_SIZE];
    char terminal[TERMINAL_ID_SIZE];
    char place[PLACE_CODE_SIZE];
    int64_t sequence;
    uint8_t previous[SHA256_SIZE];
    struct civil_date business_date;
    int64_t at_ms;
    unsigned receipt_serial;
    int64_t day_opened_at; /* line of the newest day.opened */
    struct buffer pending;
    int64_t first_pending;
};

void maker_init(struct maker *maker, const char *terminal, const char *place);
void maker_finish(struct maker *maker);

/* Write a line; the body is JSON from a format. */
void maker_line(struct maker *maker, const char *kind, const char *body_format, ...) PRINTF_LIKE(3, 4);

/* A UUID for a test's own number. Returns OUT. */
enum { TEST_ID_SIZE = IDENTITY_TEXT_SIZE };
const char *test_id(char out[TEST_ID_SIZE], unsigned number);

/* Ready-made lines. Numbers stand for ids (test_id). */
void maker_enrolled(struct maker *maker);
void maker_day_opened(struct maker *maker, unsigned day, int64_t float_yen);

/* TOTALS is the JSON of the till's sums, e.g. "[]". */
void maker_day_closed(struct maker *maker, unsigned day, int64_t float_yen, int64_t expected_yen, int64_t counted_yen,
                      const char *totals);

/* A sale of QUANTITY 戸籍全部事項証明 (450円, exempt), paid in cash. Its receipt number is the next of the day. */
void maker_cash_sale(struct maker *maker, unsigned sale, int64_t quantity);
/* A sale of QUANTITY 観覧料 (200円, standard10), paid by PAYMENT in BRAND (method qr), received on RECEIVED_ON. */
void maker_qr_sale(struct maker *maker, unsigned sale, unsigned payment, const char *brand, int64_t quantity,
                   const char *received_on);
void maker_payment_started(struct maker *maker, unsigned payment, unsigned sale, const char *brand, int64_t amount_yen);
void maker_payment_resolved(struct maker *maker, unsigned payment, const char *result, const char *how);
void
maker_voided(struct maker *maker, unsigned sale, const char *receipt_number, int64_t total_yen, const char *method);

/* Sign what is pending and read it as intake does; the bytes stay in `pending` until maker_forget_pending. */
void maker_upload(struct maker *maker, struct upload *out);
void maker_sign(const struct maker *maker, int64_t first, int64_t last, const uint8_t last_hash[SHA256_SIZE],
                uint8_t out[SIGNATURE_SIZE]);
void maker_forget_pending(struct maker *maker);

/* Enrol the till in STORE (a row, without a code). */
void maker_enrol(struct maker *maker, struct store *store);

/* Upload what is pending into STORE; the verdict must be VERDICT_ACKNOWLEDGED. */
void maker_send(struct maker *maker, struct store *store);

/* Accept UPLOAD in a transaction of its own. */
struct acceptance accept_upload(struct store *store, const struct upload *upload);

/* One integer from a query on the file PATH, on a connection of its own; INT64_MIN when there is no row.
 */
int64_t query_file(const char *path, const char *sql);
void change_file(const char *path, const char *sql);

/* The same when it may fail. */
enum status change_store(const char *path, const char *sql, struct error_detail *err) MUST_CHECK;
