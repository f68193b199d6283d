/* Counts and sums against trailers. */
#include "settlement/statements/tally.h"

enum status
tally_close_group(struct tally *tally)
{
    enum status status = STATUS_OK;
    for (unsigned class = 0; class < TALLY_CLASSES; class ++) {
        tally->before.count[class] += tally->group.count[class];
        tally->before.sum_yen[class] += tally->group.sum_yen[class];
        tally->before.absolute_yen[class] += tally->group.absolute_yen[class];
        status = tally->before.absolute_yen[class] <= YEN_LIMIT ? status : STATUS_OVERFLOW;
    }
    tally->group = (struct tally_scope){0};
    return status;
}

static int64_t
counted(const struct tally *tally, enum tally_reach reach, const struct record_check *check)
{
    uint64_t count = 0;
    int64_t sum = 0, absolute = 0;
    for (unsigned class = 0; class < TALLY_CLASSES; class ++) {
        if ((check->classes >> class & 1U) == 0) {
            continue;
        }
        bool is_file = reach == TALLY_FILE;
        count += tally->group.count[class] + (is_file ? tally->before.count[class] : 0);
        sum += tally->group.sum_yen[class] + (is_file ? tally->before.sum_yen[class] : 0); /* ten terms ≤ 10^15 */
        absolute += tally->group.absolute_yen[class] + (is_file ? tally->before.absolute_yen[class] : 0);
    }
    switch (check->figure) {
    case CHECK_COUNT:
        return (int64_t)count;
    case CHECK_SUM:
        return sum;
    case CHECK_ABSOLUTE_SUM:
        return absolute;
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
    case CHECK_RECORDS:
        return "レコード数";
    case CHECK_HEADERS:
        return "口座数";
    }
    return "";
}

enum status
tally_check(const struct tally *tally, enum tally_reach reach, const struct record_check *check,
            struct text_view figure, struct error_detail *err)
{
    int64_t ours = counted(tally, reach, check);
    int64_t theirs;
    if (yen_parse(&theirs, figure.at, figure.length) != STATUS_OK) {
        error_set(err, "statement_incomplete",
                  "明細ファイル不完全: 合計行の%s「%.*s」が数字ではありません。送付元から受け取り直してください。"
                  "何も取り込んでいません。",
                  figure_word(check->figure), (int)(figure.length < 40 ? figure.length : 40), figure.at);
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
