/* The business day and the drawer's cash (pos/till/cash.h). */
#include "pos/till/cash.h"
#include "pos/web/web_parts.h"

#include <stdlib.h>
#include <string.h>

#define DAY_MAX_YEN INT64_C(1000000000000) /* the till itself says what is sensible */

/* A command reads its body into the command's own members, and gives them to the till. */
typedef enum status (*cash_command)(struct till *till, const struct json_value *body, struct error_detail *err);

enum { REASON_MAX_BYTES = 4000 }; /* the till itself says what is too long */

/* A malformed command is a fault of the screen, a refusal of the till is not. */
static void
carry_out(struct http_request *request, struct till_web *web, cash_command command)
{
    struct error_detail err;
    struct json_value *body = command_body(request);
    if (body == NULL) {
        return;
    }
    answer_with_state(request, web, command(web->options.till, body, &err), &err);
    json_free(body);
}

/* The till's own JSON in the place of the state. */
static void
answer_with(struct http_request *request, enum status status, const struct buffer *answer,
            const struct error_detail *err)
{
    if (status == STATUS_OK) {
        http_respond_json(request, 200, answer);
    } else {
        http_respond_error(request, status, err);
    }
}

/* `counts`, or the sum in member SUM where a machine counted. */
static enum status
read_count(const struct json_value *body, const char *sum, struct cash_count *out, struct error_detail *err)
{
    *out = (struct cash_count){0};
    if (!json_is_null(json_member(body, "counts"))) {
        return cash_count_read(out, json_member(body, "counts"), err);
    }
    return json_get_int(body, sum, -DAY_MAX_YEN, DAY_MAX_YEN, &out->total_yen, err);
}

static enum status
open_day(struct till *till, const struct json_value *body, struct error_detail *err)
{
    struct cash_count count;
    struct approval approval;
    enum status status = read_count(body, "float_yen", &count, err);
    if (status == STATUS_OK) {
        status = read_approval(body, &approval, err);
    }
    return status == STATUS_OK ? till_open_day_approved(till, &count, &approval, err) : status;
}

void
post_day_open(struct http_request *request, void *context)
{
    carry_out(request, context, open_day);
}

static enum status
read_purpose(const struct json_value *body, const char *fallback, enum count_purpose *out, struct error_detail *err)
{
    const char *word;
    enum status status = json_get_text_or(body, "purpose", CODE_SIZE, fallback, &word, err);
    if (status == STATUS_OK && !count_purpose_from_word(word, out)) {
        error_set(err, "bad_command", "「%s」のためには数えられません。画面を再読み込みしてください。", word);
        status = STATUS_INVALID;
    }
    return status;
}

static enum status
open_drawer(struct till *till, const struct json_value *body, struct error_detail *err)
{
    enum count_purpose purpose;
    enum status status = read_purpose(body, "close", &purpose, err);
    return status == STATUS_OK ? till_open_drawer_to_count(till, purpose, err) : status;
}

void
post_day_drawer(struct http_request *request, void *context)
{
    carry_out(request, context, open_drawer);
}

static enum status
record_count(struct till *till, const struct json_value *body, struct error_detail *err)
{
    enum count_purpose purpose;
    struct cash_count count;
    enum status status = read_purpose(body, "close", &purpose, err);
    if (status == STATUS_OK && purpose != COUNT_CLOSE && purpose != COUNT_HANDOVER) {
        error_set(err, "bad_command", "この数え方はここではできません。画面を再読み込みしてください。");
        status = STATUS_INVALID;
    }
    if (status == STATUS_OK) {
        status = read_count(body, "counted_cash_yen", &count, err);
    }
    return status == STATUS_OK ? till_record_count(till, purpose, &count, err) : status;
}

void
post_day_count(struct http_request *request, void *context)
{
    struct till_web *web = context;
    struct error_detail err;
    struct buffer answer;
    struct json_value *body = command_body(request);
    if (body == NULL) {
        return;
    }
    buffer_init(&answer, STATE_MAX_BYTES);
    enum status status = record_count(web->options.till, body, &err);
    if (status == STATUS_OK) {
        status = till_write_comparison(web->options.till, &answer, &err);
    }
    answer_with(request, status, &answer, &err);
    buffer_finish(&answer);
    json_free(body);
}

void
get_day_count(struct http_request *request, void *context)
{
    struct till_web *web = context;
    struct error_detail err;
    struct buffer answer;
    buffer_init(&answer, STATE_MAX_BYTES);
    enum status status = till_write_comparison(web->options.till, &answer, &err);
    answer_with(request, status, &answer, &err);
    buffer_finish(&answer);
}

static enum status
close_day(struct till *till, const struct json_value *body, struct error_detail *err)
{
    int64_t count;
    int64_t returned_yen;
    const char *reason;
    enum status status = json_get_int_or(body, "count", 1, INT64_C(1) << 53, 0, &count, err);
    if (status == STATUS_OK) {
        status = json_get_text_or(body, "difference_reason", REASON_MAX_BYTES, NULL, &reason, err);
    }
    if (status == STATUS_OK) {
        status = json_get_int_or(body, "float_returned_yen", 0, DAY_MAX_YEN, -1, &returned_yen, err);
    }
    if (status == STATUS_OK && count == 0) { /* counted and closed in one breath */
        status = record_count(till, body, err);
    }
    return status == STATUS_OK ? till_close_counted(till, count, reason, returned_yen, err) : status;
}

