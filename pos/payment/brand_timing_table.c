/* What is public of each network's rhythm. A contract may say otherwise; then a file stands in this table's place
 * ([payment] timing_file), and no program changes.
 *
 *  paypay       Open Payment API: inquire every 2-3 s (Japanese page; the English one says 4-5), cancel until 00:14:59
 *               of the next day in Japan, afterwards refund (www.paypay.ne.jp/opa/doc). That a code lives 5 minutes is
 *               what the service does by default. The days of the refund window are not public for every contract.
 *  wechat_pay   Micropay v2: no answer: 5 s, then orderquery; USERPAYING: every 10 s up to 45 s; reverse not before
 *               15 s, within 7 days (pay.weixin.qq.com/doc/v2/merchant/4011937125). Refunds within a year.
 *  alipay_plus  User-presented: inquire every 3-5 s for 60 s, then cancel; cancel on the same day in Beijing and 15
 *               minutes (docs.antom.com/ac/ams/upm). Refunds within a year.
 *  aggregator   Talks to the brands by itself and holds an inquiry open until it knows; its own windows follow the
 *               brands, of which PayPay's is the only public one: an approximation.
 *  qr_gateway   The gateway of docs/protocol/payment-network.md has no row: it is asked in every round of the till. */
#include "pos/payment/brand_timing.h"

enum { SECOND = 1000, MINUTE = 60 * SECOND };

static const int64_t week_ms = (int64_t)7 * 24 * 60 * MINUTE;

enum { QUARTER_PAST_MIDNIGHT_S = 15 * 60, JAPAN = 9 * 60, BEIJING = 8 * 60 };

const struct brand_timing brand_timings[] = {
    {.adapter = "aggregator",
     .first_wait_ms = 1 * SECOND,
     .poll_ms = 1 * SECOND,
     .budget_ms = 3 * MINUTE,
     .cancel_days = 1,
     .cancel_until_s = QUARTER_PAST_MIDNIGHT_S,
     .utc_offset_minutes = JAPAN},
    {.adapter = "paypay",
     .first_wait_ms = 2 * SECOND,
     .poll_ms = 3 * SECOND,
     .budget_ms = 5 * MINUTE,
     .cancel_days = 1,
     .cancel_until_s = QUARTER_PAST_MIDNIGHT_S,
     .utc_offset_minutes = JAPAN},
    {.adapter = "wechat_pay",
     .first_wait_ms = 5 * SECOND,
     .poll_ms = 10 * SECOND,
     .budget_ms = 45 * SECOND,
     .earliest_cancel_ms = 15 * SECOND,
     .cancel_for_ms = week_ms,
     .refund_days = 365},
    {.adapter = "alipay_plus",
     .first_wait_ms = 5 * SECOND,
     .poll_ms = 3 * SECOND,
     .budget_ms = 60 * SECOND,
     .cancel_days = 1,
     .cancel_until_s = QUARTER_PAST_MIDNIGHT_S,
     .utc_offset_minutes = BEIJING,
     .refund_days = 365},
};

const size_t brand_timing_count = sizeof brand_timings / sizeof brand_timings[0];
