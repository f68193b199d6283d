/* Values of fields and containers as texts and numbers. */
#include "drivers/terminal_zvt/value.h"

enum status
zvt_invalid(struct error_detail *err)
{
    error_set(err, "terminal_reply_invalid", "決済端末の応答を解釈できません。再度請求せず、結果を照会してください。");
    return STATUS_INVALID;
}

void
zvt_copy_text(char *out, size_t size, struct zvt_bytes bytes)
{
    size_t length = 0;
    while (length + 1 < size && length < bytes.length && bytes.at[length] >= ' ' && bytes.at[length] <= '~') {
        out[length] = (char)bytes.at[length];
        length++;
    }
    out[length] = '\0';
}

void
zvt_in_small_letters(char *text)
{
    for (; *text != '\0'; text++) {
        *text = *text >= 'A' && *text <= 'Z' ? (char)(*text - 'A' + 'a') : *text;
    }
}

unsigned
zvt_first_byte(struct zvt_bytes bytes)
{
    return bytes.length > 0 ? bytes.at[0] : 0;
}

bool
zvt_in_range(struct zvt_bytes bytes, int64_t max, int64_t *out)
{
    return zvt_bcd_read(bytes, out) && *out <= max;
}
