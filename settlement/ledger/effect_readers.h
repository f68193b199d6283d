/* The readers of bodies, by family; for this folder only. Each fills the effect's union from BODY, an object. What they
 * allocate is owned by the effect, also when they fail. */
#pragma once

#include "settlement/ledger/effect.h"

enum {
    CODE_MAX_BYTES = 32,
    PERSON_MAX_BYTES = 64, /* a clerk's code, or a login of the finance desk */
    NAME_MAX_BYTES = 120,
    SENTENCE_MAX_BYTES = 1000, /* what a clerk writes; tills allow 240 */
    REFERENCE_MAX_BYTES = 64
};

enum status effect_read_enrolled(struct effect *effect, const struct json_value *body, struct error_detail *err);
enum status effect_read_masters_applied(struct effect *effect, const struct json_value *body, struct error_detail *err);
enum status effect_read_day_opened(struct effect *effect, const struct json_value *body, struct error_detail *err);
enum status effect_read_day_closed(struct effect *effect, const struct json_value *body, struct error_detail *err);
enum status effect_read_drawer_opened(struct effect *effect, const struct json_value *body, struct error_detail *err);
enum status effect_read_float_moved(struct effect *effect, const struct json_value *body, struct error_detail *err);
enum status effect_read_cash_moved(struct effect *effect, const struct json_value *body, struct error_detail *err);
enum status effect_read_cash_counted(struct effect *effect, const struct json_value *body, struct error_detail *err);
enum status effect_read_shift(struct effect *effect, const struct json_value *body, struct error_detail *err);
enum status effect_read_day_inspected(struct effect *effect, const struct json_value *body, struct error_detail *err);
enum status effect_read_ticket_issued(struct effect *effect, const struct json_value *body, struct error_detail *err);
enum status effect_read_ticket_closed(struct effect *effect, const struct json_value *body, struct error_detail *err);
enum status effect_read_entry_counted(struct effect *effect, const struct json_value *body, struct error_detail *err);
enum status
effect_read_refund_requested(struct effect *effect, const struct json_value *body, struct error_detail *err);
enum status effect_read_refund_approved(struct effect *effect, const struct json_value *body, struct error_detail *err);
enum status effect_read_refund_started(struct effect *effect, const struct json_value *body, struct error_detail *err);
enum status effect_read_refund_unknown(struct effect *effect, const struct json_value *body, struct error_detail *err);
enum status effect_read_refund_refused(struct effect *effect, const struct json_value *body, struct error_detail *err);
enum status effect_read_refund_paid(struct effect *effect, const struct json_value *body, struct error_detail *err);
enum status
effect_read_refund_withdrawn(struct effect *effect, const struct json_value *body, struct error_detail *err);
enum status effect_read_payment_started(struct effect *effect, const struct json_value *body, struct error_detail *err);
enum status effect_read_payment_unknown(struct effect *effect, const struct json_value *body, struct error_detail *err);
enum status
effect_read_payment_in_doubt(struct effect *effect, const struct json_value *body, struct error_detail *err);
enum status
effect_read_payment_abandoned(struct effect *effect, const struct json_value *body, struct error_detail *err);
enum status
effect_read_payment_resolved(struct effect *effect, const struct json_value *body, struct error_detail *err);
enum status effect_read_payment_proved(struct effect *effect, const struct json_value *body, struct error_detail *err);
enum status effect_read_sale_recorded(struct effect *effect, const struct json_value *body, struct error_detail *err);
enum status effect_read_sale_voided(struct effect *effect, const struct json_value *body, struct error_detail *err);
enum status
effect_read_reversal_started(struct effect *effect, const struct json_value *body, struct error_detail *err);
enum status
effect_read_reversal_unknown(struct effect *effect, const struct json_value *body, struct error_detail *err);
enum status
effect_read_reversal_resolved(struct effect *effect, const struct json_value *body, struct error_detail *err);

/* The largest amount that a line may say: a thousand times what one payment can be. More is damage, and is parked, so
 * that no sum over any number of lines can overflow. */
#define LINE_MAX_YEN INT64_C(10000000000)

/* One member after the other: the first failure stays, later calls do nothing. */
struct member_reader {
    const struct json_value *object;
    enum status status;
    struct error_detail *err;
};
void body_text(struct member_reader *reader, const char *key, size_t max_bytes, const char **out);
void body_text_or_none(struct member_reader *reader, const char *key, size_t max_bytes, const char **out); /* "" */
void body_id(struct member_reader *reader, const char *key, const char **out);                             /* UUID */
void body_word(struct member_reader *reader, const char *key, const char *const *words, const char **out);
void body_yen(struct member_reader *reader, const char *key, int64_t minimum_yen, int64_t *out); /* ≤ LINE_MAX_YEN */
void body_sequence(struct member_reader *reader, const char *key, int64_t *out);
void body_count(struct member_reader *reader, const char *key, int64_t *out);
void body_instant_or_none(struct member_reader *reader, const char *key, int64_t *out_ms); /* 0 */
/* NULL when absent or null; anything but an object is refused. */
const struct json_value *body_object_or_none(struct member_reader *reader, const char *key);
void body_refuse(struct member_reader *reader, const char *code, const char *format, ...) PRINTF_LIKE(3, 4);

/* One line of a sale into LINE, checked by itself (line_bodies.c). */
enum status
effect_read_sale_line(struct sale_line_row *line, const struct json_value *object, struct error_detail *err);

/* The member `cash` of a mixed payment: what was put down in cash, 0 when there is none. */
void body_cash_part(struct member_reader *reader, int64_t *out_yen);

/* The member `counts`: denominations, largest first. Left out or empty, only the sum is known (a machine counted). */
void body_tally(struct member_reader *reader, struct cash_tally *out);
