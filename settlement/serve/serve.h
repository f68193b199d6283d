/* The running service: store, background threads and HTTP server, started and stopped in order. */
#pragma once

#include "common/config/config.h"

#include <stdint.h>

struct serving;

/* Start everything by SETTINGS (borrowed until serving_stop). *OUT is given: end with serving_stop. On failure nothing
 * runs. */
enum status serving_start(struct serving **out, const struct config *settings, struct error_detail *err) MUST_CHECK;
uint16_t serving_port(const struct serving *serving);
bool serving_is_secure(const struct serving *serving); /* speaks HTTPS */

/* Read certificate and key again; on failure those in use stay. *OUT_HAS_CHANGED tells whether they are others now. */
enum status serving_reload(struct serving *serving, bool *out_has_changed, struct error_detail *err) MUST_CHECK;

/* Graceful: uploads that wait are committed and answered, the ledger ends its batch, then everything closes. NULL is
 * fine. */
void serving_stop(struct serving *serving);
