/* Laying changes over rows: both sides sorted by key once, so that a change of 20,000 rows is a walk and not a search
 * in a search. */
#include "settlement/masters/overlay.h"

#include "common/json/assemble.h"
#include "settlement/masters/field.h"

#include <stdio.h>
#include <stdlib.h>

const char *
overlay_state_word(enum overlay_state state)
{
    static const char *const words[] = {
        [OVERLAY_SAME] = "same",
        [OVERLAY_ADDED] = "added",
        [OVERLAY_CHANGED] = "changed",
        [OVERLAY_REMOVED] = "removed",
    };
    return words[state];
}

static enum status
no_memory(struct error_detail *err)
{
    error_set(err, "no_memory", "out of memory");
    return STATUS_NO_MEMORY;
}

static void
finish_change(struct overlay_change *change)
{
    free(change->kind);
    free(change->key);
    free(change->before_text);
    free(change->after_text);
    json_free(change->before);
    json_free(change->after);
    json_free(change->tried_over);
}

void
overlay_finish(struct overlay *overlay)
{
    for (size_t i = 0; i < overlay->change_count; i++) {
        finish_change(&overlay->changes[i]);
    }
    free(overlay->changes);
    json_free(overlay->settings);
    *overlay = (struct overlay){0};
}

/* Copy TEXT (NULL stays NULL) and parse it. */
static enum status
take_row(char **out_text, struct json_value **out, const char *text, struct error_detail *err)
{
    if (text == NULL) {
        return STATUS_OK;
    }
    *out_text = strdup(text);
    return *out_text != NULL ? json_parse(out, text, strlen(text), err) : no_memory(err);
}

struct reading {
    struct overlay *overlay;
    struct error_detail *err;
};

static enum status
take_change(const struct masters_change *row, void *context)
{
    struct reading *reading = context;
    struct overlay *overlay = reading->overlay;
    if (overlay->change_count == overlay->capacity) {
        size_t capacity = overlay->capacity == 0 ? 16 : 2 * overlay->capacity;
        struct overlay_change *grown = realloc(overlay->changes, capacity * sizeof *grown);
        if (grown == NULL) {
            return no_memory(reading->err);
        }
        overlay->changes = grown;
        overlay->capacity = capacity;
    }
    struct overlay_change *change = &overlay->changes[overlay->change_count++];
    *change = (struct overlay_change){
        .kind = strdup(row->kind),
        .key = strdup(row->key),
        .revision = row->revision,
        .changed_at_ms = row->changed_at_ms,
    };
    snprintf(change->changed_by, sizeof change->changed_by, "%s", row->changed_by);
    snprintf(change->changed_by_name, sizeof change->changed_by_name, "%s", row->changed_by_name);
    if (change->kind == NULL || change->key == NULL) {
        return no_memory(reading->err);
    }
    enum status status = take_row(&change->before_text, &change->before, row->before, reading->err);
    return status == STATUS_OK ? take_row(&change->after_text, &change->after, row->after, reading->err) : status;
}

/* What all tills share, as one row: the settings and, beside them in the document, the cash keys. */
static enum status
read_settings(struct overlay *overlay, struct error_detail *err)
{
    const struct json_value *document = overlay->book->document;
    const struct json_value *tenders = json_member(document, "quick_tender_yen");
    enum status status = json_object_create(&overlay->settings, err);
    if (status == STATUS_OK && tenders != NULL) {
        status = json_borrow(overlay->settings, "quick_tender_yen", tenders, err);
    }
    for (const struct json_value *member = json_first(json_member(document, "settings"));
         status == STATUS_OK && member != NULL; member = json_next(member)) {
        status = json_borrow(overlay->settings, json_key(member), member, err);
    }
    return status;
}

