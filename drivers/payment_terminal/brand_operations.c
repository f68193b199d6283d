/* The matrix. Sources: the operation tables of published terminal interfaces (credit: pay, void, refund; Edy and
 * nanaco: pay and balance, no void; iD and QUICPay: pay and void, no balance; transit IC and WAON: pay, void and
 * balance), and merchants' help pages on 処理未了. E-money is never refunded through the terminal: no public interface
 * has it, and the money would have to find the same card again. */
#include "drivers/payment_terminal/brand_operations.h"

#include <stddef.h>
#include <string.h>

static const struct brand_operations rows[] = {
    {.brand = "transit_ic", .can_void = true, .has_balance = true},
    {.brand = "edy", .has_balance = true},
    {.brand = "waon", .can_void = true, .has_balance = true},
    {.brand = "nanaco", .has_balance = true},
    {.brand = "id", .can_void = true, .runs_again = true},
    {.brand = "quicpay", .can_void = true, .runs_again = true},
    {.brand = "visa", .can_void = true, .can_refund = true},
    {.brand = "mastercard", .can_void = true, .can_refund = true},
    {.brand = "jcb", .can_void = true, .can_refund = true},
    {.brand = "amex", .can_void = true, .can_refund = true},
    {.brand = "diners", .can_void = true, .can_refund = true},
    {.brand = "discover", .can_void = true, .can_refund = true},
};

static const struct brand_operations others = {.brand = "", .can_void = true, .can_refund = true};

const struct brand_operations *
brand_operations_of(const char *brand)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (strcmp(rows[i].brand, brand) == 0) {
            return &rows[i];
        }
    }
    return &others;
}
