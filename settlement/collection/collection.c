/* The rules of collection.h, and nothing else. */
#include "settlement/collection/collection.h"

#include <string.h>

bool
collection_is_whole(const struct collection_payout *payout, int64_t credited_yen)
{
    if (payout->is_carried && payout->expected_yen == 0 && credited_yen == 0) {
        return false; /* nothing has taken it yet */
    }
    if (!payout->is_carried && payout->expected_yen <= 0) {
        return payout->is_set_off;
    }
    if (credited_yen >= payout->expected_yen) {
        return true;
    }
    return payout->is_settled && credited_yen > 0;
}

int64_t
collection_assessed_yen(const struct collection_payout *payout)
{
    int64_t sum_yen = 0; /* parts of one payout: far below the range of yen, checked where they are read */
    for (size_t i = 0; i < payout->part_count; i++) {
        sum_yen += payout->parts[i].amount_yen;
    }
    return sum_yen;
}

void
collection_allocate(const struct collection_payout *payout, int64_t credited_yen, int64_t *received)
{
    bool is_whole = collection_is_whole(payout, credited_yen);
    int64_t deducted_yen = payout->gross_yen > payout->expected_yen ? payout->gross_yen - payout->expected_yen : 0;
    /* Of a carried payout only the whole is known: its taker's credit is shared by others. */
    int64_t left_yen = payout->is_carried || credited_yen <= 0 ? 0 : credited_yen + deducted_yen + payout->netted_yen;
    for (size_t i = 0; i < payout->part_count; i++) {
        int64_t amount_yen = payout->parts[i].amount_yen;
        if (is_whole) {
            received[i] = amount_yen;
            continue;
        }
        int64_t owed_yen = amount_yen + payout->parts[i].refunded_yen;
        int64_t came_yen = owed_yen < left_yen ? owed_yen : left_yen;
        came_yen = came_yen > 0 ? came_yen : 0;
        left_yen -= came_yen;
        received[i] = came_yen > payout->parts[i].refunded_yen ? came_yen - payout->parts[i].refunded_yen : 0;
    }
}

enum collection_stand
collection_open_stand(const struct collection_payout *payout, const char *today)
{
    bool is_past = payout->payable_on[0] != '\0' && strcmp(payout->payable_on, today) < 0;
    return is_past ? COLLECTION_LATE : COLLECTION_DUE_LATER;
}

int
collection_part_compare(const struct collection_part *a, const struct collection_part *b, bool with_day)
{
    int order = (a->fiscal_year > b->fiscal_year) - (a->fiscal_year < b->fiscal_year);
    order = order != 0 ? order : strcmp(a->account, b->account);
    order = order != 0 ? order : strcmp(a->section, b->section);
    order = order != 0 ? order : strcmp(a->route, b->route);
    return order != 0 || !with_day ? order : strcmp(a->assessed_on, b->assessed_on);
}

static const struct {
    const char *word;
    const char *name;
} stands[COLLECTION_STAND_COUNT] = {
    [COLLECTION_RECEIVED] = {"received", "収入済"},
    [COLLECTION_DUE_LATER] = {"due_later", "入金予定"},
    [COLLECTION_LATE] = {"late", "予定日超過"},
    [COLLECTION_UNREPORTED] = {"unreported", "明細待ち"},
};

const char *
collection_stand_word(enum collection_stand stand)
{
    return stands[stand].word;
}

const char *
collection_stand_name(enum collection_stand stand)
{
    return stands[stand].name;
}