enum status
overlay_read(struct overlay *out, const struct masters_book *book, struct store_txn *txn, int64_t draft,
             const char *kind, struct error_detail *err)
{
    *out = (struct overlay){.book = book};
    struct reading reading = {.overlay = out, .err = err};
    enum status status = read_settings(out, err);
    if (status == STATUS_OK && draft != 0) {
        status = masters_changes_each(txn, draft, kind, take_change, &reading, err);
    }
    out->settled_count = out->change_count;
    return status;
}

/* The changes of one kind: a run in the sorted array. */
static struct overlay_change *
changes_of(struct overlay *overlay, const char *kind, size_t *out_count)
{
    size_t first = 0;
    while (first < overlay->change_count && strcmp(overlay->changes[first].kind, kind) != 0) {
        first++;
    }
    size_t end = first;
    while (end < overlay->change_count && strcmp(overlay->changes[end].kind, kind) == 0) {
        end++;
    }
    *out_count = end - first;
    return overlay->changes + first;
}

static int
compare_key_to_change(const void *key, const void *change)
{
    return strcmp(key, ((const struct overlay_change *)change)->key);
}

/* Whether CHANGE was made of PUBLISHED, in normal form; an equal result is no conflict either. */
static enum status
judge(struct overlay_change *change, const struct table *table, const struct json_value *published,
      struct error_detail *err)
{
    struct buffer text;
    buffer_init(&text, JSON_TEXT_MAX_BYTES);
    enum status status = published != NULL ? masters_row_normalise(table, published, &text, err) : STATUS_OK;
    if (status == STATUS_OK) {
        const char *now = published != NULL ? buffer_text(&text) : NULL;
        bool is_as_seen =
            (now == NULL) == (change->before_text == NULL) && (now == NULL || strcmp(now, change->before_text) == 0);
        bool is_done =
            (now == NULL) == (change->after_text == NULL) && (now == NULL || strcmp(now, change->after_text) == 0);
        change->published = published;
        change->is_conflict = !is_as_seen && !is_done;
    }
    buffer_finish(&text);
    return status;
}

static void
lay(struct overlay_row *row, struct overlay_change *change)
{
    row->change = change;
    if (change == NULL) {
        row->value = row->published;
        row->state = OVERLAY_SAME;
    } else if (change->after == NULL) {
        row->value = row->published != NULL ? row->published : change->before;
        row->state = OVERLAY_REMOVED;
    } else {
        row->value = change->after;
        row->state = row->published == NULL ? OVERLAY_ADDED : OVERLAY_CHANGED;
    }
}

/* A row with the place where it belongs: behind row `index` of the document, in the order in which it was found. */
struct placed_row {
    struct overlay_row row;
    size_t index;
    size_t order;
};

static int
compare_places(const void *a, const void *b)
{
    const struct placed_row *left = a;
    const struct placed_row *right = b;
    if (left->index != right->index) {
        return left->index < right->index ? -1 : 1;
    }
    return (left->order > right->order) - (left->order < right->order);
}

struct code_place {
    const char *code;
    size_t index;
};

static int
compare_codes(const void *a, const void *b)
{
    const struct code_place *left = a;
    const struct code_place *right = b;
    int order = strcmp(left->code, right->code);
    return order != 0 ? order : (left->index > right->index) - (left->index < right->index);
}

/* Index of the last row of CODE among COUNT sorted PLACES; FALLBACK when it has none. */
static size_t
last_of_code(const struct code_place *places, size_t count, const char *code, size_t fallback)
{
    size_t low = 0;
    size_t high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(places[middle].code, code) <= 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low > 0 && strcmp(places[low - 1].code, code) == 0 ? places[low - 1].index : fallback;
}

