/* Simulated tills: thousands of enrolled terminals whose keys come from a seed, and what they have to send.
 *
 * A till is a number; its secret key is SHA-256 of seed and number, so that enrolling, signing and checking need no
 * list of keys. */
#pragma once

#include "common/records/journal_line.h"

struct till_set {
    unsigned seed;
    int count;
    struct till_tail {
        int64_t sequence;
        uint8_t hash[SHA256_SIZE];
    } * tails; /* the last line of each that was written */
};

/* One upload, as it goes over the wire. */
struct prepared {
    size_t offset; /* of the request in the file */
    size_t length;
    size_t body_offset; /* of its lines */
    int till;
};

/* Uploads in the order in which they are sent: round by round, each till once in a round. */
struct load {
    struct prepared *uploads;
    size_t count;
    const char *bytes; /* the file, mapped */
    size_t length;
    size_t body_bytes;
};

void till_name(char out[TERMINAL_ID_SIZE], int till);
void till_public_key(const struct till_set *tills, int till, uint8_t out[PUBLIC_KEY_SIZE]);

/* Write ROUNDS uploads of LINES lines for every till, chained and signed, into the file at PATH, and map it. HOST goes
 * into the requests. Ends the program when something fails. */
void load_prepare(struct load *out, struct till_set *tills, const char *path, const char *host, int rounds, int lines,
                  bool is_kept);

/* Print WHAT and the reason, end the program. */
_Noreturn void die(const char *what, const char *why);
double now_seconds(void);
