/* Bar codes of narrow and wide bars: CODE39, ITF (interleaved 2 of 5) and CODABAR (NW-7). */
#include "drivers/paper/bars.h"

#include <string.h>

/* A character and its elements, bars and spaces in turn, 1 narrow and 2 wide. */
struct symbol {
    char character;
    const char *widths;
};

static const char gap[] = "1"; /* between two characters */

/* ISO/IEC 16388. */
static const struct symbol code39[] = {
    {'0', "111221211"}, {'1', "211211112"}, {'2', "112211112"}, {'3', "212211111"}, {'4', "111221112"},
    {'5', "211221111"}, {'6', "112221111"}, {'7', "111211212"}, {'8', "211211211"}, {'9', "112211211"},
    {'A', "211112112"}, {'B', "112112112"}, {'C', "212112111"}, {'D', "111122112"}, {'E', "211122111"},
    {'F', "112122111"}, {'G', "111112212"}, {'H', "211112211"}, {'I', "112112211"}, {'J', "111122211"},
    {'K', "211111122"}, {'L', "112111122"}, {'M', "212111121"}, {'N', "111121122"}, {'O', "211121121"},
    {'P', "112121121"}, {'Q', "111111222"}, {'R', "211111221"}, {'S', "112111221"}, {'T', "111121221"},
    {'U', "221111112"}, {'V', "122111112"}, {'W', "222111111"}, {'X', "121121112"}, {'Y', "221121111"},
    {'Z', "122121111"}, {'-', "121111212"}, {'.', "221111211"}, {' ', "122111211"}, {'$', "121212111"},
    {'/', "121211121"}, {'+', "121112121"}, {'%', "111212121"},
};
static const char code39_star[] = "121121211"; /* at both ends */

/* EN 798, in the letters of its four starts and stops. */
static const struct symbol codabar[] = {
    {'0', "1111122"}, {'1', "1111221"}, {'2', "1112112"}, {'3', "2211111"}, {'4', "1121121"},
    {'5', "2111121"}, {'6', "1211112"}, {'7', "1211211"}, {'8', "1221111"}, {'9', "2112111"},
    {'-', "1112211"}, {'$', "1122111"}, {':', "2111212"}, {'/', "2121112"}, {'.', "2121211"},
    {'+', "1121212"}, {'A', "1122121"}, {'B', "1212112"}, {'C', "1112122"}, {'D', "1112221"},
};

/* ISO/IEC 16390: five elements of each digit. */
static const char itf[10][6] = {"11221", "21112", "12112", "22111", "11212",
                                "21211", "12211", "11122", "21121", "12121"};

static const char *
find(const struct symbol *symbols, size_t count, unsigned char byte)
{
    for (size_t i = 0; i < count; i++) {
        if ((unsigned char)symbols[i].character == byte) {
            return symbols[i].widths;
        }
    }
    return NULL;
}

/* The stars are the printer's: data may bring them along. */
void
bars_draw_code39(struct bars *bars, const unsigned char *data, size_t length)
{
    const bool has_stars = length >= 2 && data[0] == '*' && data[length - 1] == '*';
    const size_t first = has_stars ? 1 : 0;
    const size_t end = has_stars ? length - 1 : length;
    bars->is_two_width = true;
    bars->is_valid = end > first;
    bars_add(bars, code39_star);
    for (size_t i = first; i < end && bars->is_valid; i++) {
        const char *widths = find(code39, sizeof code39 / sizeof code39[0], data[i]);
        bars->is_valid = widths != NULL;
        if (widths != NULL) {
            bars_add(bars, gap);
            bars_add(bars, widths);
            bars_add_text(bars, (char)data[i]);
        }
    }
    bars_add(bars, gap);
    bars_add(bars, code39_star);
}

/* Two digits at a time: one in the bars, one in the spaces. */
void
bars_draw_itf(struct bars *bars, const unsigned char *data, size_t length)
{
    bars->is_two_width = true;
    bars->is_valid = length >= 2 && length % 2 == 0;
    bars_add(bars, "1111");
    for (size_t i = 0; i < length && bars->is_valid; i += 2) {
        char pair[11] = "";
        bars->is_valid = data[i] >= '0' && data[i] <= '9' && data[i + 1] >= '0' && data[i + 1] <= '9';
        for (size_t k = 0; bars->is_valid && k < 5; k++) {
            pair[2 * k] = itf[data[i] - '0'][k];
            pair[2 * k + 1] = itf[data[i + 1] - '0'][k];
        }
        if (bars->is_valid) {
            bars_add(bars, pair);
            bars_add_text(bars, (char)data[i]);
            bars_add_text(bars, (char)data[i + 1]);
        }
    }
    bars_add(bars, "211");
}

void
bars_draw_codabar(struct bars *bars, const unsigned char *data, size_t length)
{
    bars->is_two_width = true;
    bars->is_valid = length >= 3;
    for (size_t i = 0; i < length && bars->is_valid; i++) {
        const bool is_end = i == 0 || i + 1 == length;
        const bool is_small = data[i] >= 'a' && data[i] <= 'd';
        const unsigned char letter = (unsigned char)(is_small ? data[i] - 'a' + 'A' : data[i]);
        const char *widths = find(codabar, sizeof codabar / sizeof codabar[0], letter);
        bars->is_valid = widths != NULL && is_end == (letter >= 'A' && letter <= 'D');
        if (bars->is_valid) {
            bars_add(bars, i > 0 ? gap : "");
            bars_add(bars, widths);
            bars_add_text(bars, (char)letter);
        }
    }
}
