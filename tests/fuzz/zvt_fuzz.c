/* Any bytes on a ZVT terminal's line: through the receiver, and each whole message (and the input itself) as everything
 * a status information can be. Never an approval without a sound amount, never a card number in what comes out. */
#include "common/log/log.h"
#include "drivers/terminal_zvt/status.h"
#include "tests/fuzz/target.h"

#include <stdlib.h>
#include <string.h>

static void
check_answer(const struct terminal_answer *answer)
{
    if (answer->result == TERMINAL_APPROVED &&
        (answer->amount_yen < 1 || answer->amount_yen > TERMINAL_AMOUNT_MAX_YEN)) {
        abort();
    }
    if (card_number_is_present(answer->masked_number, strlen(answer->masked_number)) ||
        card_number_is_present(answer->center_result_code, strlen(answer->center_result_code))) {
        abort();
    }
}

static void
read_data(struct zvt_bytes data)
{
    static const enum zvt_asked asked[] = {ZVT_ASKED_SALE, ZVT_ASKED_REFUND, ZVT_ASKED_STATUS};
    struct terminal_answer answer;
    struct terminal_log_line line;
    struct terminal_total totals[4];
    size_t count = 0;
    for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++) {
        if (zvt_status_read(data, asked[i], "sale-1", &answer, NULL) == STATUS_OK) {
            check_answer(&answer);
        }
    }
    (void)!zvt_status_read(data, ZVT_ASKED_REVERSAL, "sale-1", &answer, NULL);
    (void)!zvt_line_read(data, &line, NULL);
    (void)!zvt_totals_read(data, totals, 4, &count, NULL);
    (void)zvt_data_is_training(data);
}

static void
read_message(struct zvt_bytes message)
{
    unsigned command = 0;
    struct zvt_bytes data;
    if (zvt_apdu_read(message, &command, &data)) {
        read_data(data);
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static struct zvt_receiver receiver;
    zvt_receiver_reset(&receiver);
    for (size_t i = 0; i < length; i++) {
        if (zvt_receiver_take(&receiver, bytes[i]) == ZVT_EVENT_MESSAGE) {
            read_message((struct zvt_bytes){receiver.message, receiver.length});
        }
    }
    read_message((struct zvt_bytes){bytes, length});
    read_data((struct zvt_bytes){bytes, length});
    return 0;
}
