/* By how it begins, and for digits by the table. */
#include "pos/codes/classify.h"

#include <string.h>

static bool
begins(const char *text, size_t length, const char *prefix)
{
    const size_t prefix_length = strlen(prefix);
    return length >= prefix_length && memcmp(text, prefix, prefix_length) == 0;
}

static bool
is_digits(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return false;
        }
    }
    return length > 0;
}

static bool
fits(const struct code_prefix *row, const char *text, size_t length)
{
    return begins(text, length, row->prefix) && length >= row->min_digits &&
           (row->max_digits == 0 || length <= row->max_digits);
}

static void
add_candidate(struct classification *out, const char *brand)
{
    for (size_t i = 0; i < out->candidate_count; i++) {
        if (strcmp(out->candidates[i], brand) == 0) {
            return;
        }
    }
    if (out->candidate_count < CODE_CANDIDATES_MAX) {
        out->candidates[out->candidate_count++] = brand;
    }
}

static void
find_candidates(const char *text, size_t length, const struct code_prefix *table, size_t count,
                struct classification *out)
{
    size_t longest = 0;
    for (size_t i = 0; i < count; i++) {
        const size_t prefix_length = strlen(table[i].prefix);
        if (!fits(&table[i], text, length) || prefix_length < longest) {
            continue;
        }
        if (prefix_length > longest) {
            out->candidate_count = 0;
            longest = prefix_length;
        }
        add_candidate(out, table[i].brand);
    }
}

void
classify_code(const char *text, size_t length, const struct code_prefix *table, size_t count,
              struct classification *out)
{
    *out = (struct classification){.kind = SCANNED_NOTHING_KNOWN};
    if (begins(text, length, "hQVKUFFS")) { /* 85 05 "JPQR1" in Base64, whatever follows */
        out->kind = SCANNED_JPQR;
    } else if (begins(text, length, "hQVDUFYw")) { /* 85 05 "CPV0" */
        out->kind = SCANNED_EMV;
    } else if (begins(text, length, "000201") && length > 24) { /* longer than any digits of the table */
        out->kind = SCANNED_MERCHANT_CODE;
    } else if (is_digits(text, length)) {
        find_candidates(text, length, table, count, out);
        out->kind = out->candidate_count > 0 ? SCANNED_BARCODE : SCANNED_NOTHING_KNOWN;
    }
}

const char *
classification_advice(const struct classification *classification)
{
    switch (classification->kind) {
    case SCANNED_JPQR:
    case SCANNED_EMV:
        return "";
    case SCANNED_BARCODE:
        return classification->candidate_count == 1
                   ? ""
                   : "どの会社のコードか区別できません。お客様にアプリの名前をうかがい、ブランドを選んでください。";
    case SCANNED_MERCHANT_CODE:
        return "お店用のコードです。お客様のアプリの「支払う」画面のコードを表示していただいてください。";
    case SCANNED_NOTHING_KNOWN:
        break;
    }
    return "支払い用のコードではありません。お客様のアプリの支払い画面を確かめて、もう一度読み取ってください。";
}
