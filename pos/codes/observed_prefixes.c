/* Observations by users who compared codes of their own wallets (2020-02; ri25r.hatenablog.jp), and what two networks
 * publish themselves: WeChat Pay (pay.weixin.qq.com, 付款码 10–15, 18 digits) and Alipay (auth_code 25–30, 16–24).
 * Services that have ended (Origami, LINE Pay 2025-04) are left out, so that nothing is charged to them. */
#include "pos/codes/observed_prefixes.h"

const struct code_prefix observed_prefixes[] = {
    {"90008181", 22, 24, "paypay"}, {"900001", 16, 16, "rakutenpay"}, {"90000002", 22, 22, "dbarai"},
    {"31589900", 19, 19, "merpay"}, {"31589921", 19, 19, "aupay"},    {"31589931", 19, 19, "yuchopay"},
    {"10", 18, 18, "wechat_pay"},   {"11", 18, 18, "wechat_pay"},     {"12", 18, 18, "wechat_pay"},
    {"13", 18, 18, "wechat_pay"},   {"14", 18, 18, "wechat_pay"},     {"15", 18, 18, "wechat_pay"},
    {"25", 16, 24, "alipay_plus"},  {"26", 16, 24, "alipay_plus"},    {"27", 16, 24, "alipay_plus"},
    {"28", 16, 24, "alipay_plus"},  {"29", 16, 24, "alipay_plus"},    {"30", 16, 24, "alipay_plus"},
};

const size_t observed_prefix_count = sizeof observed_prefixes / sizeof observed_prefixes[0];
