/* One place for the words, so that a screen and a paper never define a figure differently. */
#include "settlement/statistics/definitions.h"

#define SHARES "割合は0.1％未満を四捨五入しています。"
#define LEFT_OUT "当日取消は件数・金額から除いています。"

static const char *const cashless[] = {
    "件数は会計（1枚の領収書）の数、期間は収納日です。0円の発行は件数に含めず、別に数えています。" LEFT_OUT,
    "キャッシュレス比率（件数）＝キャッシュレスの会計÷すべての有料の会計、"
    "（金額）＝キャッシュレスの金額÷収納した金額です。" SHARES,
    "現金と併用した会計は、件数はキャッシュレスに、金額はそれぞれに数えています。",
    "還付は売上から差し引かず、還付した日の月に別に数えています。利用料金制の施設の売上も含みます。",
};
static const char *const certificates[] = {
    "証明書等の手数料は、施設の使用料でない品目の売上です。件数は有料の点数で、0円の発行は含めません。" LEFT_OUT,
    "同月比＝その月の金額÷前年同月の金額です。前年同月の金額が0円の月は「－」です。" SHARES,
};
static const char *const facilities[] = {
    "施設ごとの売上を、品目の点数（有料）と金額で数えています。指定管理者の施設（使用料・利用料金）を含みます"
    "。" LEFT_OUT,
    "キャッシュレス比率＝キャッシュレスの点数（金額）÷有料の点数（金額）です。" SHARES,
    "現金と併用した明細の点数は、全額を現金で払ったときだけ現金に数えます。",
};
static const char *const hours[] = {
    "会計の件数を、収納日の曜日と、売上を記録した時刻（窓口端末の時計）の時間帯で数えています。"
    "0円の発行は含めません。" LEFT_OUT,
};
static const char *const deposits[] = {
    "決済会社の明細の取引日から、その入金の全額を銀行の記録で確かめた日までの暦日数です。"
    "件数は明細の行数で、取消・返金・訓練は含めません。",
    "中央値は件数の半分、90％値は件数の9割が入金済みとなる日数です（小さい順に数え、その割合に達した最初の日数）。",
    "まだ全額が入金されていないものは日数に含めず、未入金として別に数えています。",
};
static const char *const savings[] = {
    "削減時間＝（導入前の1件当たりの時間－導入後の1件当たりの時間）×年間の件数です。"
    "時間と件数は市が測り、入力した値で、このシステムが測ったものではありません。",
};

#define SENTENCES(list) list, sizeof(list) / sizeof(list)[0]

static const struct {
    const char *word;
    const char *name;
    const char *const *sentences;
    size_t count;
} subjects[STATISTICS_SUBJECT_COUNT] = {
    [STATISTICS_CASHLESS] = {"cashless", "キャッシュレス比率", SENTENCES(cashless)},
    [STATISTICS_CERTIFICATES] = {"certificates", "証明書等の手数料（同月比）", SENTENCES(certificates)},
    [STATISTICS_FACILITIES] = {"facilities", "施設別のキャッシュレス比率", SENTENCES(facilities)},
    [STATISTICS_HOURS] = {"hours", "曜日・時間帯別の件数", SENTENCES(hours)},
    [STATISTICS_DEPOSITS] = {"deposits", "支払から入金までの日数", SENTENCES(deposits)},
    [STATISTICS_SAVINGS] = {"savings", "職員の作業時間", SENTENCES(savings)},
};

const char *
statistics_subject_word(enum statistics_subject subject)
{
    return subjects[subject].word;
}

const char *
statistics_subject_name(enum statistics_subject subject)
{
    return subjects[subject].name;
}

const char *const *
statistics_definitions(enum statistics_subject subject, size_t *out_count)
{
    *out_count = subjects[subject].count;
    return subjects[subject].sentences;
}