void
post_day_close(struct http_request *request, void *context)
{
    carry_out(request, context, close_day);
}

void
post_day_inspect(struct http_request *request, void *context)
{
    struct till_web *web = context;
    struct error_detail err;
    struct cash_count count;
    struct buffer answer;
    int64_t line;
    struct json_value *body = command_body(request);
    if (body == NULL) {
        return;
    }
    buffer_init(&answer, STATE_MAX_BYTES);
    enum status status = read_count(body, "counted_cash_yen", &count, &err);
    if (status == STATUS_OK) {
        status = till_inspect(web->options.till, &count, &line, &err);
    }
    if (status == STATUS_OK) {
        status = till_write_inspection(web->options.till, line, &answer, &err);
    }
    answer_with(request, status, &answer, &err);
    buffer_finish(&answer);
    json_free(body);
}

void
get_day_inspection(struct http_request *request, void *context)
{
    struct till_web *web = context;
    struct error_detail err;
    struct buffer answer;
    buffer_init(&answer, STATE_MAX_BYTES);
    int64_t line = strtoll(http_request_parameter(request, "line"), NULL, 10); /* 0 is no line */
    enum status status = till_write_inspection(web->options.till, line, &answer, &err);
    answer_with(request, status, &answer, &err);
    buffer_finish(&answer);
}

static enum status
hand_over(struct till *till, const struct json_value *body, struct error_detail *err)
{
    int64_t count;
    const char *to;
    const char *pin;
    const char *reason;
    enum status status = json_get_int_or(body, "count", 1, INT64_C(1) << 53, 0, &count, err);
    if (status == STATUS_OK) {
        status = json_get_text(body, "to", CODE_SIZE - 1, &to, err);
    }
    if (status == STATUS_OK) {
        status = json_get_text(body, "pin", PIN_MAX_BYTES, &pin, err);
    }
    if (status == STATUS_OK) {
        status = json_get_text_or(body, "difference_reason", REASON_MAX_BYTES, NULL, &reason, err);
    }
    return status == STATUS_OK ? till_hand_over(till, count, to, pin, reason, err) : status;
}

void
post_day_hand_over(struct http_request *request, void *context)
{
    carry_out(request, context, hand_over);
}

/* Whether member `direction` is POSITIVE and not NEGATIVE. */
static enum status
read_direction(const struct json_value *body, const char *positive, const char *negative, bool *out,
               struct error_detail *err)
{
    const char *word;
    enum status status = json_get_text(body, "direction", CODE_SIZE, &word, err);
    if (status == STATUS_OK) {
        *out = strcmp(word, positive) == 0;
        if (!*out && strcmp(word, negative) != 0) {
            error_set(err, "bad_command", "向きは %s か %s です。画面を再読み込みしてください。", positive, negative);
            status = STATUS_INVALID;
        }
    }
    return status;
}

static enum status
move_float(struct till *till, const struct json_value *body, struct error_detail *err)
{
    bool is_lent;
    struct cash_count count;
    const char *reason;
    enum status status = read_direction(body, "lent", "returned", &is_lent, err);
    if (status == STATUS_OK) {
        status = read_count(body, "amount_yen", &count, err);
    }
    if (status == STATUS_OK) {
        status = json_get_text_or(body, "reason", REASON_MAX_BYTES, NULL, &reason, err);
    }
    return status == STATUS_OK ? till_move_float(till, is_lent, &count, reason, err) : status;
}

void
post_cash_float(struct http_request *request, void *context)
{
    carry_out(request, context, move_float);
}

static enum status
move_cash(struct till *till, const struct json_value *body, struct error_detail *err)
{
    bool is_in;
    int64_t amount_yen;
    const char *reason;
    struct approval approval;
    enum status status = read_direction(body, "in", "out", &is_in, err);
    if (status == STATUS_OK) {
        status = json_get_int(body, "amount_yen", -DAY_MAX_YEN, DAY_MAX_YEN, &amount_yen, err);
    }
    if (status == STATUS_OK) {
        status = json_get_text_or(body, "reason", REASON_MAX_BYTES, "", &reason, err);
    }
    if (status == STATUS_OK) {
        status = read_approval(body, &approval, err);
    }
    return status == STATUS_OK ? till_move_cash(till, is_in, amount_yen, reason, &approval, err) : status;
}

void
post_cash_move(struct http_request *request, void *context)
{
    carry_out(request, context, move_cash);
}

void
get_cash(struct http_request *request, void *context)
{
    struct till_web *web = context;
    struct error_detail err;
    struct buffer answer;
    buffer_init(&answer, STATE_MAX_BYTES);
    enum status status = till_write_cash_events(web->options.till, &answer, &err);
    answer_with(request, status, &answer, &err);
    buffer_finish(&answer);
}
