/* Refunds that a till or the finance desk gave back through the processor: their lines in the statement.
 *
 * A line of a refund (below zero) that no cancellation of ours claims is a refund of ours when it names the refund or
 * its payment and is its amount to the yen; each line is one refund, each refund one line, in the order in which they
 * were paid and came. It is then no 取消のみ any more. Never the amount alone. Costs some reads for each such line that
 * is left over, nothing for the others. */
#pragma once

#include "common/identity/identity.h"
#include "settlement/matching/collected.h"

/* A line and its refund; the collected index of the line. */
struct seen_refund {
    uint32_t line;
    char refund[IDENTITY_TEXT_SIZE];
};

struct refunds_seen {
    struct growing rows; /* struct seen_refund */
};

void refunds_seen_init(struct refunds_seen *seen);
void refunds_seen_finish(struct refunds_seen *seen);

/* Find them among the lines of COLLECTED that are in no pair; those are matched from here on. */
enum status refunds_seen_find(struct refunds_seen *seen, struct collected *collected, struct store_txn *txn,
                              const char *municipality, struct error_detail *err) MUST_CHECK;

/* Write them down for RUN. */
enum status
refunds_seen_write(const struct refunds_seen *seen, const struct collected *collected, struct store_txn *txn,
                   const char *municipality, int64_t run, struct error_detail *err) MUST_CHECK;
