/* The character sets that statement and bank files come in. Inside the program text is UTF-8. */
#pragma once

#include "common/bytes/buffer.h"
#include "settlement/arena/arena.h"
#include "settlement/statements/text_view.h"

#include <stdint.h>

/* CP932 has two-byte characters whose second byte is 0x40–0x7E or 0x80–0xFC. A quote (0x22), a comma (0x2C), a tab and
 * line ends can therefore never be half of a character, and a CP932 file is cut into fields byte by byte without being
 * decoded. For the same reason a layout in CP932 must not choose '|' (0x7C) or '\' (0x5C) as separator or quote.
 *
 * JIS X 0201 here is what banks send: ASCII and half-width kana, one byte each. */
enum text_encoding { TEXT_UTF_8, TEXT_CP932, TEXT_JIS_X_0201 };

/* The name in layouts and messages: "utf-8", "cp932", "jis-x-0201". Static. */
const char *text_encoding_name(enum text_encoding encoding);

/* Length of the CP932 character at AT, as text_encoding_step; inline because every line of a Japanese statement has
 * some (「売上」). First bytes are 0x81–0x9F and 0xE0–0xFC, which one bit folds into one range. */
static inline size_t
text_cp932_step(const char *at, size_t left)
{
    unsigned first = (unsigned char)at[0];
    if ((first ^ 0x20U) - 0xA1U <= 0xDCU - 0xA1U && left >= 2) {
        unsigned second = (unsigned char)at[1];
        return second - 0x40U <= 0xFCU - 0x40U && second != 0x7F ? 2 : 0;
    }
    return first - 0xA1U <= 0xDFU - 0xA1U ? 1 : 0; /* half-width kana */
}

/* Length of the character at AT (LEFT ≥ 1 bytes remain), judged by its form alone; 0 when no character of ENCODING
 * looks like this. AT's byte is ≥ 0x80. */
size_t text_encoding_step(enum text_encoding encoding, const char *at, size_t left);

/* First byte of TEXT that belongs to no character of ENCODING, or NULL. */
const char *text_encoding_find_fault(enum text_encoding encoding, struct text_view text);

/* Look at the first bytes of a file: *OUT_SKIP is the length of a UTF-8 BOM that must be stepped over, or 0.
 * STATUS_INVALID when they show another encoding than ENCODING (UTF-16, a BOM in a CP932 file). */
enum status text_encoding_check_beginning(enum text_encoding encoding, const char *bytes, size_t length,
                                          size_t *out_skip, struct error_detail *err) MUST_CHECK;

/* END without one trailing 0x1A and the line ends after it: CP/M's end of file, which some bank software still writes.
 */
const char *text_trim_end_of_file(const char *bytes, const char *end);

/* Append TEXT (UTF-8) in ENCODING. STATUS_INVALID when a character does not exist there. */
enum status text_encoding_from_utf8(enum text_encoding encoding, struct buffer *out, struct text_view text,
                                    struct error_detail *err) MUST_CHECK;

/* TEXT in ENCODING as UTF-8: TEXT itself where the bytes are the same, otherwise a copy in ARENA. STATUS_INVALID for
 * bytes that stand for no character, STATUS_OVERFLOW when ARENA is full. */
enum status text_encoding_to_utf8(enum text_encoding encoding, struct arena *arena, struct text_view text,
                                  struct text_view *out, struct error_detail *err) MUST_CHECK;
