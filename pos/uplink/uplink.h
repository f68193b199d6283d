/* The uplink: the thread that sends the journal's unacknowledged lines, and fetches new masters. It never stops
 * selling, except when it learns that this till's journal is older than what the service has (till_set_uplink_state
 * "behind"). */
#pragma once

#include "common/clock/clock.h"
#include "common/signing/signing.h"
#include "pos/till/till.h"

struct uplink;

struct uplink_options {
    struct till *till;         /* borrowed */
    const char *database_path; /* lines are read over a connection of its own */
    const char *service_url;   /* "https://settlement.city.example.jp:8470" */
    const char *ca_file;       /* PEM of the root that the service's certificate comes from; "" or NULL: the system's */
    struct signing_key *key;   /* borrowed */
    struct clock_source clock;
    unsigned interval_ms; /* between looks for new lines; 0: 500 */
};

enum status
uplink_start(struct uplink **out, const struct uplink_options *options, struct error_detail *err) MUST_CHECK;
void uplink_stop(struct uplink *uplink); /* NULL is fine */

/* STATUS_REFUSED when URL would carry the till's record in the clear beyond this computer. */
enum status uplink_check_url(const char *url, struct error_detail *err) MUST_CHECK;

/* Enrol this till at SERVICE_URL, whose certificate comes from CA_FILE (as above), with the one-time CODE: make the key
 * (kept at KEY_PATH, made once) and record line 1, then fetch the masters. Safe to repeat with the same code after a
 * lost answer. */
enum status uplink_enrol(struct till *till, const char *service_url, const char *ca_file, const char *key_path,
                         const char *code, struct clock_source clock, struct error_detail *err) MUST_CHECK;
