/* Any bytes as a scanned code: classified, read or refused, and what is read keeps within the bytes that were given. A
 * merchant's code that reads is written again, and reads the same. */
#include "pos/codes/citizen_code.h"
#include "pos/codes/merchant_code.h"
#include "pos/codes/observed_prefixes.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
demand(bool is_true)
{
    if (!is_true) {
        abort();
    }
}

static void
try_citizen_code(const char *text, size_t length)
{
    static struct citizen_code code;
    static char shown[CITIZEN_FIELD_TEXT_SIZE];
    struct error_detail err;
    if (citizen_code_read(&code, text, length, &err) != STATUS_OK) {
        return;
    }
    for (size_t i = 0; i < code.field_count; i++) {
        const struct citizen_field *field = &code.fields[i];
        demand(field->value >= code.bytes && field->value + field->length <= code.bytes + code.length);
        demand(strlen(citizen_field_text(field, shown)) < sizeof shown);
    }
}

static void
try_merchant_code(const char *text, size_t length)
{
    static struct merchant_code code, again;
    struct error_detail err;
    if (merchant_code_read(&code, text, length, &err) != STATUS_OK) {
        return;
    }
    struct buffer payload;
    code.account_count = 0; /* the JPQR template would stand twice: once as read, once as made */
    buffer_init(&payload, MERCHANT_CODE_MAX_BYTES);
    if (merchant_code_write(&code, &payload, &err) == STATUS_OK) {
        demand(merchant_code_read(&again, buffer_text(&payload), payload.length, &err) == STATUS_OK);
        demand(strcmp(again.name, code.name) == 0 && strcmp(again.amount, code.amount) == 0);
    }
    buffer_finish(&payload);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct classification found;
    char *text = malloc(size + 1); /* exactly as long: a byte too far is seen */
    if (text == NULL) {
        return 0;
    }
    memcpy(text, data, size);
    text[size] = '\0';
    classify_code(text, size, observed_prefixes, observed_prefix_count, &found);
    demand(found.candidate_count <= CODE_CANDIDATES_MAX);
    try_citizen_code(text, size);
    try_merchant_code(text, size);
    free(text);
    return 0;
}
