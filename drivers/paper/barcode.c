/* Bar codes: CODE128 in all three sets, EAN/JAN and UPC-A; those of narrow and wide bars are in two_width.c. What else
 * GS k names is left out and counted as unknown, rather than drawn as bars that a reader might take for something. */
#include "drivers/paper/bars.h"
#include "drivers/paper/machine.h"

#include <stdio.h>
#include <string.h>

enum { CODE128_START_A = 103, CODE128_STOP = 106, TEXT_ABOVE = 1, TEXT_BELOW = 2 };

void
bars_add(struct bars *bars, const char *digits)
{
    for (; *digits != '\0'; digits++) {
        if (bars->count == BARS_MAX) {
            bars->is_valid = false;
            return;
        }
        bars->widths[bars->count++] = (unsigned char)(*digits - '0');
    }
}

void
bars_add_text(struct bars *bars, char c)
{
    size_t length = strlen(bars->text);
    if (length + 1 < sizeof bars->text) {
        bars->text[length] = c >= ' ' && c <= '~' ? c : ' ';
        bars->text[length + 1] = '\0';
    }
}

/* ISO/IEC 15417, values 0 … 105 and the stop character. */
static const char code128_patterns[][8] = {
    "212222", "222122", "222221", "121223", "121322", "131222", "122213", "122312",  "132212", "221213", "221312",
    "231212", "112232", "122132", "122231", "113222", "123122", "123221", "223211",  "221132", "221231", "213212",
    "223112", "312131", "311222", "321122", "321221", "312212", "322112", "322211",  "212123", "212321", "232121",
    "111323", "131123", "131321", "112313", "132113", "132311", "211313", "231113",  "231311", "112133", "112331",
    "132131", "113123", "113321", "133121", "313121", "211331", "231131", "213113",  "213311", "213131", "311123",
    "311321", "331121", "312113", "312311", "332111", "314111", "221411", "431111",  "111224", "111422", "121124",
    "121421", "141122", "141221", "112214", "112412", "122114", "122411", "142112",  "142211", "241211", "221114",
    "413111", "241112", "134111", "111242", "121142", "121241", "114212", "124112",  "124211", "411212", "421112",
    "421211", "212141", "214121", "412121", "111143", "111341", "131141", "114113",  "114311", "411113", "411311",
    "113141", "114131", "311141", "411131", "211412", "211214", "211232", "2331112",
};

/* The value of BYTE in code set SET ('A', 'B' or 'C'); −1 when it is not in it. */
static int
code128_value(char set, unsigned char byte)
{
    switch (set) {
    case 'A':
        return byte < 0x20 ? byte + 64 : byte < 0x60 ? byte - 0x20 : -1;
    case 'B':
        return byte >= 0x20 && byte <= 0x7f ? byte - 0x20 : -1;
    default:
        return byte < 100 ? byte : -1;
    }
}

static void
code128_text(struct bars *bars, char set, unsigned char byte)
{
    if (set == 'C') {
        bars_add_text(bars, (char)('0' + byte / 10));
        bars_add_text(bars, (char)('0' + byte % 10));
    } else {
        bars_add_text(bars, (char)byte);
    }
}

/* What "{A" … "{C" and "{1" … "{4" mean in SET: a value, or −1. */
static int
code128_escape(char set, unsigned char letter)
{
    switch (letter) {
    case 'A':
        return 101;
    case 'B':
        return 100;
    case 'C':
        return 99;
    case '1':
        return 102;
    case '2':
        return set == 'C' ? -1 : 97;
    case '3':
        return set == 'C' ? -1 : 96;
    default:
        return -1;
    }
}

