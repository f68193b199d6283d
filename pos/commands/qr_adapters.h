/* The QR adapters that the configuration names, behind one channel. */
#pragma once

#include "common/config/config.h"
#include "pos/payment/channel.h"

/* Two channels to the same networks: an inquiry must not wait for a citizen. Both NULL when no adapter is set up.
 * Given; on failure nothing is. */
enum status qr_channels_open(struct payment_channel **out_foreground, struct payment_channel **out_background,
                             const struct config *config, struct error_detail *err) MUST_CHECK;
