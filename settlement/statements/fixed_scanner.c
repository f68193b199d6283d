/* Records of fixed length. Banks write CR LF, CR, LF or nothing between them; whichever the first record has must hold
 * for all, since a change means that bytes were lost or added. */
#include "settlement/statements/fixed_scanner.h"

enum status
fixed_scanner_init(struct fixed_scanner *scanner, const struct layout *layout, const char *bytes, size_t length,
                   struct error_detail *err)
{
    size_t skip = 0;
    enum status status = text_encoding_check_beginning(layout->encoding, bytes, length, &skip, err);
    if (status == STATUS_OK) {
        *scanner = (struct fixed_scanner){
            .layout = layout,
            .at = bytes + skip,
            .end = text_trim_end_of_file(bytes + skip, bytes + length),
            .line = 1,
        };
    }
    return status;
}

/* The LINE_ENDS_… bit of what stands at AT, and its length. */
static unsigned
line_end_at(const char *at, const char *end, size_t *out_length)
{
    if (at < end && at[0] == '\r') {
        bool is_pair = at + 1 < end && at[1] == '\n';
        *out_length = is_pair ? 2 : 1;
        return is_pair ? LINE_ENDS_CRLF : LINE_ENDS_CR;
    }
    if (at < end && at[0] == '\n') {
        *out_length = 1;
        return LINE_ENDS_LF;
    }
    *out_length = 0;
    return LINE_ENDS_NONE;
}

static enum status
refuse_length(const struct fixed_scanner *scanner, size_t found, struct error_detail *err)
{
    error_set_at(err, scanner->line, (unsigned)found + 1, "statement_incomplete",
                 "明細ファイル不完全: レコードが %zu バイトで終わっています（%u バイト必要です）。途中で切れたか、"
                 "文字が失われています。送付元から受け取り直してください。",
                 found, scanner->layout->record_length);
    return STATUS_INVALID;
}

/* Every byte of the record belongs to it and to the encoding. */
static enum status
check_bytes(const struct fixed_scanner *scanner, struct error_detail *err)
{
    struct text_view bytes = {scanner->at, scanner->layout->record_length};
    for (size_t i = 0; i < bytes.length; i++) {
        unsigned char byte = (unsigned char)bytes.at[i];
        if (byte == '\r' || byte == '\n') {
            return refuse_length(scanner, i, err);
        }
        if (byte < 0x20) {
            error_set_at(err, scanner->line, (unsigned)i + 1, "statement_control",
                         "制御文字 0x%02X があります。壊れたファイルです。送付元から受け取り直してください。",
                         (unsigned)byte);
            return STATUS_INVALID;
        }
    }
    const char *fault = text_encoding_find_fault(scanner->layout->encoding, bytes);
    if (fault != NULL) {
        error_set_at(err, scanner->line, (unsigned)(fault - bytes.at) + 1, "statement_encoding",
                     "%s の文字として読めないバイト 0x%02X があります。ファイルの文字コードと書式の encoding "
                     "を確かめてください。",
                     text_encoding_name(scanner->layout->encoding), (unsigned)(unsigned char)*fault);
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

/* Step over what ends the record, at NEXT. */
static enum status
take_line_end(struct fixed_scanner *scanner, const char *next, struct error_detail *err)
{
    size_t length;
    unsigned style = line_end_at(next, scanner->end, &length);
    bool is_last = next + length == scanner->end;
    bool is_missing_at_end = is_last && style == LINE_ENDS_NONE;
    if (!is_missing_at_end && scanner->style == 0) {
        scanner->style = style;
    }
    bool is_allowed =
        is_missing_at_end || (style == scanner->style && (scanner->layout->line_ends & scanner->style) != 0);
    if (!is_allowed) {
        error_set_at(err, scanner->line, scanner->layout->record_length + 1, "statement_incomplete",
                     "明細ファイル不完全: %u バイトのレコードの後の区切り（CR・LF）が、前のレコードや書式と違います。"
                     "レコードが長いか、文字が失われています。送付元から受け取り直してください。",
                     scanner->layout->record_length);
        return STATUS_INVALID;
    }
    scanner->at = next + length;
    return STATUS_OK;
}

enum status
fixed_scanner_next(struct fixed_scanner *scanner, struct fixed_record *record, bool *out_has_record,
                   struct error_detail *err)
{
    size_t left = (size_t)(scanner->end - scanner->at);
    size_t length = scanner->layout->record_length;
    if (left == 0) {
        *out_has_record = false;
        return STATUS_OK;
    }
    if (left < length) {
        while (left > 0 && (scanner->at[left - 1] == '\r' || scanner->at[left - 1] == '\n')) {
            left--;
        }
        return refuse_length(scanner, left, err);
    }
    enum status status = check_bytes(scanner, err);
    if (status != STATUS_OK) {
        return status;
    }
    record->start = scanner->at;
    record->line = scanner->line;
    status = take_line_end(scanner, scanner->at + length, err);
    scanner->line++;
    *out_has_record = status == STATUS_OK;
    return status;
}