static void
draw_code128(struct bars *bars, const unsigned char *data, size_t length)
{
    if (length < 3 || data[0] != '{' || data[1] < 'A' || data[1] > 'C') {
        bars->is_valid = false;
        return;
    }
    char set = (char)data[1];
    unsigned sum = (unsigned)(CODE128_START_A + (set - 'A'));
    bars_add(bars, code128_patterns[sum]);

    unsigned weight = 1;
    for (size_t i = 2; i < length; i++, weight++) {
        int value;
        if (data[i] == '{' && set != 'C' && i + 1 < length && data[i + 1] == '{') {
            i++;
            value = code128_value(set, '{');
            code128_text(bars, set, '{');
        } else if (data[i] == '{' && i + 1 < length) {
            i++;
            value = code128_escape(set, data[i]);
            set = data[i] >= 'A' && data[i] <= 'C' ? (char)data[i] : set;
        } else {
            value = code128_value(set, data[i]);
            code128_text(bars, set, data[i]);
        }
        if (value < 0) {
            bars->is_valid = false;
            return;
        }
        sum += weight * (unsigned)value;
        bars_add(bars, code128_patterns[value]);
    }
    bars_add(bars, code128_patterns[sum % CODE128_START_A]);
    bars_add(bars, code128_patterns[CODE128_STOP]);
}

static const char ean_widths[10][5] = {"3211", "2221", "2122", "1411", "1132", "1231", "1114", "1312", "1213", "3112"};

/* Which of the six left digits of EAN-13 are of the even kind, by the first digit: bit 5 is the second digit. */
static const unsigned char ean13_parity[10] = {0x00, 0x0b, 0x0d, 0x0e, 0x13, 0x19, 0x1c, 0x15, 0x16, 0x1a};

static void
add_ean_digit(struct bars *bars, unsigned digit, bool is_even)
{
    char widths[5];
    for (size_t i = 0; i < 4; i++) {
        widths[i] = ean_widths[digit][is_even ? 3 - i : i];
    }
    widths[4] = '\0';
    bars_add(bars, widths);
}

/* TOTAL digits with the check digit; it is computed when DIGITS lacks it, as the printer does. */
static bool
ean_complete(unsigned digits[13], const unsigned char *data, size_t length, size_t total)
{
    if (length != total && length != total - 1) {
        return false;
    }
    unsigned sum = 0;
    for (size_t i = 0; i < length; i++) {
        if (data[i] < '0' || data[i] > '9') {
            return false;
        }
        digits[i] = data[i] - '0';
    }
    for (size_t i = 0; i < total - 1; i++) {
        sum += digits[i] * ((total - 1 - i) % 2 == 1 ? 3 : 1);
    }
    const unsigned check = (10 - sum % 10) % 10;
    digits[total - 1] = length == total ? digits[total - 1] : check;
    return digits[total - 1] == check;
}

static void
draw_ean(struct bars *bars, const unsigned char *data, size_t length, size_t total, bool is_upc)
{
    unsigned digits[13] = {0};
    bars->is_valid = ean_complete(digits + is_upc, data, length, total);
    if (!bars->is_valid) {
        return;
    }
    for (size_t i = 0; i < total; i++) {
        bars_add_text(bars, (char)('0' + digits[i + is_upc]));
    }
    const size_t all = total + is_upc; /* UPC-A is EAN-13 with a zero before it */
    const size_t half = all / 2;
    const unsigned parity = all == 13 ? ean13_parity[digits[0]] : 0;
    const size_t first = all == 13 ? 1 : 0;

    bars_add(bars, "111");
    for (size_t i = 0; i < half; i++) {
        add_ean_digit(bars, digits[first + i], (parity >> (half - 1 - i) & 1) != 0);
    }
    bars_add(bars, "11111");
    for (size_t i = 0; i < half; i++) {
        add_ean_digit(bars, digits[first + half + i], false);
    }
    bars_add(bars, "111");
}

/* How wide the element is on paper. A wide bar beside narrow ones of 2 … 6 dots is 5, 8, 10, 13, 15: two and a half
 * times as wide, as the printers' references give it. */
