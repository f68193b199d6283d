/* Spreads the tax of a receipt over its lines, so that accounts can be told apart without rounding again.
 *
 * The till rounds tax once per rate and issuer of a receipt (適格簡易請求書). A receipt may hold lines of several
 * accounts, and every 調定 says うち消費税額: the shares below add up to the receipt's tax, always, to the yen. */
#pragma once

#include "common/outcome/status.h"

#include <stdint.h>

/* Give each of COUNT lines (amounts ≥ 0, one rate and one issuer of one receipt) its share of TAX_YEN: the whole yen of
 * amount / total first, then one more yen each to the lines that lost the largest part of a yen, the earlier line
 * first. A line never gets more than its amount. STATUS_INVALID when an amount or the tax is negative, the tax exceeds
 * the total, or COUNT is 0 and the tax is not. */
enum status tax_share(int64_t out_shares_yen[], const int64_t amounts_yen[], size_t count, int64_t tax_yen,
                      struct error_detail *err) MUST_CHECK;