/* The published rows of TABLE, with their changes; *OUT_USED tells which changes found their row. */
static enum status
lay_published(struct overlay *overlay, const struct table *table, struct placed_row *rows, struct code_place *codes,
              size_t *out_count, struct error_detail *err)
{
    size_t change_count;
    struct overlay_change *changes = changes_of(overlay, table->key, &change_count);
    const struct json_value *list =
        table == &masters_settings_row ? NULL : json_member(overlay->book->document, table->key);
    const struct json_value *value = table == &masters_settings_row ? overlay->settings : json_first(list);
    size_t count = 0;
    enum status status = STATUS_OK;
    for (; value != NULL && status == STATUS_OK; value = list != NULL ? json_next(value) : NULL) {
        struct placed_row *placed = &rows[count];
        *placed = (struct placed_row){.row = {.published = value}, .index = count};
        masters_row_key(table, value, placed->row.key);
        codes[count] = (struct code_place){.code = text_or(value, table_code_key(table), ""), .index = count};
        struct overlay_change *change =
            change_count > 0 ? bsearch(placed->row.key, changes, change_count, sizeof *changes, compare_key_to_change)
                             : NULL;
        if (change != NULL && change->published == NULL) {
            status = judge(change, table, value, err);
            lay(&placed->row, change);
        } else {
            lay(&placed->row, NULL);
        }
        count++;
    }
    *out_count = count;
    return status;
}

/* Changes that found no published row: new rows, and changes of rows that somebody took out meanwhile. */
static enum status
lay_others(struct overlay *overlay, const struct table *table, struct placed_row *rows, struct code_place *codes,
           size_t published_count, size_t *count, struct error_detail *err)
{
    size_t change_count;
    struct overlay_change *changes = changes_of(overlay, table->key, &change_count);
    qsort(codes, published_count, sizeof *codes, compare_codes);
    enum status status = STATUS_OK;
    for (size_t i = 0; i < change_count && status == STATUS_OK; i++) {
        struct overlay_change *change = &changes[i];
        if (change->published != NULL) {
            continue;
        }
        status = judge(change, table, NULL, err);
        if (change->after == NULL && !change->is_conflict) {
            continue; /* taken out here and there: nothing is left of it */
        }
        struct placed_row *placed = &rows[*count];
        *placed = (struct placed_row){.order = i + 1};
        snprintf(placed->row.key, sizeof placed->row.key, "%s", change->key);
        lay(&placed->row, change);
        placed->index = last_of_code(codes, published_count, text_or(placed->row.value, table_code_key(table), ""),
                                     published_count);
        (*count)++;
    }
    return status;
}

enum status
overlay_rows(struct overlay *overlay, const struct table *table, struct overlay_row **out, size_t *out_count,
             struct error_detail *err)
{
    size_t change_count;
    struct overlay_change *changes = changes_of(overlay, table->key, &change_count);
    size_t published =
        table == &masters_settings_row ? 1 : json_count(json_member(overlay->book->document, table->key));
    struct placed_row *placed = calloc(published + change_count + 1, sizeof *placed);
    struct code_place *codes = calloc(published + 1, sizeof *codes);
    struct overlay_row *rows = calloc(published + change_count + 1, sizeof *rows);
    size_t count = 0;
    for (size_t i = 0; i < change_count; i++) {
        changes[i].published = NULL;
    }
    enum status status = placed != NULL && codes != NULL && rows != NULL ? STATUS_OK : no_memory(err);
    if (status == STATUS_OK) {
        status = lay_published(overlay, table, placed, codes, &published, err);
    }
    count = published;
    if (status == STATUS_OK) {
        status = lay_others(overlay, table, placed, codes, published, &count, err);
    }
    if (status == STATUS_OK) {
        qsort(placed, count, sizeof *placed, compare_places);
        for (size_t i = 0; i < count; i++) {
            rows[i] = placed[i].row;
        }
        *out = rows;
        *out_count = count;
        rows = NULL; /* now the caller's */
    }
    free(placed);
    free(codes);
    free(rows);
    return status;
}

