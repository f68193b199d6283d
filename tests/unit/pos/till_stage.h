/* A whole till in a folder of its own, without devices and with a clock that the test moves: for tests of commands. */
#pragma once

#include "common/clock/clock.h"
#include "common/sqlite/database.h"
#include "pos/till/till.h"

struct till_stage {
    char folder[64];
    char database[96];
    struct manual_clock clock; /* 2026-11-22 10:03 in Japan, until it is moved */
    char *masters;
    struct payment_channel *(*make_terminal)(void); /* at each opening; NULL: no terminal */
    struct till *till;
    struct error_detail err;
};

/* A till at place p1, enrolled, with the masters in MASTERS, in which @1111@ and @2222@ stand for the hashes of those
 * PINs. Clerk "sato" (PIN 1111) is signed in, the day is open with 20,000 yen. */
void till_stage_open(struct till_stage *stage, const char *masters);

/* The same with a payment terminal, which MAKE gives at each opening. */
void
till_stage_open_with_terminal(struct till_stage *stage, const char *masters, struct payment_channel *(*make)(void));
void till_stage_close(struct till_stage *stage);

/* Close the till as a crash would not: without sign-out; and open it again on the same database. */
void till_stage_reopen(struct till_stage *stage);

/* The state as text, valid until the next call. */
const char *till_stage_state(struct till_stage *stage);

/* The one number that SQL gives on the till's own database. */
int64_t till_stage_query(struct till_stage *stage, const char *sql);

/* The text of the file at PATH below the source folder; free(). */
char *till_stage_read_file(const char *path);

/* The masters that most tests need: items a (300, favourite), b (450, kana びい), a clerk and the supervisor suzuki. */
extern const char till_stage_masters[];
