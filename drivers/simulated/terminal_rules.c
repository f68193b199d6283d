/* Which amount goes how: sums that hardly come up at a counter, and that a trainee types easily. */
#include "drivers/payment_terminal/brand_operations.h"
#include "drivers/simulated/terminal_book.h"

static const struct rule {
    int64_t amount_yen;
    enum simulated_sale sale;
} rules[] = {
    {9901, SIMULATED_SALE_CENTER_ERROR},  {9902, SIMULATED_SALE_COMMUNICATION_ERROR},
    {9903, SIMULATED_SALE_DEFICIENT},     {9904, SIMULATED_SALE_NO_CARD},
    {9905, SIMULATED_SALE_CANCELLED},     {9906, SIMULATED_SALE_NOT_ALLOWED},
    {9907, SIMULATED_SALE_BUSY},          {9908, SIMULATED_SALE_IN_DOUBT_CHARGED},
    {9909, SIMULATED_SALE_IN_DOUBT_FREE}, {9910, SIMULATED_SALE_LOST_CHARGED},
    {9911, SIMULATED_SALE_LOST_FREE},     {9912, SIMULATED_SALE_WAITS},
};

enum simulated_sale
simulated_sale_of(const struct terminal_request *request)
{
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        if (rules[i].amount_yen == request->amount_yen) {
            return rules[i].sale;
        }
    }
    if (request->media == TERMINAL_EMONEY && brand_operations_of(request->brand)->has_balance &&
        request->amount_yen > SIMULATED_CARD_YEN) {
        return SIMULATED_SALE_DEFICIENT;
    }
    return SIMULATED_SALE_APPROVED;
}

enum terminal_result
simulated_sale_result(enum simulated_sale sale)
{
    switch (sale) {
    case SIMULATED_SALE_CENTER_ERROR:
        return TERMINAL_CENTER_ERROR;
    case SIMULATED_SALE_COMMUNICATION_ERROR:
        return TERMINAL_COMMUNICATION_ERROR;
    case SIMULATED_SALE_DEFICIENT:
        return TERMINAL_DEFICIENT;
    case SIMULATED_SALE_NO_CARD:
        return TERMINAL_NO_CARD;
    case SIMULATED_SALE_NOT_ALLOWED:
        return TERMINAL_NOT_ALLOWED;
    case SIMULATED_SALE_BUSY:
        return TERMINAL_BUSY;
    case SIMULATED_SALE_CANCELLED:
    case SIMULATED_SALE_WAITS:
        return TERMINAL_CANCELLED;
    case SIMULATED_SALE_APPROVED:
        return TERMINAL_APPROVED;
    case SIMULATED_SALE_IN_DOUBT_CHARGED:
    case SIMULATED_SALE_IN_DOUBT_FREE:
        return TERMINAL_IN_DOUBT;
    case SIMULATED_SALE_LOST_CHARGED:
    case SIMULATED_SALE_LOST_FREE:
        break;
    }
    return TERMINAL_UNKNOWN;
}
