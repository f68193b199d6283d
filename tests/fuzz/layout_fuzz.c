/* Any bytes as a layout: understood, or refused with a sentence. */
#include "settlement/statements/layout.h"
#include "tests/fuzz/target.h"

#include <stdlib.h>

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct layout *layout = NULL;
    struct error_detail err = {0};
    enum status status = layout_create(&layout, (const char *)bytes, length, &err);
    if (status != STATUS_OK && err.message[0] == '\0' && status != STATUS_NO_MEMORY) {
        abort();
    }
    layout_destroy(layout);
    return 0;
}
