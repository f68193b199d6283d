/* What the audit found: one place where the books and the journals do not agree, in yen. */
#pragma once

#include "common/bytes/buffer.h"
#include "common/identity/identity.h"

enum {
    FINDING_CODE_SIZE = 32,
    FINDING_MESSAGE_SIZE = 320,
    FINDINGS_MAX = 10000 /* beyond it only their number grows: nobody reads on, and memory is kept */
};

/* The yen by which something is off is found − expected; both are 0 where no money is involved. */
struct finding {
    char code[FINDING_CODE_SIZE];       /* stable lower_snake word */
    char terminal[TERMINAL_ID_SIZE];    /* "" when it is of no single till */
    int64_t sequence;                   /* the journal line; 0: of none */
    int64_t expected_yen;               /* by the journal */
    int64_t found_yen;                  /* in the books */
    char message[FINDING_MESSAGE_SIZE]; /* Japanese */
};

struct findings {
    struct finding *list;
    size_t kept; /* ≤ FINDINGS_MAX */
    int64_t count;
    bool has_failed; /* no memory for one of them */
};

void findings_finish(struct findings *findings);

/* Remember one. TERMINAL may be NULL. */
void finding_add(struct findings *findings, const char *code, const char *terminal, int64_t sequence,
                 int64_t expected_yen, int64_t found_yen, const char *format, ...) PRINTF_LIKE(7, 8);

/* Lines for people: place, sentence, yen. */
void findings_print(const struct findings *findings);
