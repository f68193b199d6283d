/* The ways in which things do not agree, by the names that finance staff use, and the ways out of each. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* In the order of docs/protocol/finance-http.md. */
enum discrepancy_class {
    DISCREPANCY_POS_ONLY,
    DISCREPANCY_STATEMENT_ONLY,
    DISCREPANCY_AMOUNT_DIFFERS,
    DISCREPANCY_COUNT_DIFFERS,
    DISCREPANCY_BRAND_DIFFERS,
    DISCREPANCY_DUPLICATE,
    DISCREPANCY_REVERSAL_ONLY,
    DISCREPANCY_PAID_THOUGH_VOIDED,
    DISCREPANCY_CUT_OFF,
    DISCREPANCY_FEE_DIFFERS,
    DISCREPANCY_DEPOSIT_SHORT,
    DISCREPANCY_DEPOSIT_OVER,
    DISCREPANCY_TRANSFER_FEE_DEDUCTED,
    DISCREPANCY_STILL_UNKNOWN,
    DISCREPANCY_IN_DOUBT,
    DISCREPANCY_TRAINING_MIXED_IN,
    DISCREPANCY_FILE_INCOMPLETE,
    DISCREPANCY_FILE_REPEATED,
    DISCREPANCY_DECISION_OVERTAKEN,
    DISCREPANCY_CLASS_COUNT
};

/* What a person can decide. */
enum resolution {
    RESOLUTION_EXPLAINED,
    RESOLUTION_CORRECTED_BY_ACQUIRER,
    RESOLUTION_CORRECTED_BY_BANK,
    RESOLUTION_DUPLICATE_REPORT,
    RESOLUTION_FEE_ACCEPTED,
    RESOLUTION_REFUND,
    RESOLUTION_COLLECT,
    RESOLUTION_WRITE_OFF,
    RESOLUTION_SUSPENSE,
    RESOLUTION_COUNT
};

/* "pos_only" and "POSのみ". Static strings. The name of an unknown word is the word. */
const char *discrepancy_class_word(enum discrepancy_class class);
const char *discrepancy_class_name(const char *word);
bool discrepancy_class_from_word(enum discrepancy_class *out, const char *word);

/* "open" → "未処理" … Static, or the word itself. */
const char *discrepancy_state_name(const char *state);

/* Days from its opening until a person should have dealt with it. */
int discrepancy_days(enum discrepancy_class class);

const char *resolution_word(enum resolution resolution);
const char *resolution_name(const char *word);
bool resolution_from_word(enum resolution *out, const char *word);

/* Whether money goes back, comes in late or is given up: then a second person confirms. */
bool resolution_moves_money(enum resolution resolution);
bool resolution_fits(enum resolution resolution, enum discrepancy_class class);
