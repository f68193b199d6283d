/* The decision about a signed run: does it continue what is durable here?
 *
 *   here:      1 ………… head
 *   gap              head+1 … first‑1 are missing        nothing taken, told where to go on
 *   known      first …… last ≤ head                      nothing to take, the same answer again
 *   new                    first ≤ head+1 … last         the part behind head is taken
 *   fork       another line under a known sequence       nothing taken, evidence kept, the till is quarantined
 *
 * Because each line carries the hash of the one before, two runs that agree in one line agree in all lines before it:
 * one comparison decides. */
#pragma once

#include "settlement/intake/upload.h"
#include "settlement/store/store.h"

enum verdict {
    VERDICT_ACKNOWLEDGED, /* all lines of the upload are here (after the commit, durably) */
    VERDICT_GAP,
    VERDICT_FORK,        /* the quarantine must be committed before it is answered */
    VERDICT_QUARANTINED, /* since before this upload */
    VERDICT_REVOKED,
    VERDICT_KEY_CHANGED /* the till was enrolled anew after the signature was checked */
};

/* What is durable here, as the till is told. */
struct acceptance {
    enum verdict verdict;
    int64_t sequence;
    uint8_t hash[SHA256_SIZE];
    int64_t taken;   /* how many lines were new */
    int64_t fork_at; /* VERDICT_FORK: the first sequence with two lines */
};

/* Decide about UPLOAD inside TXN and write what follows. STATUS_OK whatever the verdict; otherwise the transaction must
 * be given up. STATUS_NOT_FOUND ("unknown_terminal") when the till is not enrolled. */
enum status intake_accept(struct store_txn *txn, const struct upload *upload, int64_t now_ms, struct acceptance *out,
                          struct error_detail *err) MUST_CHECK;
