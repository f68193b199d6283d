/* Numbers first, documents one at a time. */
#include "settlement/audit/published.h"

#include "settlement/arena/growing.h"

enum { VERSIONS_MAX = 1000000 };

struct versions {
    struct growing numbers; /* int64_t, newest first */
};

static enum status
keep_version(const struct masters_version *version, void *context)
{
    struct versions *versions = context;
    int64_t *place = growing_add(&versions->numbers);
    if (place == NULL) {
        return STATUS_NO_MEMORY;
    }
    *place = version->version;
    return STATUS_OK;
}

static enum status
visit_version(struct store_txn *txn, const char *city, int64_t number, bool is_newest, published_visitor visit,
              void *context, bool *out_is_done, struct error_detail *err)
{
    struct buffer bytes;
    struct masters_version version;
    struct json_value *document = NULL;
    buffer_init(&bytes, JSON_TEXT_MAX_BYTES);
    enum status status = masters_find(txn, city, number, &version, &bytes, err);
    if (status == STATUS_OK) {
        status = json_parse(&document, buffer_text(&bytes), bytes.length, err);
    }
    if (status == STATUS_OK) {
        status = visit(txn, city, document, is_newest, context, out_is_done, err);
    }
    json_free(document);
    buffer_finish(&bytes);
    return status;
}

enum status
published_each(struct store_txn *txn, const char *city, published_visitor visit, void *context,
               struct error_detail *err)
{
    struct versions versions;
    bool is_done = false;
    growing_init(&versions.numbers, sizeof(int64_t), VERSIONS_MAX, 0);
    enum status status = masters_versions_each(txn, city, 0, VERSIONS_MAX, keep_version, &versions, err);
    if (status == STATUS_NO_MEMORY) {
        error_set(err, "no_memory", "out of memory while reading versions of masters");
    }
    const int64_t *numbers = versions.numbers.elements;
    for (size_t i = 0; status == STATUS_OK && !is_done && i < versions.numbers.count; i++) {
        status = visit_version(txn, city, numbers[i], i == 0, visit, context, &is_done, err);
    }
    growing_finish(&versions.numbers);
    return status;
}
