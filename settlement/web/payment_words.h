/* States of cashless payments, for people. For this folder only. */
#pragma once

/* "合意" of "matched" …; STATE itself when it is unknown. */
const char *payment_state_name(const char *state);
