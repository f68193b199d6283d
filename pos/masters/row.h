/* Reading one row of the masters: members by name, the first failure kept. For this folder only. */
#pragma once

#include "common/json/reader.h"
#include "pos/masters/masters.h"

/* INVARIANT: once `status` is not STATUS_OK, ERR says why and every further call does nothing. */
struct row {
    const struct json_value *object;
    enum status status;
    struct error_detail *err;
};

void row_text(struct row *row, const char *key, char *out, size_t size);
void row_text_or_empty(struct row *row, const char *key, char *out, size_t size);
int64_t row_int(struct row *row, const char *key, int64_t min, int64_t max); /* 0 after a failure */
int64_t row_int_or(struct row *row, const char *key, int64_t min, int64_t max, int64_t fallback);
bool row_bool_or(struct row *row, const char *key, bool fallback);

/* The texts of array KEY into rows of ROW_SIZE bytes; an absent array is empty. */
size_t row_texts(struct row *row, const char *key, char *rows, size_t row_size, size_t capacity);

/* The index of member KEY's word in WORDS (NULL-terminated); FALLBACK when absent, -1: it is required. */
int row_word(struct row *row, const char *key, const char *const *words, int fallback);

/* The words of array KEY as bits 1u << index; an absent array gives FALLBACK. */
unsigned row_words(struct row *row, const char *key, const char *const *words, unsigned fallback);

struct validity row_validity(struct row *row);

/* Whole rows. Each fills a zeroed *OUT; on failure the caller frees what it holds with the masters. */
void read_item(struct row *row, struct master_item *out);
void read_brand(struct row *row, struct master_brand *out);
void read_exemption(struct row *row, struct master_exemption *out);
void read_issuer(struct row *row, struct master_issuer *out);
void read_account(struct row *row, struct master_name *out);
void read_section(struct row *row, struct master_name *out);
void read_clerk(struct row *row, struct master_clerk *out);
void read_facility(struct row *row, struct master_facility *out);
void read_drawer(struct row *row, struct master_drawer *out);
void read_policy(struct row *row, struct master_policy *out);
void read_scan_rule(struct row *row, struct master_scan_rule *out);
void read_template(struct row *row, struct master_template *out);
void read_place(struct row *row, struct master_place *out);
