/* Names as banks write them: half-width katakana, capitals, a few signs. For comparing only: what a file said is kept
 * and shown as it came. */
#pragma once

#include "common/bytes/buffer.h"
#include "settlement/statements/text_view.h"

/* Append TEXT (UTF-8) in the form that banks use: hiragana and full-width katakana become half-width with their marks
 * apart (ガ → ｶﾞ), small kana large, ー and ｰ a hyphen, full-width letters, digits and signs ASCII, letters capital, ￥
 * and ¥ a backslash (which is where JIS X 0201 has the yen sign). Other characters stay. STATUS_INVALID for malformed
 * UTF-8. */
enum status bank_kana_from_utf8(struct buffer *out, struct text_view text, struct error_detail *err) MUST_CHECK;

/* The byte of CODE_POINT in a file for banks (JIS X 0201: capitals, digits, half-width katakana, blank and ()-./,\ ); 0
 * where banks take none. Source: 全国銀行協会, 使用可能文字. */
unsigned char bank_kana_byte(uint32_t code_point);

/* The first character of NAME (UTF-8) that has no such byte, *OUT_LENGTH bytes long; NULL when all have, and
 * *OUT_LENGTH is how many they are. */
const char *bank_kana_fault(const char *name, size_t *out_length);

/* Whether A and B are one name: equal in the form above without spaces. */
bool bank_kana_equal(struct text_view a, struct text_view b);
