/* Words and disposal common to all channels. */
#include "pos/payment/channel.h"

#include <stdio.h>
#include <string.h>

void
payment_channel_destroy(struct payment_channel *channel)
{
    if (channel != NULL) {
        channel->operations->destroy(channel);
    }
}

void
payment_answer_set(struct payment_answer *out, enum payment_result result, const char *cause)
{
    out->result = result;
    snprintf(out->cause, sizeof out->cause, "%s", cause);
}

void
payment_channel_refund(struct payment_channel *channel, const struct payment_reference *payment,
                       const struct payment_refund *refund, struct payment_answer *out)
{
    memset(out, 0, sizeof *out);
    if (channel->operations->refund == NULL) {
        payment_answer_set(out, PAYMENT_DECLINED, "not_possible");
        return;
    }
    channel->operations->refund(channel, payment, refund, out);
}

bool
payment_channel_can_refund(struct payment_channel *channel, const struct payment_reference *payment)
{
    return channel->operations->can_refund != NULL ? channel->operations->can_refund(channel, payment)
                                                   : channel->operations->refund != NULL;
}

void
payment_channel_present(struct payment_channel *channel, const struct payment_request *request,
                        struct payment_presented *out_code, struct payment_answer *out)
{
    memset(out, 0, sizeof *out);
    memset(out_code, 0, sizeof *out_code);
    if (channel->operations->present == NULL) {
        payment_answer_set(out, PAYMENT_DECLINED, "not_possible");
        return;
    }
    channel->operations->present(channel, request, out_code, out);
}

const char *
payment_channel_way(struct payment_channel *channel, const char *brand, bool is_presented)
{
    return channel->operations->way != NULL ? channel->operations->way(channel, brand, is_presented) : "";
}

const struct brand_timing *
payment_channel_timing(struct payment_channel *channel, const struct payment_reference *payment)
{
    return channel->operations->timing != NULL ? channel->operations->timing(channel, payment) : NULL;
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
