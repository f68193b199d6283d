/* A text that lies inside a file or an arena: a place and a length, no NUL. Borrowed from whoever holds the bytes. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct text_view {
    const char *at;
    size_t length;
};

/* A view of a C string. */
static inline struct text_view
text_view_of(const char *text)
{
    return (struct text_view){text, strlen(text)};
}

static inline uint64_t
bytes_load_8(const char *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return word;
}

static inline uint32_t
bytes_load_4(const char *at)
{
    uint32_t word;
    memcpy(&word, at, sizeof word);
    return word;
}

/* memcmp(A, B, LENGTH) == 0 for the short texts of statements, without a call: by words, the last of which may overlap
 * the one before it. */
static inline bool
bytes_equal(const char *a, const char *b, size_t length)
{
    if (length > 64) {
        return memcmp(a, b, length) == 0;
    }
    if (length >= 8) {
        uint64_t difference = bytes_load_8(a + length - 8) ^ bytes_load_8(b + length - 8);
        for (size_t i = 0; i + 8 < length; i += 8) {
            difference |= bytes_load_8(a + i) ^ bytes_load_8(b + i);
        }
        return difference == 0;
    }
    if (length >= 4) {
        return ((bytes_load_4(a) ^ bytes_load_4(b)) | (bytes_load_4(a + length - 4) ^ bytes_load_4(b + length - 4))) ==
               0;
    }
    for (size_t i = 0; i < length; i++) {
        if (a[i] != b[i]) {
            return false;
        }
    }
    return true;
}

static inline bool
text_view_equals(struct text_view a, struct text_view b)
{
    return a.length == b.length && bytes_equal(a.at, b.at, a.length);
}

/* Whether every byte is < 0x80, in the same way. */
static inline bool
text_is_ascii(struct text_view text)
{
    const uint64_t highs = UINT64_C(0x8080808080808080);
    uint64_t seen = 0;
    if (text.length >= 8) {
        seen = bytes_load_8(text.at + text.length - 8);
        for (size_t i = 0; i + 8 < text.length; i += 8) {
            seen |= bytes_load_8(text.at + i);
        }
    } else if (text.length >= 4) {
        seen = bytes_load_4(text.at) | bytes_load_4(text.at + text.length - 4);
    } else {
        for (size_t i = 0; i < text.length; i++) {
            seen |= (unsigned char)text.at[i];
        }
    }
    return (seen & highs) == 0;
}
