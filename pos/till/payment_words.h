/* What is said about a payment: to the clerk, and to the citizen in each language of the window that faces him.
 *
 * One table for all states and endings; the screens show what stands in it. Each sentence for the clerk says what is
 * so, what it means for the citizen's money, and what to press or say. */
#pragma once

#include "pos/till/till_parts.h"

enum payment_language { LANGUAGE_JA, LANGUAGE_EN, LANGUAGE_ZH, LANGUAGE_KO, PAYMENT_LANGUAGES };

/* INVARIANT: no text is NULL; a sentence for citizens stands in all languages or in none. */
struct payment_words {
    const char *code;
    const char *clerk;
    const char *citizen[PAYMENT_LANGUAGES];
};

/* The words for CODE; those for "unknown" when there is no such code (a test sees that there is none). */
const struct payment_words *payment_words(const char *code);

/* All of them, for tests. */
const struct payment_words *payment_words_all(size_t *out_count);

/* The code of where the payment in hand is. */
const char *foreground_code(const struct till *till);

/* The code of a payment in the list of open ones: STATE and RULE as in table payment. */
const char *open_payment_code(const char *state, bool is_abandoned, const char *rule);

/* "code", "clerk_message", "citizen_message" (Japanese) and "say" (all languages). CLERK replaces the clerk's sentence
 * where the till knows better; "" otherwise. */
void write_payment_words(const char *code, const char *clerk, struct json_writer *writer);
