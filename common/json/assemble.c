/* Assembling, over cJSON's references: a reference is a node of its own that shares the children. */
#include "common/json/assemble.h"

#include <assert.h>
#include <cjson/cJSON.h>

static cJSON *
node(struct json_value *value)
{
    return (cJSON *)(void *)value;
}

static enum status
no_memory(struct error_detail *err)
{
    error_set(err, "no_memory", "out of memory");
    return STATUS_NO_MEMORY;
}

static enum status
give(struct json_value **out, cJSON *created, struct error_detail *err)
{
    if (created == NULL) {
        return no_memory(err);
    }
    *out = (struct json_value *)(void *)created;
    return STATUS_OK;
}

enum status
json_object_create(struct json_value **out, struct error_detail *err)
{
    return give(out, cJSON_CreateObject(), err);
}

enum status
json_array_create(struct json_value **out, struct error_detail *err)
{
    return give(out, cJSON_CreateArray(), err);
}

enum status
json_borrow(struct json_value *parent, const char *key, const struct json_value *value, struct error_detail *err)
{
    assert((key == NULL) == json_is_array(parent));

    /* cJSON does not change what is referred to; it only has no const. */
    cJSON *borrowed = (cJSON *)(uintptr_t)(const void *)value;
    bool is_done = key == NULL ? cJSON_AddItemReferenceToArray(node(parent), borrowed)
                               : cJSON_AddItemReferenceToObject(node(parent), key, borrowed);
    return is_done ? STATUS_OK : no_memory(err);
}

enum status
json_take(struct json_value *parent, const char *key, struct json_value *value, struct error_detail *err)
{
    assert((key == NULL) == json_is_array(parent));

    bool is_done = value != NULL && (key == NULL ? cJSON_AddItemToArray(node(parent), node(value))
                                                 : cJSON_AddItemToObject(node(parent), key, node(value)));
    if (!is_done) {
        json_free(value);
        return no_memory(err);
    }
    return STATUS_OK;
}

static enum status
put(struct json_value *parent, const char *key, cJSON *created, struct error_detail *err)
{
    return json_take(parent, key, (struct json_value *)(void *)created, err);
}

enum status
json_put_int(struct json_value *parent, const char *key, int64_t value, struct error_detail *err)
{
    return put(parent, key, cJSON_CreateNumber((double)value), err);
}

enum status
json_put_text(struct json_value *parent, const char *key, const char *value, struct error_detail *err)
{
    return put(parent, key, cJSON_CreateString(value), err);
}

enum status
json_put_bool(struct json_value *parent, const char *key, bool value, struct error_detail *err)
{
    return put(parent, key, cJSON_CreateBool(value), err);
}
