/* What the masters' policies (取扱方針) say about giving back: 手数料不還付 and the means. PURE.
 *
 * Source: the city's fee ordinances (手数料条例: 既納の手数料は還付しない, with exceptions); 地方自治法施行令165条の7
 * for what was received by mistake (過誤納), which goes back whatever the policy says. */
#pragma once

#include "settlement/catalogue/catalogue.h"

/* What an item that was sold at PLACE may do. `name` of the policy is borrowed; "" when none stands in the masters. */
struct refund_policy {
    const char *name;
    bool is_allowed; /* on a later day */
    bool may_gateway;
    bool may_bank_transfer;
};
/* The item's policy, else its place's, else the row `standard`, else everything is allowed: as tills decide. */
struct refund_policy
refund_policy_of(const struct catalogue *catalogue, const char *item, const char *place, struct civil_date day);
