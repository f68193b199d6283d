/* Folding, character by character. */
#include "settlement/web/search_fold.h"

#include "common/text/utf8.h"

#include <string.h>

enum { FOLDED_MAX_BYTES = 512 /* no name here is longer */ };

static uint32_t
fold(uint32_t character)
{
    if (character >= 0xFF01 && character <= 0xFF5E) {
        character -= 0xFEE0; /* full-width ASCII */
    }
    if (character >= 'A' && character <= 'Z') {
        return character + ('a' - 'A');
    }
    return character >= 0x30A1 && character <= 0x30F6 ? character - 0x60 : character;
}

static size_t
encode(char out[4], uint32_t character)
{
    if (character < 0x80) {
        out[0] = (char)character;
        return 1;
    }
    if (character < 0x800) {
        out[0] = (char)(0xC0 | character >> 6);
        out[1] = (char)(0x80 | (character & 0x3F));
        return 2;
    }
    if (character < 0x10000) {
        out[0] = (char)(0xE0 | character >> 12);
        out[1] = (char)(0x80 | (character >> 6 & 0x3F));
        out[2] = (char)(0x80 | (character & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | character >> 18);
    out[1] = (char)(0x80 | (character >> 12 & 0x3F));
    out[2] = (char)(0x80 | (character >> 6 & 0x3F));
    out[3] = (char)(0x80 | (character & 0x3F));
    return 4;
}

const char *
search_fold(char *out, size_t size, const char *text)
{
    const char *end = text + strlen(text);
    size_t used = 0;
    while (text < end) {
        uint32_t character = fold(utf8_next(&text, end));
        char bytes[4];
        if (character == ' ' || character == 0x3000) {
            continue;
        }
        size_t length = encode(bytes, character);
        if (used + length >= size) {
            break;
        }
        memcpy(out + used, bytes, length);
        used += length;
    }
    out[used] = '\0';
    return out;
}

bool
search_matches(const char *text, const char *folded)
{
    char own[FOLDED_MAX_BYTES];
    return folded[0] == '\0' || strstr(search_fold(own, sizeof own, text), folded) != NULL;
}
