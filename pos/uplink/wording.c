/* The sentences, by code. Selling goes on in every one of these states, and each sentence says so. */
#include "pos/uplink/wording.h"

#include <string.h>

struct row {
    const char *code;
    struct uplink_words words;
};

static const struct row certificates[] = {
    {"certificate_expired",
     {"untrusted", "集計サーバの証明書の期限が切れているため、記録を送らず、この端末に残します。お会計は続けられます。"
                   "管理者に連絡してください。"}},
    {"certificate_not_yet_valid",
     {"untrusted", "集計サーバの証明書がまだ有効ではありません。この端末の日付を確かめ、正しければ管理者に連絡して"
                   "ください。お会計は続けられます。"}},
    {"certificate_wrong_name",
     {"untrusted", "集計サーバの証明書の名前が接続先と違います。偽のサーバかもしれないため、記録を送りません。"
                   "お会計は続けられます。管理者に連絡してください。"}},
    {"certificate_unknown_issuer",
     {"untrusted", "集計サーバの証明書の発行者が信頼されていません。偽のサーバかもしれないため、記録を送りません。"
                   "お会計は続けられます。管理者に連絡してください。"}},
};

static const struct uplink_words certificate_refused = {
    "untrusted", "集計サーバの証明書を確認できないため、記録を送らず、この端末に残します。お会計は続けられます。"
                 "管理者に連絡してください。"};

static const struct uplink_words offline = {"offline", "集計サーバにつながりません。お会計は続けられます。"};

static const struct uplink_words busy = {
    "offline", "集計サーバが混み合っています。記録はこの端末に残し、あとで自動で送ります。お会計は続けられます。"};

static const struct uplink_words quarantined = {
    "quarantined", "この端末は集計サーバで隔離されています。お会計は続けられます。管理者に連絡してください。"};

static const struct row refusals[] = {
    {"revoked",
     {"revoked", "この端末の登録は取り消されました。記録はこの端末に残りますが、送れません。ほかの端末を使い、"
                 "管理者に連絡してください。"}},
    {"unknown_terminal",
     {"unknown", "集計サーバはこの端末を知りません。お会計は続けられます。管理者に、接続先と登録を確かめるよう連絡して"
                 "ください。"}},
    {"replaced",
     {"replaced", "この端末の番号は別の端末で登録し直されたため、記録を送れません。お会計は続けられます。管理者に、"
                  "新しい番号での登録を頼んでください。"}},
    {"wrong_time",
     {"quarantined", "この端末の時計が集計サーバと10分以上ずれているため、記録を送れません。お会計は続けられます。"
                     "管理者に連絡してください。"}},
};

static const struct uplink_words refused = {
    "quarantined", "集計サーバがこの端末の送信を受け付けません。お会計は続けられます。管理者に連絡してください。"};

static const struct uplink_words *
find(const struct row *rows, size_t count, const char *code)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(rows[i].code, code) == 0) {
            return &rows[i].words;
        }
    }
    return NULL;
}

struct uplink_words
uplink_words_unreached(const struct error_detail *err)
{
    if (err == NULL) {
        return busy;
    }
    if (!http_is_about_certificates(err)) {
        return offline;
    }
    const struct uplink_words *known = find(certificates, sizeof certificates / sizeof certificates[0], err->code);
    return known != NULL ? *known : certificate_refused;
}

struct uplink_words
uplink_words_refused(const char *code)
{
    if (strcmp(code, "fork") == 0 || strcmp(code, "quarantined") == 0) {
        return quarantined;
    }
    const struct uplink_words *known = find(refusals, sizeof refusals / sizeof refusals[0], code);
    return known != NULL ? *known : refused;
}
