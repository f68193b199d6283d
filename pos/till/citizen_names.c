/* What things are called in the citizen's language. The masters give names for items, brands and places in English,
 * Chinese and Korean; where one is missing, the Japanese name stands. What a tariff adds to a line's name (一般,
 * 9時～12時) stays as it is: it is the ticket's own wording. */
#include "pos/till/citizen_names.h"

#include "common/text/cp932.h"
#include "common/text/utf8.h"

#include <stdio.h>
#include <string.h>

const char *
citizen_name(const struct master_names *names, const char *japanese, enum payment_language language)
{
    const char *name = language == LANGUAGE_EN   ? names->en
                       : language == LANGUAGE_ZH ? names->zh
                       : language == LANGUAGE_KO ? names->ko
                                                 : "";
    return name[0] != '\0' ? name : japanese;
}

/* The item of LINE as the masters know it now; false when they do not, or call it otherwise. */
static bool
find_item(const struct till *till, const struct sale_line *line, struct master_item *out)
{
    struct error_detail ignored;
    return till->masters != NULL &&
           masters_item_ever(till->masters, line->item, till_business_date(till), out, &ignored) == STATUS_OK &&
           strncmp(line->name, out->name, strlen(out->name)) == 0;
}

/* NAME with what LINE's name adds to the item's. */
static void
join(char out[NAME_SIZE], const char *name, const struct sale_line *line, const struct master_item *item)
{
    char whole[2 * NAME_SIZE];
    const int length = snprintf(whole, sizeof whole, "%s%s", name, line->name + strlen(item->name));
    const size_t fitting = utf8_prefix(whole, (size_t)length, NAME_SIZE - 1);
    memcpy(out, whole, fitting);
    out[fitting] = '\0';
}

void
citizen_line_name(const struct till *till, const struct sale_line *line, enum payment_language language,
                  char out[NAME_SIZE])
{
    struct master_item item;
    if (language == LANGUAGE_JA || !find_item(till, line, &item)) {
        snprintf(out, NAME_SIZE, "%s", line->name);
        return;
    }
    join(out, citizen_name(&item.names, item.name, language), line, &item);
}

/* Whether a display with kanji has all characters of TEXT. */
static bool
has_kanji_for(const char *text)
{
    struct buffer bytes;
    struct error_detail ignored;
    size_t replaced = 0;
    buffer_init(&bytes, 4 * NAME_SIZE);
    const enum status status = cp932_from_utf8(&bytes, text, strlen(text), &replaced, &ignored);
    buffer_finish(&bytes);
    return status == STATUS_OK && replaced == 0;
}

void
citizen_display_name(const struct till *till, const struct sale_line *line, enum payment_language language,
                     char out[NAME_SIZE], char out_plain[NAME_SIZE])
{
    struct master_item item;
    const bool is_known = find_item(till, line, &item);
    snprintf(out, NAME_SIZE, "%s", line->name);
    snprintf(out_plain, NAME_SIZE, "%s", is_known ? item.kana : "");
    if (language == LANGUAGE_JA || !is_known) {
        return;
    }
    const char *english = citizen_name(&item.names, "", LANGUAGE_EN);
    const char *own = citizen_name(&item.names, "", language);
    const char *shown = own[0] != '\0' && has_kanji_for(own) ? own : english;
    if (shown[0] != '\0') {
        join(out, shown, line, &item);
    }
    if (english[0] != '\0') {
        join(out_plain, english, line, &item);
    }
}
