/* Reading tills and unreadable lines for screens. Rows are borrowed for the visit; anything but STATUS_OK from a
 * visitor ends the walk and is returned. */
#pragma once

#include "settlement/store/terminal_store.h"

#include <stdbool.h>

enum {
    /* A till is silent when nothing came from it for a day while its day was open: it sends every few seconds when the
     * network is there, so a night's rest is long enough to be sure. */
    TERMINAL_SILENT_MS = 24 * 60 * 60 * 1000
};

/* A till and how far the ledger has read it. */
struct terminal_view {
    const char *terminal;
    const char *place;
    const char *state;
    const char *reason;
    int64_t enrolled_at_ms;
    int64_t last_upload_ms; /* 0: nothing came yet */
    int64_t head_sequence;
    uint8_t head_hash[SHA256_SIZE];
    const char *business_date; /* of its newest line; "" */
    bool day_is_open;
    bool is_silent;
    int64_t parked_count;
};
typedef enum status (*terminal_view_visitor)(const struct terminal_view *view, void *context);

/* The tills of MUNICIPALITY by id, behind AFTER (NULL: from the first); only TERMINAL unless NULL. */
struct terminal_query {
    const char *municipality;
    const char *terminal;
    const char *after;
    int64_t now_ms;
    int64_t limit;
};
enum status terminal_view_each(struct store_txn *txn, const struct terminal_query *query, terminal_view_visitor visit,
                               void *context, struct error_detail *err) MUST_CHECK;

/* How many tills may send or would, how many are shut out as two of one identity, how many are silent. */
struct terminal_counts {
    int64_t count; /* not revoked */
    int64_t quarantined_count;
    int64_t silent_count;
};
enum status terminal_count(struct store_txn *txn, const char *municipality, int64_t now_ms, struct terminal_counts *out,
                           struct error_detail *err) MUST_CHECK;

/* A line that was kept and not understood. */
struct parked_view {
    const char *terminal;
    int64_t sequence;
    const char *business_date;
    const char *kind;
    const char *reason;
};
typedef enum status (*parked_visitor)(const struct parked_view *parked, void *context, struct error_detail *err);

/* By till and sequence, behind (AFTER_TERMINAL, AFTER_SEQUENCE); NULL: from the first. */
enum status
parked_view_each(struct store_txn *txn, const char *municipality, const char *after_terminal, int64_t after_sequence,
                 int64_t limit, parked_visitor visit, void *context, struct error_detail *err) MUST_CHECK;

/* Why line SEQUENCE of TERMINAL is parked, into OUT; "" when it is not. */
enum status parked_reason(struct store_txn *txn, const char *terminal, int64_t sequence, char *out, size_t size,
                          struct error_detail *err) MUST_CHECK;

enum status
parked_count(struct store_txn *txn, const char *municipality, int64_t *out, struct error_detail *err) MUST_CHECK;
