/* Items, a screenful at a time: of a category, or those that a search finds. */
#include "pos/web/web_parts.h"

#include <stdlib.h>
#include <string.h>

enum {
    DEFAULT_LIMIT = 60,   /* what a screen shows */
    OFFSET_MAX = 1000000, /* beyond any catalogue */
    QUERY_TEXT_MAX = 120  /* bytes; a name has no more */
};

/* Query parameter NAME as a number from 0 to MOST; FALLBACK when absent. -1 for anything else. */
static long
query_number(const struct http_request *request, const char *name, long most, long fallback)
{
    const char *text = http_request_query(request, name);
    char *end;
    if (text == NULL) {
        return fallback;
    }
    if (text[0] < '0' || text[0] > '9' || strlen(text) > 9) {
        return -1;
    }
    long value = strtol(text, &end, 10);
    return *end == '\0' && value <= most ? value : -1;
}

void
get_items(struct http_request *request, void *context)
{
    struct till_web *web = context;
    struct buffer items;
    struct error_detail err;
    const char *text = http_request_query(request, "q");
    const char *category = http_request_query(request, "category");
    long limit = query_number(request, "limit", FOUND_ITEMS_MAX, DEFAULT_LIMIT);
    long offset = query_number(request, "offset", OFFSET_MAX, 0);
    if (limit < 1 || offset < 0 || (text != NULL && (offset > 0 || strlen(text) > QUERY_TEXT_MAX))) {
        error_set(&err, "bad_query", "limit, offset or q is out of range");
        answer_bad_command(request, STATUS_INVALID, &err);
        return;
    }
    const struct item_query query = {
        .category = category, .text = text, .offset = (size_t)offset, .limit = (size_t)limit};
    buffer_init(&items, STATE_MAX_BYTES);
    enum status status = till_write_items(web->options.till, &query, &items, &err);
    if (status == STATUS_OK) {
        http_respond_json(request, 200, &items);
    } else {
        http_respond_error(request, status, &err);
    }
    buffer_finish(&items);
}