enum status
overlay_find(struct overlay *overlay, const struct table *table, const char *key, struct overlay_row *out,
             struct error_detail *err)
{
    struct overlay_row *rows = NULL;
    size_t count = 0;
    enum status status = overlay_rows(overlay, table, &rows, &count, err);
    bool is_found = false;
    for (size_t i = 0; status == STATUS_OK && i < count && !is_found; i++) {
        is_found = strcmp(rows[i].key, key) == 0;
        if (is_found) {
            *out = rows[i];
        }
    }
    free(rows);
    if (status == STATUS_OK && !is_found) {
        error_set(err, "not_found", "この行はもうありません。一覧を開き直してください。");
        return STATUS_NOT_FOUND;
    }
    return status;
}

/* Put table TABLE into DOCUMENT: as it is when nothing changes it, else row by row. */
static enum status
merge_table(struct overlay *overlay, const struct table *table, const struct json_value *list,
            struct json_value *document, size_t *conflicts, struct error_detail *err)
{
    size_t change_count;
    changes_of(overlay, table->key, &change_count);
    if (change_count == 0) {
        return list != NULL ? json_borrow(document, table->key, list, err) : STATUS_OK;
    }
    struct overlay_row *rows = NULL;
    struct json_value *merged = NULL;
    size_t count = 0;
    enum status status = overlay_rows(overlay, table, &rows, &count, err);
    if (status == STATUS_OK) {
        status = json_array_create(&merged, err);
    }
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        *conflicts += rows[i].change != NULL && rows[i].change->is_conflict ? 1 : 0;
        if (rows[i].state != OVERLAY_REMOVED) {
            status = json_borrow(merged, NULL, rows[i].value, err);
        }
    }
    free(rows);
    if (status != STATUS_OK) {
        json_free(merged);
        return status;
    }
    return json_take(document, table->key, merged, err);
}

/* The two members of the document that settings are. */
static enum status
merge_settings(struct overlay *overlay, struct json_value *document, size_t *conflicts, struct error_detail *err)
{
    struct overlay_row row;
    struct json_value *settings = NULL;
    enum status status = overlay_find(overlay, &masters_settings_row, masters_settings_row.key, &row, err);
    if (status == STATUS_OK) {
        *conflicts += row.change != NULL && row.change->is_conflict ? 1 : 0;
        status = json_object_create(&settings, err);
    }
    for (const struct json_value *member = status == STATUS_OK ? json_first(row.value) : NULL;
         member != NULL && status == STATUS_OK; member = json_next(member)) {
        bool is_beside = strcmp(json_key(member), "quick_tender_yen") == 0;
        status = json_borrow(is_beside ? document : settings, json_key(member), member, err);
    }
    if (status != STATUS_OK) {
        json_free(settings);
        return status;
    }
    return json_take(document, "settings", settings, err);
}

enum status
overlay_merge(struct overlay *overlay, int64_t version, struct json_value **out, size_t *out_conflicts,
              struct error_detail *err)
{
    struct json_value *document = NULL;
    size_t conflicts = 0;
    enum status status = json_object_create(&document, err);
    if (status == STATUS_OK) {
        status = json_put_int(document, "version", version, err);
    }
    for (const struct json_value *member = json_first(overlay->book->document); status == STATUS_OK && member != NULL;
         member = json_next(member)) {
        const char *key = json_key(member);
        if (strcmp(key, "version") != 0 && strcmp(key, "settings") != 0 && strcmp(key, "quick_tender_yen") != 0 &&
            masters_table(key) == NULL) {
            status = json_borrow(document, key, member, err);
        }
    }
    for (size_t i = 0; i < masters_table_count && status == STATUS_OK; i++) {
        const struct json_value *list = json_member(overlay->book->document, masters_tables[i].key);
        status = merge_table(overlay, &masters_tables[i], list, document, &conflicts, err);
    }
    if (status == STATUS_OK) {
        status = merge_settings(overlay, document, &conflicts, err);
    }
    if (status != STATUS_OK) {
        json_free(document);
        return status;
    }
    *out = document;
    *out_conflicts = conflicts;
    return STATUS_OK;
}
