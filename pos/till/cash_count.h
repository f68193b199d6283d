/* Coins and notes, counted by denomination. Pure data. */
#pragma once

#include "common/json/reader.h"
#include "common/json/writer.h"

enum {
    DENOMINATION_COUNT = 10, /* 10,000 5,000 2,000 1,000 500 100 50 10 5 1 */
    PIECES_MAX = 9999        /* of one denomination: four keys on the pad, and more than a drawer holds */
};

/* Largest first. */
extern const int64_t denominations_yen[DENOMINATION_COUNT];

/* INVARIANT: with `has_pieces`, total_yen is the sum over the pieces; without, only the sum is known (a counting
 * machine said it). 0 ≤ pieces ≤ PIECES_MAX; 0 ≤ total_yen. */
struct cash_count {
    bool has_pieces;
    int64_t pieces[DENOMINATION_COUNT];
    int64_t total_yen;
};

/* Read [{"yen","count"}…] in any order; a denomination that is absent was counted as none. STATUS_INVALID for another
 * yen, one that stands twice, or a count out of range. */
enum status cash_count_read(struct cash_count *out, const struct json_value *list, struct error_detail *err) MUST_CHECK;

/* The array of the journal under KEY: what there is of each, largest first; empty when only the sum is known. */
void cash_count_write(const struct cash_count *count, struct json_writer *writer, const char *key);
