/* Counts and sums against trailers. */
#include "settlement/statements/tally.h"

enum status
tally_add_fee(struct tally *tally, unsigned class, int64_t fee_yen)
{
    return yen_add(&tally->group.fee_yen[class], tally->group.fee_yen[class], fee_yen);
}

enum status
tally_close_group(struct tally *tally)
{
    enum status status = STATUS_OK;
    for (unsigned class = 0; class < TALLY_CLASSES; class ++) {
        tally->before.count[class] += tally->group.count[class];
        tally->before.sum_yen[class] += tally->group.sum_yen[class];
        tally->before.absolute_yen[class] += tally->group.absolute_yen[class];
        tally->before.fee_yen[class] += tally->group.fee_yen[class]; /* each within ±YEN_LIMIT: checked below */
        bool is_valid_fee = yen_is_valid(tally->before.fee_yen[class]);
        status = is_valid_fee ? status : STATUS_OVERFLOW;
        status = tally->before.absolute_yen[class] <= YEN_LIMIT ? status : STATUS_OVERFLOW;
    }
    tally->group = (struct tally_scope){0};
    return status;
}

static int64_t
counted(const struct tally *tally, enum tally_reach reach, const struct record_check *check)
{
    uint64_t count = 0;
    int64_t sum = 0, absolute = 0, fee = 0;
    for (unsigned class = 0; class < TALLY_CLASSES; class ++) {
        if ((check->classes >> class & 1U) == 0) {
            continue;
        }
        bool is_file = reach == TALLY_FILE;
        count += tally->group.count[class] + (is_file ? tally->before.count[class] : 0);
        sum += tally->group.sum_yen[class] + (is_file ? tally->before.sum_yen[class] : 0); /* ten terms ≤ 10^15 */
        absolute += tally->group.absolute_yen[class] + (is_file ? tally->before.absolute_yen[class] : 0);
        fee += tally->group.fee_yen[class] + (is_file ? tally->before.fee_yen[class] : 0);
    }
    switch (check->figure) {
    case CHECK_COUNT:
        return (int64_t)count;
    case CHECK_SUM:
        return sum;
    case CHECK_ABSOLUTE_SUM:
        return absolute;
    case CHECK_FEE_SUM:
        return fee;
    case CHECK_NET:
        return sum - fee;
    case CHECK_RECORDS:
        return (int64_t)tally->records;
    case CHECK_HEADERS:
        return (int64_t)tally->headers;
    }
    return 0;
}

static const char *
figure_word(enum check_figure figure)
{
    switch (figure) {
    case CHECK_COUNT:
        return "件数";
    case CHECK_SUM:
    case CHECK_ABSOLUTE_SUM:
        return "金額の合計";
    case CHECK_FEE_SUM:
        return "手数料の合計";
    case CHECK_NET:
        return "差引の合計";
    case CHECK_RECORDS:
        return "レコード数";
    case CHECK_HEADERS:
        return "口座数";
    }
    return "";
}

enum status
tally_read_figure(const struct record_check *check, const struct text_view texts[2], int64_t *out,
                  struct error_detail *err)
{
    int64_t parts[2] = {0, 0};
    for (unsigned i = 0; i < check->place_count; i++) {
        bool may_be_empty = check->place_count > 1; /* of two columns one is used */
        if (may_be_empty && texts[i].length == 0) {
            continue;
        }
        enum status status = check->has_number ? number_read(&check->number, texts[i], &parts[i])
                                               : yen_parse(&parts[i], texts[i].at, texts[i].length);
        if (status != STATUS_OK) {
            error_set(err, "statement_incomplete",
                      "明細ファイル不完全: 合計行の%s「%.*s」が数字ではありません。送付元から受け取り直してください。"
                      "何も取り込んでいません。",
                      figure_word(check->figure), (int)(texts[i].length < 40 ? texts[i].length : 40), texts[i].at);
            return STATUS_INVALID;
        }
    }
    *out = parts[0] - parts[1];
    return STATUS_OK;
}

/* Whether lines that could not be read might change our figure. */
static bool
is_open(const struct tally *tally, const struct record_check *check)
{
    bool is_all = (check->classes >> TALLY_UNKNOWN & 1U) != 0;
    bool is_of_unknown_class = tally->group.count[TALLY_UNKNOWN] + tally->before.count[TALLY_UNKNOWN] > 0;
    switch (check->figure) {
    case CHECK_COUNT:
        return is_of_unknown_class && !is_all;
    case CHECK_SUM:
    case CHECK_ABSOLUTE_SUM:
        return tally->unknown_amounts > 0 || (is_of_unknown_class && !is_all);
    case CHECK_FEE_SUM:
    case CHECK_NET:
        return tally->unknown_amounts > 0 || tally->unknown_fees > 0 || (is_of_unknown_class && !is_all);
    case CHECK_RECORDS:
    case CHECK_HEADERS:
        return false;
    }
    return true;
}

enum status
tally_check(const struct tally *tally, enum tally_reach reach, const struct record_check *check, int64_t theirs,
            struct error_detail *err)
{
    int64_t ours = counted(tally, reach, check);
    if (is_open(tally, check)) {
        error_set(err, "statement_incomplete",
                  "明細ファイル不完全: 金額か区分を読めない行があるため、合計行の%s（%lld）を確かめられません。"
                  "読めない行を直すか、書式を確かめてください。何も取り込んでいません。",
                  figure_word(check->figure), (long long)theirs);
        return STATUS_INVALID;
    }
    if (ours != theirs) {
        error_set(
            err, "statement_incomplete",
            "明細ファイル不完全: 合計行の%sは %lld ですが、読めた明細では %lld です。送付元から受け取り直してください。"
            "何も取り込んでいません。",
            figure_word(check->figure), (long long)theirs, (long long)ours);
        return STATUS_INVALID;
    }
    return STATUS_OK;
}
