/* Any bytes as a payment terminal's reply: read as every category, and never an approval without a sound amount. */
#include "drivers/terminal_json/message.h"
#include "tests/fuzz/target.h"

#include <stdlib.h>

static void
read_as(enum terminal_category category, const uint8_t *bytes, size_t length)
{
    const struct terminal_header header = {
        .category = category, .sale_id = "KO-01", .poi_id = "POI-1", .service_id = "41"};
    static const char reference[] = "0192a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b";
    struct terminal_reply reply;
    struct terminal_answer answer = {.result = TERMINAL_UNKNOWN};
    struct terminal_log_line lines[4];
    struct terminal_total totals[4];
    size_t count = 0;
    if (terminal_reply_read(&reply, (const char *)bytes, length, &header, NULL) != STATUS_OK) {
        return;
    }
    terminal_reply_reversal(&reply, &answer, NULL);
    (void)!terminal_reply_login(&reply, NULL);
    (void)!terminal_reply_diagnosis(&reply, NULL);
    (void)!terminal_reply_log(&reply, lines, 4, &count, NULL);
    (void)!terminal_reply_totals(&reply, totals, 4, &count, NULL);
    terminal_reply_refund(&reply, reference, &answer, NULL);
    if (answer.result == TERMINAL_APPROVED && answer.amount_yen < 1) {
        abort();
    }
    terminal_reply_status(&reply, reference, &answer, NULL);
    if (answer.result == TERMINAL_APPROVED && answer.amount_yen < 1) {
        abort();
    }
    terminal_reply_payment(&reply, reference, &answer, NULL);
    if (answer.result == TERMINAL_APPROVED && answer.amount_yen < 1) {
        abort();
    }
    terminal_reply_finish(&reply);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    for (int category = CATEGORY_LOGIN; category <= CATEGORY_RECONCILIATION; category++) {
        read_as((enum terminal_category)category, bytes, length);
    }
    return 0;
}
