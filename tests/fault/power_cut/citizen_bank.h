/* A payment channel with a book of its own that no power cut touches: the truth about the money. It approves, loses the
 * answer after or before charging, or declines, by the toss of its own coin. */
#pragma once

#include "pos/payment/channel.h"

struct citizen_bank;

struct citizen_bank *citizen_bank_create(uint64_t seed);
void citizen_bank_destroy(struct citizen_bank *bank);

/* A channel to BANK, which must outlive it; any number. */
struct payment_channel *citizen_bank_channel(struct citizen_bank *bank);

/* How much was charged and not given back under PAYMENT; 0 when nothing was. */
int64_t citizen_bank_charged_yen(struct citizen_bank *bank, const char *payment);
int64_t citizen_bank_total_yen(struct citizen_bank *bank);
