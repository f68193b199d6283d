/* Words and disposal common to all channels. */
#include "pos/payment/channel.h"

void
payment_channel_destroy(struct payment_channel *channel)
{
    if (channel != NULL) {
        channel->operations->destroy(channel);
    }
}

const char *
payment_result_word(enum payment_result result)
{
    static const char *const words[] = {
        [PAYMENT_APPROVED] = "approved",   [PAYMENT_DECLINED] = "declined", [PAYMENT_NOT_CHARGED] = "not_charged",
        [PAYMENT_NOT_FOUND] = "not_found", [PAYMENT_PENDING] = "pending",   [PAYMENT_IN_DOUBT] = "in_doubt",
        [PAYMENT_UNKNOWN] = "unknown",     [PAYMENT_REVERSED] = "reversed", [PAYMENT_CANNOT] = "cannot",
    };
    return words[result];
}
