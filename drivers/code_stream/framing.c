/* The suffix is looked for at the end of what has come, so that a code may contain its first characters. */
#include "drivers/code_stream/framing.h"

#include "common/signing/signing.h"

#include <assert.h>
#include <string.h>

void
framing_init(struct framing *framing, const struct framing_options *options)
{
    assert(options->suffix[0] != '\0');
    *framing = (struct framing){.options = *options};
}

void
framing_reset(struct framing *framing)
{
    secret_wipe(framing->text, sizeof framing->text);
    framing->length = 0;
    framing->is_too_long = false;
    framing->is_spoiled = false;
}

void
framing_spoil(struct framing *framing)
{
    secret_wipe(framing->text, framing->length);
    framing->length = 0;
    framing->is_spoiled = true;
}

static bool
ends_with_suffix(const struct framing *framing)
{
    const size_t length = strlen(framing->options.suffix);
    return framing->length >= length &&
           memcmp(framing->text + framing->length - length, framing->options.suffix, length) == 0;
}

/* A text that is full loses its beginning, so that the end of an endless code is still seen. */
static void
append(struct framing *framing, char character)
{
    if (framing->length == sizeof framing->text) {
        framing->is_too_long = true;
        memmove(framing->text, framing->text + 1, --framing->length);
    }
    framing->text[framing->length++] = character;
}

static enum status
complete(const struct framing *framing, struct scanned_code *out)
{
    const size_t prefix_length = strlen(framing->options.prefix);
    const size_t length = framing->length - strlen(framing->options.suffix);
    const char *code = framing->text + prefix_length;
    if (framing->is_spoiled) {
        return STATUS_INVALID;
    }
    if (framing->is_too_long) {
        return STATUS_OVERFLOW;
    }
    if (length <= prefix_length || memcmp(framing->text, framing->options.prefix, prefix_length) != 0) {
        return STATUS_INVALID;
    }
    if (length - prefix_length >= SCANNER_CODE_SIZE) {
        return STATUS_OVERFLOW;
    }
    for (size_t i = 0; i < length - prefix_length; i++) {
        if (code[i] < ' ' || code[i] > '~') {
            return STATUS_INVALID;
        }
    }
    out->length = length - prefix_length;
    memcpy(out->text, code, out->length);
    out->text[out->length] = '\0';
    return STATUS_OK;
}

static bool
is_line_end(char character)
{
    return character == '\r' || character == '\n';
}

enum status
framing_put(struct framing *framing, char character, int64_t now_ms, struct scanned_code *out)
{
    const bool has_begun = framing->length > 0 || framing->is_spoiled || framing->is_too_long;
    if (has_begun && now_ms - framing->last_ms > (int64_t)framing->options.gap_ms) {
        framing_reset(framing);
    }
    framing->last_ms = now_ms;
    append(framing, character);
    if (ends_with_suffix(framing)) {
        const bool is_empty = framing->length == strlen(framing->options.suffix) && !framing->is_spoiled;
        const enum status status = is_empty ? STATUS_NOT_FOUND : complete(framing, out);
        framing_reset(framing);
        return status;
    }
    /* A scanner told to end its codes by CR LF, where CR alone is configured. */
    if (framing->length == 1 && is_line_end(character) && !framing->is_spoiled &&
        framing->options.suffix[0] != character && framing->options.prefix[0] != character) {
        framing->length = 0;
    }
    return STATUS_NOT_FOUND;
}

static int
hex_digit(char character)
{
    const char *digits = "0123456789abcdef";
    const char *place = character != '\0' ? strchr(digits, character | 0x20) : NULL;
    return place != NULL ? (int)(place - digits) : -1;
}

/* One character at *AT, which moves behind it; −1 when it is none. */
static int
read_character(const char **at)
{
    const char first = *(*at)++;
    if (first != '\\') {
        return first >= ' ' && first <= '~' ? first : -1;
    }
    const char kind = *(*at)++;
    switch (kind) {
    case 'r':
        return '\r';
    case 'n':
        return '\n';
    case 't':
        return '\t';
    case '\\':
        return '\\';
    case 'x': {
        const int high = hex_digit((*at)[0]);
        const int low = high >= 0 ? hex_digit((*at)[1]) : -1;
        if (low < 0 || high > 7 || high * 16 + low == 0) {
            return -1;
        }
        *at += 2;
        return high * 16 + low;
    }
    default:
        return -1;
    }
}

enum status
framing_affix_read(char out[FRAMING_AFFIX_SIZE], const char *written, struct error_detail *err)
{
    char text[FRAMING_AFFIX_SIZE] = "";
    size_t length = 0;
    for (const char *at = written; *at != '\0';) {
        const int character = read_character(&at);
        if (character < 0) {
            error_set(err, "affix", "\"%s\" is not read: printable ASCII, \\r, \\n, \\t, \\\\ and \\x01 … \\x7f are",
                      written);
            return STATUS_INVALID;
        }
        if (length + 1 == sizeof text) {
            error_set(err, "affix", "\"%s\" is longer than %d characters", written, FRAMING_AFFIX_SIZE - 1);
            return STATUS_INVALID;
        }
        text[length++] = (char)character;
    }
    memcpy(out, text, sizeof text);
    return STATUS_OK;
}
