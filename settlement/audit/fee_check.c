/* 手数料差, computed again: the fees that a file states against those that were agreed, by payout, brand and terms.
 * Lines pass by file by file, so that memory is that of one file's groups. Files that took another's place are left
 * out: what was said of their fees before stays as it was said. */
#include "settlement/audit/audited_terms.h"
#include "settlement/audit/outside.h"
#include "settlement/audit/published.h"

#include "common/clock/civil.h"
#include "settlement/arena/arena.h"
#include "settlement/arena/growing.h"
#include "settlement/store/audit_outside_store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAMES_MAX = 10000000, GROUPS_MAX = 1000000, SUBJECT_SIZE = 200 };

/* A difference that the books name, or that the lines have. INVARIANT: by subject; `is_right` when a version of the
 * masters bears it out, of a difference that nobody named: when a version has none there. */
struct named {
    const char *subject;
    int64_t named_yen; /* 0 where nobody named it */
    int64_t right_yen; /* by the newest version */
    bool is_named;
    bool is_right;
    bool is_seen; /* the version that is being tried has a difference there */
};

/* Lines of one file that one agreement is about. Texts are borrowed from the names of the check. */
struct group {
    const char *payout;
    const char *brand;
    struct audited_fee fee;
    int64_t amount_yen;
    int64_t stated_yen;
    int64_t line_fees_yen;
};

struct fee_check {
    struct growing names;  /* struct named */
    struct growing groups; /* struct group, of `import` */
    int64_t import;
    bool has_undated; /* a line without a time: its terms are those of the day of the run, which is not known */
    struct arena arena;
    bool is_newest;
    struct findings *findings;
};

static enum status
no_room(struct error_detail *err)
{
    error_set(err, "no_memory", "out of memory while auditing fees");
    return STATUS_NO_MEMORY;
}

static struct named *
find_named(const struct fee_check *check, const char *subject)
{
    struct named *names = check->names.elements;
    for (size_t i = 0; i < check->names.count; i++) { /* differences are few: people have to look at each */
        if (strcmp(names[i].subject, subject) == 0) {
            return &names[i];
        }
    }
    return NULL;
}

static enum status
add_named(struct fee_check *check, const char *subject, int64_t yen, bool is_named, struct error_detail *err)
{
    struct named *place = growing_add(&check->names);
    const char *copy = arena_copy(&check->arena, subject, strlen(subject));
    if (place == NULL || copy == NULL) {
        return no_room(err);
    }
    *place = (struct named){.subject = copy, .named_yen = is_named ? yen : 0, .is_named = is_named};
    return STATUS_OK;
}

/* A group of the file is wrong by YEN. A difference that only an older version has is none of today's. */
static enum status
see_difference(struct fee_check *check, const struct group *group, int64_t yen, struct error_detail *err)
{
    char subject[SUBJECT_SIZE];
    snprintf(subject, sizeof subject, "fee:%lld:%s:%s:%lld", (long long)check->import, group->payout, group->brand,
             (long long)group->fee.rate);
    struct named *named = find_named(check, subject);
    enum status status = STATUS_OK;
    if (named == NULL && check->is_newest) {
        status = add_named(check, subject, yen, /* is_named= */ false, err);
        named = find_named(check, subject);
    }
    if (status == STATUS_OK && named != NULL) {
        named->is_seen = true;
        named->right_yen = check->is_newest ? yen : named->right_yen;
        named->is_right = named->is_right || (named->is_named && named->named_yen == yen);
    }
    return status;
}

/* The file is over. One that states no fee on any line is not compared. */
static enum status
close_file(struct fee_check *check, struct error_detail *err)
{
    enum status status = STATUS_OK;
    bool has_fees = false;
    const struct group *groups = check->groups.elements;
    for (size_t i = 0; i < check->groups.count; i++) {
        has_fees = has_fees || groups[i].stated_yen != 0;
    }
    for (size_t i = 0; status == STATUS_OK && has_fees && !check->has_undated && i < check->groups.count; i++) {
        int64_t agreed_yen =
            groups[i].fee.is_per_line ? groups[i].line_fees_yen : audited_fee_yen(&groups[i].fee, groups[i].amount_yen);
        int64_t yen = groups[i].stated_yen - agreed_yen;
        if (yen != 0) {
            status = see_difference(check, &groups[i], yen < 0 ? -yen : yen, err);
        }
    }
    check->groups.count = 0;
    check->has_undated = false;
    return status;
}