static unsigned
element_dots(const struct bars *bars, size_t index, unsigned module_dots)
{
    const bool is_wide = bars->is_two_width && bars->widths[index] == BARS_WIDE;
    return is_wide ? (module_dots * 5 + 1) / 2 : bars->widths[index] * module_dots;
}

static bool
bars_to_picture(const struct bars *bars, unsigned module_dots, unsigned height, struct picture *out)
{
    unsigned width = 0;
    for (size_t i = 0; i < bars->count; i++) {
        width += element_dots(bars, i, module_dots);
    }
    if (!paper_picture_init(out, width, height)) {
        return false;
    }
    unsigned x = 0;
    for (size_t i = 0; i < bars->count; i++) {
        const unsigned end = x + element_dots(bars, i, module_dots);
        for (; x < end; x++) {
            for (unsigned y = 0; i % 2 == 0 && y < height; y++) {
                paper_picture_set(out, x, y);
            }
        }
    }
    return true;
}

static const char *
symbology_name(unsigned kind)
{
    static const char *const names[] = {"UPC-A", "UPC-E",   "EAN-13", "EAN-8",  "CODE39",
                                        "ITF",   "CODABAR", "CODE93", "CODE128"};
    return kind < sizeof names / sizeof names[0] ? names[kind] : "barcode";
}

static void
print_text(struct paper *paper, const char *text, unsigned picture_width)
{
    const unsigned width = (unsigned)strlen(text) * CELL_WIDTH;
    const struct style style = paper->now.style;
    paper->now.style = (struct style){.width_factor = 1, .height_factor = 1};
    if (paper->now.alignment == ALIGN_LEFT && width < picture_width) {
        machine_move_to(paper, (picture_width - width) / 2);
    }
    for (; *text != '\0'; text++) {
        machine_put(paper, (unsigned char)*text, 1);
    }
    machine_flush(paper, 0);
    paper->now.style = style;
}

/* GS k: m text NUL (m ≤ 6), or m n text (m ≥ 65). */
void
paper_apply_barcode(struct paper *paper, const unsigned char *arguments, size_t length)
{
    const bool is_old_form = arguments[0] <= 6;
    const unsigned kind = is_old_form ? arguments[0] : arguments[0] - 65u;
    const unsigned char *data = arguments + (is_old_form ? 1 : 2);
    size_t data_length = length - (is_old_form ? 1 : 2);
    data_length -= is_old_form && data_length > 0 && data[data_length - 1] == 0;

    struct bars bars = {.is_valid = true};
    switch (kind) {
    case 0:
        draw_ean(&bars, data, data_length, 12, /* is_upc= */ true);
        break;
    case 2:
        draw_ean(&bars, data, data_length, 13, /* is_upc= */ false);
        break;
    case 3:
        draw_ean(&bars, data, data_length, 8, /* is_upc= */ false);
        break;
    case 4:
        bars_draw_code39(&bars, data, data_length);
        break;
    case 5:
        bars_draw_itf(&bars, data, data_length);
        break;
    case 6:
        bars_draw_codabar(&bars, data, data_length);
        break;
    case 8:
        draw_code128(&bars, data, data_length);
        break;
    default:
        bars.is_valid = false;
        break;
    }
    struct picture picture = {0};
    if (!bars.is_valid || !bars_to_picture(&bars, paper->now.module_dots, paper->now.barcode_height, &picture)) {
        machine_unknown(paper, "GS k", arguments[0]);
        return;
    }
    paper_picture_label(&picture, symbology_name(kind), bars.text, strlen(bars.text));
    const unsigned width = picture.width;
    machine_flush(paper, paper->now.line_spacing);
    if ((paper->now.text_position & TEXT_ABOVE) != 0) {
        print_text(paper, bars.text, width);
    }
    machine_put_picture(paper, &picture);
    if ((paper->now.text_position & TEXT_BELOW) != 0) {
        print_text(paper, bars.text, width);
    }
}
