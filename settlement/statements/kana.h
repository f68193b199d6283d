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

/* Whether A and B are one name: equal in the form above without spaces. */
bool bank_kana_equal(struct text_view a, struct text_view b);