static enum status
add_line(struct fee_check *check, const struct audit_rows *row, const struct audited_terms *terms,
         struct error_detail *err)
{
    const char *payout = audit_text(row, 1);
    const char *brand = audit_text(row, 2);
    struct audited_fee fee;
    if (audit_int(row, 3) == 0) {
        check->has_undated = true;
        return STATUS_OK;
    }
    if (!audited_fee_of(terms, brand, civil_date_to_days(civil_date_at(audit_int(row, 4))), &fee)) {
        return STATUS_OK;
    }
    struct group *groups = check->groups.elements;
    struct group *group = NULL;
    for (size_t i = check->groups.count; i > 0 && group == NULL; i--) {
        bool is_it = groups[i - 1].fee.row == fee.row && strcmp(groups[i - 1].payout, payout) == 0 &&
                     strcmp(groups[i - 1].brand, brand) == 0;
        group = is_it ? &groups[i - 1] : NULL;
    }
    if (group == NULL) {
        const char *kept_payout = arena_copy(&check->arena, payout, strlen(payout));
        const char *kept_brand = arena_copy(&check->arena, brand, strlen(brand));
        group = growing_add(&check->groups);
        if (group == NULL || kept_payout == NULL || kept_brand == NULL) {
            return no_room(err);
        }
        *group = (struct group){.payout = kept_payout, .brand = kept_brand, .fee = fee};
    }
    group->amount_yen += audit_int(row, 5);
    group->stated_yen += audit_int(row, 6);
    group->line_fees_yen += audited_fee_yen(&fee, audit_int(row, 5));
    return STATUS_OK;
}

static enum status
read_named(struct fee_check *check, struct store_txn *txn, const char *city, struct error_detail *err)
{
    struct audit_rows *row;
    bool has_row = true;
    enum status status = outside_rows_begin(txn, OUTSIDE_FEE_DIFFERENCES, city, &row, err);
    while (status == STATUS_OK && has_row) {
        status = audit_rows_next(row, &has_row, err);
        if (status == STATUS_OK && has_row) {
            status = add_named(check, audit_text(row, 0), audit_int(row, 1), /* is_named= */ true, err);
            if (status != STATUS_OK) {
                audit_rows_end(row);
            }
        }
    }
    return status;
}

/* All lines of CITY by one version of its masters. */
static enum status
compute(struct store_txn *txn, const char *city, const struct json_value *document, bool is_newest, void *context,
        bool *out_is_done, struct error_detail *err)
{
    struct fee_check *check = context;
    struct audited_terms terms = audited_terms_of(document);
    struct audit_rows *row;
    bool has_row = true;
    struct named *names = check->names.elements;
    for (size_t i = 0; i < check->names.count; i++) {
        names[i].is_seen = false;
    }
    check->is_newest = is_newest;
    enum status status = outside_rows_begin(txn, OUTSIDE_FEE_LINES, city, &row, err);
    while (status == STATUS_OK && has_row) {
        status = audit_rows_next(row, &has_row, err);
        if (status != STATUS_OK || !has_row) {
            break;
        }
        if (audit_int(row, 0) != check->import) {
            status = close_file(check, err);
            check->import = audit_int(row, 0);
        }
        if (status == STATUS_OK) {
            status = add_line(check, row, &terms, err);
        }
        if (status != STATUS_OK) {
            audit_rows_end(row);
        }
    }
    if (status == STATUS_OK) {
        status = close_file(check, err);
    }
    *out_is_done = true;
    names = check->names.elements;
    for (size_t i = 0; i < check->names.count; i++) {
        names[i].is_right = names[i].is_right || (!names[i].is_named && !names[i].is_seen);
        *out_is_done = *out_is_done && names[i].is_right;
    }
    return status;
}

static enum status
check_city(struct store_txn *txn, const char *city, struct findings *findings, struct error_detail *err)
{
    struct fee_check check = {.findings = findings};
    growing_init(&check.names, sizeof(struct named), NAMES_MAX, 0);
    growing_init(&check.groups, sizeof(struct group), GROUPS_MAX, 0);
    arena_init(&check.arena, SIZE_MAX / 4);
    enum status status = read_named(&check, txn, city, err);
    if (status == STATUS_OK) {
        status = published_each(txn, city, compute, &check, err);
    }
    const struct named *names = check.names.elements;
    for (size_t i = 0; status == STATUS_OK && i < check.names.count; i++) {
        if (!names[i].is_right) {
            finding_add(findings, names[i].is_named ? "fee_difference_differs" : "fee_difference_unheard", NULL, 0,
                        names[i].right_yen, names[i].named_yen,
                        names[i].is_named
                            ? "手数料差(%s)の額が、明細と取決めから計算した差と異なります。"
                            : "手数料差(%s)が、明細と取決めから計算するとあるのに、要確認になっていません。",
                        names[i].subject);
        }
    }
    growing_finish(&check.names);
    growing_finish(&check.groups);
    arena_finish(&check.arena);
    return status;
}

/* The cities that have masters: without terms nothing is agreed. */
struct cities {
    char codes[CITIES_MAX][MUNICIPALITY_CODE_SIZE];
    size_t count;
};

static enum status
keep_city(const char *municipality, void *context)
{
    struct cities *cities = context;
    if (cities->count == CITIES_MAX) {
        return STATUS_OVERFLOW;
    }
    snprintf(cities->codes[cities->count++], MUNICIPALITY_CODE_SIZE, "%s", municipality);
    return STATUS_OK;
}

enum status
audit_fees(struct store_txn *txn, struct findings *findings, struct error_detail *err)
{
    struct cities *cities = calloc(1, sizeof *cities);
    if (cities == NULL) {
        return no_room(err);
    }
    enum status status = masters_municipality_each(txn, keep_city, cities, err);
    for (size_t i = 0; status == STATUS_OK && i < cities->count; i++) {
        status = check_city(txn, cities->codes[i], findings, err);
    }
    free(cities);
    return status;
}
