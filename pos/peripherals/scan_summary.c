/* The kind by the same classification as in a payment. */
#include "pos/peripherals/scan_summary.h"

#include "pos/codes/classify.h"
#include "pos/codes/observed_prefixes.h"

#include <stdio.h>

enum { SHOWN_AT_EACH_END = 2, LONG_ENOUGH = 12 /* most of it stays hidden */ };

static const char *
kind_title(enum scanned_kind kind)
{
    switch (kind) {
    case SCANNED_JPQR:
        return "お客様の支払いコード(JPQR)";
    case SCANNED_EMV:
        return "お客様の支払いコード(EMV)";
    case SCANNED_BARCODE:
        return "お客様の支払いコード(バーコード)";
    case SCANNED_MERCHANT_CODE:
        return "店舗に掲示するコード";
    case SCANNED_NOTHING_KNOWN:
        return "支払いコードではないコード(伝票・レシートなど)";
    }
    return "コード";
}

const char *
scan_summary(const char *code, size_t length, char out[SCAN_SUMMARY_SIZE])
{
    struct classification found;
    char ends[4 * SHOWN_AT_EACH_END] = "";
    classify_code(code, length, observed_prefixes, observed_prefix_count, &found);
    if (length >= LONG_ENOUGH) {
        snprintf(ends, sizeof ends, "%.*s…%s", SHOWN_AT_EACH_END, code, code + length - SHOWN_AT_EACH_END);
    }
    snprintf(out, SCAN_SUMMARY_SIZE, "%sを読み取りました。%s%s%zu文字です。", kind_title(found.kind), ends,
             ends[0] != '\0' ? " の" : "", length);
    return out;
}
