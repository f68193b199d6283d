/* The foreign wallets as the configuration sets them up, [wechat_pay] and [alipay_plus]. */
#pragma once

#include "common/config/config.h"
#include "pos/payment/channel.h"

enum status
open_wechat_pay(struct payment_channel **out, const struct config *config, struct error_detail *err) MUST_CHECK;
enum status
open_alipay_plus(struct payment_channel **out, const struct config *config, struct error_detail *err) MUST_CHECK;
