/* Two tables. */
#include "settlement/matching/discrepancy_class.h"

#include <string.h>

#define BIT(resolution) (1U << (resolution))

enum {
    ANY = BIT(RESOLUTION_EXPLAINED),
    ACQUIRER = BIT(RESOLUTION_CORRECTED_BY_ACQUIRER),
    BANK = BIT(RESOLUTION_CORRECTED_BY_BANK),
    TWICE = BIT(RESOLUTION_DUPLICATE_REPORT),
    FEE = BIT(RESOLUTION_FEE_ACCEPTED),
    BACK = BIT(RESOLUTION_REFUND),
    IN = BIT(RESOLUTION_COLLECT),
    OFF = BIT(RESOLUTION_WRITE_OFF),
    ASIDE = BIT(RESOLUTION_SUSPENSE)
};

enum {
    DAYS_MONEY = 5,  /* a working week: what is answered by then still meets the month's end */
    DAYS_URGENT = 2, /* somebody may have paid twice, or nothing */
    DAYS_QUIET = 10
};

static const struct {
    const char *word;
    const char *name;
    int days;
    unsigned resolutions;
} classes[DISCREPANCY_CLASS_COUNT] = {
    [DISCREPANCY_POS_ONLY] = {"pos_only", "POSのみ", DAYS_MONEY, ANY | ACQUIRER | IN | OFF | ASIDE},
    [DISCREPANCY_STATEMENT_ONLY] = {"statement_only", "明細のみ", DAYS_URGENT, ANY | ACQUIRER | TWICE | BACK | ASIDE},
    [DISCREPANCY_AMOUNT_DIFFERS] = {"amount_differs", "金額相違", DAYS_MONEY, ANY | ACQUIRER | BACK | IN | OFF | ASIDE},
    [DISCREPANCY_COUNT_DIFFERS] = {"count_differs", "件数相違", DAYS_MONEY, ANY | ACQUIRER},
    [DISCREPANCY_BRAND_DIFFERS] = {"brand_differs", "ブランド相違", DAYS_QUIET, ANY | ACQUIRER},
    [DISCREPANCY_DUPLICATE] = {"duplicate", "重複", DAYS_URGENT, ANY | ACQUIRER | TWICE | BACK | ASIDE},
    [DISCREPANCY_REVERSAL_ONLY] = {"reversal_only", "取消のみ", DAYS_MONEY, ANY | ACQUIRER | IN | OFF | ASIDE},
    [DISCREPANCY_PAID_THOUGH_VOIDED] = {"paid_though_voided", "取消済みなのに入金", DAYS_URGENT,
                                        ANY | ACQUIRER | BACK | ASIDE},
    [DISCREPANCY_CUT_OFF] = {"cut_off", "期ずれ", DAYS_QUIET, ANY},
    [DISCREPANCY_FEE_DIFFERS] = {"fee_differs", "手数料差", DAYS_QUIET, ANY | ACQUIRER | FEE},
    [DISCREPANCY_DEPOSIT_SHORT] = {"deposit_short", "入金不足", DAYS_URGENT, ANY | ACQUIRER | BANK | IN | OFF | ASIDE},
    [DISCREPANCY_DEPOSIT_OVER] = {"deposit_over", "入金過大", DAYS_MONEY, ANY | ACQUIRER | BANK | BACK | ASIDE},
    [DISCREPANCY_TRANSFER_FEE_DEDUCTED] = {"transfer_fee_deducted", "振込手数料差引", DAYS_QUIET,
                                           ANY | FEE | IN | OFF | ASIDE},
    [DISCREPANCY_STILL_UNKNOWN] = {"still_unknown", "結果不明のまま", DAYS_URGENT, ANY | BACK | IN | OFF | ASIDE},
    [DISCREPANCY_IN_DOUBT] = {"in_doubt", "処理未了", DAYS_QUIET, ANY | BACK | IN | OFF | ASIDE},
    [DISCREPANCY_TRAINING_MIXED_IN] = {"training_mixed_in", "訓練取引の混入", DAYS_URGENT, ANY | ACQUIRER | BACK},
    [DISCREPANCY_FILE_INCOMPLETE] = {"file_incomplete", "明細ファイル不完全", DAYS_URGENT, ANY | ACQUIRER | BANK},
    [DISCREPANCY_FILE_REPEATED] = {"file_repeated", "同一ファイル再取込", DAYS_QUIET, ANY},
    [DISCREPANCY_DECISION_OVERTAKEN] = {"decision_overtaken", "判断後の差替え", DAYS_URGENT, ANY | ACQUIRER | BANK},
};

static const struct {
    const char *word;
    const char *name;
    bool moves_money;
} resolutions[RESOLUTION_COUNT] = {
    [RESOLUTION_EXPLAINED] = {"explained", "説明済み", false},
    [RESOLUTION_CORRECTED_BY_ACQUIRER] = {"corrected_by_acquirer", "決済会社が訂正", false},
    [RESOLUTION_CORRECTED_BY_BANK] = {"corrected_by_bank", "銀行が訂正", false},
    [RESOLUTION_DUPLICATE_REPORT] = {"duplicate_report", "重複報告", false},
    [RESOLUTION_FEE_ACCEPTED] = {"fee_accepted", "手数料差を認める", false},
    [RESOLUTION_REFUND] = {"refund", "返金する", true},
    [RESOLUTION_COLLECT] = {"collect", "追加徴収する", true},
    [RESOLUTION_WRITE_OFF] = {"write_off", "不納欠損とする", true},
    [RESOLUTION_SUSPENSE] = {"suspense", "仮受金・仮払金とする", true},
};

static const struct {
    const char *word;
    const char *name;
} states[] = {
    {"open", "未処理"},
    {"awaiting_second", "二人目の確認待ち"},
    {"resolved", "処理済み"},
    {"cleared", "解消"},
};

const char *discrepancy_class_word(enum discrepancy_class class)
{
    return classes[class].word;
}

bool
discrepancy_class_from_word(enum discrepancy_class *out, const char *word)
{
    for (int i = 0; i < DISCREPANCY_CLASS_COUNT; i++) {
        if (strcmp(classes[i].word, word) == 0) {
            *out = (enum discrepancy_class)i;
            return true;
        }
    }
    return false;
}

const char *
discrepancy_class_name(const char *word)
{
    enum discrepancy_class class;
    return discrepancy_class_from_word(&class, word) ? classes[class].name : word;
}

const char *
discrepancy_state_name(const char *state)
{
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        if (strcmp(states[i].word, state) == 0) {
            return states[i].name;
        }
    }
    return state;
}

int discrepancy_days(enum discrepancy_class class)
{
    return classes[class].days;
}

const char *
resolution_word(enum resolution resolution)
{
    return resolutions[resolution].word;
}

bool
resolution_from_word(enum resolution *out, const char *word)
{
    for (int i = 0; i < RESOLUTION_COUNT; i++) {
        if (strcmp(resolutions[i].word, word) == 0) {
            *out = (enum resolution)i;
            return true;
        }
    }
    return false;
}

const char *
resolution_name(const char *word)
{
    enum resolution resolution;
    return resolution_from_word(&resolution, word) ? resolutions[resolution].name : word;
}

bool
resolution_moves_money(enum resolution resolution)
{
    return resolutions[resolution].moves_money;
}

bool
resolution_fits(enum resolution resolution, enum discrepancy_class class)
{
    return (classes[class].resolutions & BIT(resolution)) != 0;
}
