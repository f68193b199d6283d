/* Tables of words. */
#include "settlement/assessment/record.h"

#include "common/text/utf8.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *word;
    const char *name;
} states[ASSESSMENT_STATE_COUNT] =
    {
        [ASSESSMENT_DRAFT] = {"draft", "起案前"},
        [ASSESSMENT_PROPOSED] = {"proposed", "承認待ち"},
        [ASSESSMENT_APPROVED] = {"approved", "承認済み"},
        [ASSESSMENT_EXPORTED] = {"exported", "出力済み"},
},
  kinds[] = {
      [ASSESSMENT_ORIGINAL] = {"original", "当初"},
      [ASSESSMENT_INCREASE] = {"increase", "増額"},
      [ASSESSMENT_DECREASE] = {"decrease", "減額"},
};

enum { KIND_COUNT = sizeof kinds / sizeof kinds[0] };

const char *
assessment_state_word(enum assessment_state state)
{
    return states[state].word;
}

const char *
assessment_state_name(enum assessment_state state)
{
    return states[state].name;
}

const char *
assessment_kind_word(enum assessment_kind kind)
{
    return kinds[kind].word;
}

const char *
assessment_kind_name(enum assessment_kind kind)
{
    return kinds[kind].name;
}

const char *
assessment_tax_name(const char *tax)
{
    return strcmp(tax, "exempt") == 0 ? "非課税" : "課税10%";
}

bool
assessment_state_from_word(enum assessment_state *out, const char *word)
{
    for (int i = 0; i < ASSESSMENT_STATE_COUNT; i++) {
        if (strcmp(states[i].word, word) == 0) {
            *out = (enum assessment_state)i;
            return true;
        }
    }
    return false;
}

bool
assessment_kind_from_word(enum assessment_kind *out, const char *word)
{
    for (int i = 0; i < KIND_COUNT; i++) {
        if (strcmp(kinds[i].word, word) == 0) {
            *out = (enum assessment_kind)i;
            return true;
        }
    }
    return false;
}

const char *
assessment_form_word(int64_t sale_count)
{
    return sale_count == 1 ? "single" : "collective";
}

const char *
assessment_form_name(int64_t sale_count)
{
    return sale_count == 1 ? "個別" : "集合";
}

const char *
assessment_number_format(char out[ASSESSMENT_NUMBER_SIZE], int fiscal_year, int64_t serial)
{
    snprintf(out, ASSESSMENT_NUMBER_SIZE, "%04d-%06lld", fiscal_year, (long long)serial);
    return out;
}

const char *
assessment_payer_format(char out[ASSESSMENT_TEXT_SIZE], int64_t sale_count)
{
    if (sale_count == 1) {
        snprintf(out, ASSESSMENT_TEXT_SIZE, "窓口納入者");
    } else {
        snprintf(out, ASSESSMENT_TEXT_SIZE, "窓口納入者 ほか%lld名", (long long)(sale_count - 1));
    }
    return out;
}

const char *
assessment_payment_method_format(char out[ASSESSMENT_TEXT_SIZE], const char *route, const char *route_name)
{
    if (strcmp(route, "cash") == 0) {
        snprintf(out, ASSESSMENT_TEXT_SIZE, "窓口現金");
        return out;
    }
    static const char before[] = "指定納付受託者(";
    size_t room = ASSESSMENT_TEXT_SIZE - sizeof before - sizeof ")";
    int length = (int)utf8_prefix(route_name, strlen(route_name), room);
    snprintf(out, ASSESSMENT_TEXT_SIZE, "%s%.*s)", before, length, route_name);
    return out;
}
