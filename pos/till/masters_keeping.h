/* How the till keeps its masters: what the journal says is in force, what lies on the disk, and who signed it. For this
 * folder only. */
#pragma once

#include "pos/masters/extract.h"
#include "pos/till/till_parts.h"

enum { MASTERS_SIGNATURE_TEXT_SIZE = 89 /* base64 of 64 bytes and a NUL */ };

/* A document that is offered to the till. Borrowed. */
struct masters_offer {
    const char *document;
    size_t length;
    const char *signature; /* base64; NULL: none */
    bool is_kept;          /* it lay on this disk, and is what the journal says: it may be without a signature */
    struct extract_identity identity;
};

/* Check, cut and put in force OFFER, whose identity is filled here. As till_apply_signed_masters. */
enum status masters_apply(struct till *till, struct masters_offer *offer, struct error_detail *err) MUST_CHECK;

/* What the journal says is in force: the newest masters.applied. INVARIANT: version 0: none. */
struct applied_masters {
    int64_t version;
    char document_sha256[SHA256_TEXT_SIZE];
    char head_sha256[SHA256_TEXT_SIZE]; /* "" for one without an extract */
};
enum status applied_masters_load(struct till *till, struct applied_masters *out, struct error_detail *err) MUST_CHECK;

/* Whether SIGNATURE (NULL: none) is the service's over VERSION and SHA256. STATUS_OK too when the till knows no key;
 * STATUS_REFUSED "masters_not_signed". */
enum status masters_check_signature(const struct till *till, int64_t version, const char *sha256, const char *signature,
                                    struct error_detail *err) MUST_CHECK;

/* At start-up: open what is in force, cutting it anew from the document when that must be. Masters that were altered on
 * the disk leave the till without any: the uplink fetches them. */
enum status load_masters(struct till *till, struct error_detail *err) MUST_CHECK;

/* From time to time, without the lock: look at a few pieces of what lies on the disk, and mend what is damaged from the
 * document. Failures are logged. */
void look_after_masters(struct till *till);
