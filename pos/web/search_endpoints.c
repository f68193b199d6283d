/* Finding past sales. A parameter that does not read is refused: a list of the wrong sales looks like the right one. */
#include "pos/web/web_parts.h"

#include <stdlib.h>
#include <string.h>

enum { LIST_DEFAULT = 50, LIST_MAX = 200, TEXT_MAX_BYTES = 120, MINUTES_PER_HOUR = 60, HOURS_PER_DAY = 24 };

/* The parameter, NULL when it is absent or empty. */
static const char *
query_text(const struct http_request *request, const char *name)
{
    const char *text = http_request_query(request, name);
    return text != NULL && text[0] != '\0' ? text : NULL;
}

static bool
read_limit(const char *text, size_t *out)
{
    *out = LIST_DEFAULT;
    if (text == NULL) {
        return true;
    }
    if (strlen(text) > 3 || strspn(text, "0123456789") != strlen(text)) {
        return false;
    }
    *out = (size_t)strtol(text, NULL, 10);
    return *out >= 1 && *out <= LIST_MAX;
}

static bool
read_date(const char *text, struct civil_date *out)
{
    *out = (struct civil_date){0};
    return text == NULL || civil_date_parse(out, text, strlen(text)) == STATUS_OK;
}

/* "HH:MM" as minutes of the day; −1 when absent. */
static bool
read_time(const char *text, int *out)
{
    *out = -1;
    if (text == NULL) {
        return true;
    }
    if (strlen(text) != 5 || text[2] != ':' || strspn(text, "0123456789") != 2 || strspn(text + 3, "0123456789") != 2) {
        return false;
    }
    long hour = strtol(text, NULL, 10);
    long minute = strtol(text + 3, NULL, 10);
    *out = (int)(hour * MINUTES_PER_HOUR + minute);
    return hour < HOURS_PER_DAY && minute < MINUTES_PER_HOUR;
}

static bool
is_one_of(const char *text, const char *const *words)
{
    if (text == NULL) {
        return true;
    }
    for (; *words != NULL; words++) {
        if (strcmp(text, *words) == 0) {
            return true;
        }
    }
    return false;
}

static enum status
read_search(const struct http_request *request, struct sale_search *out, struct error_detail *err)
{
    static const char *const methods[] = {"cash", "qr", "emoney", "credit", "none", NULL};
    static const char *const states[] = {"sold", "voided", "refunded", NULL};
    *out = (struct sale_search){.text = query_text(request, "text"),
                                .method = query_text(request, "method"),
                                .brand = query_text(request, "brand"),
                                .state = query_text(request, "state"),
                                .before = query_text(request, "before")};
    const char *wrong = !read_limit(query_text(request, "limit"), &out->limit)              ? "limit"
                        : !read_date(query_text(request, "from"), &out->from)               ? "from"
                        : !read_date(query_text(request, "to"), &out->to)                   ? "to"
                        : !read_time(query_text(request, "from_time"), &out->from_minute)   ? "from_time"
                        : !read_time(query_text(request, "to_time"), &out->to_minute)       ? "to_time"
                        : !is_one_of(out->method, methods)                                  ? "method"
                        : !is_one_of(out->state, states)                                    ? "state"
                        : out->text != NULL && strlen(out->text) > TEXT_MAX_BYTES           ? "text"
                        : out->brand != NULL && strlen(out->brand) >= CODE_SIZE             ? "brand"
                        : out->before != NULL && strlen(out->before) >= RECEIPT_NUMBER_SIZE ? "before"
                                                                                            : NULL;
    if (wrong != NULL) {
        error_set(err, "wrong_parameter", "検索の条件「%s」を読み取れません。入れ直してください。", wrong);
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

static void
answer(struct http_request *request, enum status status, const struct buffer *json, const struct error_detail *err)
{
    if (status == STATUS_OK) {
        http_respond_json(request, 200, json);
    } else {
        http_respond_error(request, status, err);
    }
}

void
get_sales(struct http_request *request, void *context)
{
    struct till_web *web = context;
    struct sale_search search;
    struct buffer sales;
    struct error_detail err;
    buffer_init(&sales, SALES_MAX_BYTES);
    enum status status = read_search(request, &search, &err);
    if (status == STATUS_OK) {
        status = till_write_sales(web->options.till, &search, &sales, &err);
    }
    answer(request, status, &sales, &err);
    buffer_finish(&sales);
}

void
get_sale(struct http_request *request, void *context)
{
    struct till_web *web = context;
    struct buffer sale;
    struct error_detail err;
    buffer_init(&sale, SALES_MAX_BYTES);
    enum status status = till_write_sale(web->options.till, http_request_parameter(request, "sale"), &sale, &err);
    answer(request, status, &sale, &err);
    buffer_finish(&sale);
}
