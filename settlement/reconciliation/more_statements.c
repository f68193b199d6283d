/* Items are copied behind those of the first file; their texts stay where they were read. */
#include "settlement/reconciliation/more_statements.h"

#include "settlement/reconciliation/reconcile_read.h"

#include <stdlib.h>
#include <string.h>

static enum status
refuse_memory(struct error_detail *err)
{
    error_set(err, "out_of_memory", "行が多すぎるか、メモリーが足りません。ファイルを分けて照合してください。");
    return STATUS_OVERFLOW;
}

static bool
are_same_bytes(const struct mapped_file *a, const struct mapped_file *b)
{
    return a->length == b->length && (a->length == 0 || memcmp(a->bytes, b->bytes, a->length) == 0);
}

static enum status
refuse_repeated(const char *path, const char *earlier, struct error_detail *err)
{
    error_set(err, "file_repeated", "%s: 同一ファイル再取込: %s と同じ内容です。一度だけ指定してください。", path,
              earlier);
    return STATUS_INVALID;
}

/* The index of BRAND among the COUNT brands, where it is put when it is new. */
static uint16_t
brand_index(struct text_view *brands, size_t *count, struct text_view brand)
{
    for (size_t i = 0; i < *count; i++) {
        if (text_view_equals(brands[i], brand)) {
            return (uint16_t)i;
        }
    }
    brands[*count] = brand;
    return (uint16_t)(*count)++;
}

/* All brands into one list, and the items' indexes after it. */
static enum status
join_brands(struct more_statements *more, struct side_file *first, size_t *out_count, struct error_detail *err)
{
    size_t room = first->side.brand_count;
    size_t count = 0;
    for (size_t i = 0; i < more->count; i++) {
        room += more->files[i].side.brand_count;
    }
    more->brands = calloc(room + 1, sizeof *more->brands);
    if (more->brands == NULL || room > UINT16_MAX) {
        return refuse_memory(err);
    }
    for (size_t i = 0; i < first->side.brand_count; i++) {
        more->brands[count++] = first->side.brands[i];
    }
    for (size_t i = 0; i < more->count; i++) {
        const struct side_file *file = &more->files[i];
        uint16_t *mapped = calloc(file->side.brand_count + 1, sizeof *mapped);
        if (mapped == NULL) {
            return refuse_memory(err);
        }
        for (size_t k = 0; k < file->side.brand_count; k++) {
            mapped[k] = brand_index(more->brands, &count, file->side.brands[k]);
        }
        struct match_item *items = file->items.elements;
        for (size_t k = 0; k < file->items.count; k++) {
            items[k].brand = items[k].brand < file->side.brand_count ? mapped[items[k].brand] : items[k].brand;
            items[k].id = statement_place(i + 1, (uint32_t)items[k].id);
        }
        free(mapped);
    }
    *out_count = count;
    return STATUS_OK;
}

/* The slips of FILE behind those of FIRST, whose items are together already. */
static bool
append_slips(struct side_file *first, struct side_file *file)
{
    const struct text_view none = {"", 0};
    const size_t before = first->items.count - file->slips.count;
    while (file->slips.count > 0 && first->slips.count < first->items.count) {
        struct text_view *place = growing_add(&first->slips);
        if (place == NULL) {
            return false;
        }
        const size_t index = first->slips.count - 1;
        *place = index < before ? none : ((const struct text_view *)file->slips.elements)[index - before];
    }
    growing_finish(&file->slips);
    return true;
}

/* The items and sums of FILE to those of FIRST. Its own items are given up. */
static enum status
append(struct side_file *first, struct side_file *file, struct error_detail *err)
{
    for (size_t i = 0; i < file->items.count; i++) {
        struct match_item *place = growing_add(&first->items);
        if (place == NULL) {
            return refuse_memory(err);
        }
        *place = ((const struct match_item *)file->items.elements)[i];
    }
    growing_finish(&file->items);
    if (!append_slips(first, file)) {
        return refuse_memory(err);
    }
    first->total_yen += file->total_yen; /* each within YEN_LIMIT, and there are few files */
    first->fee_yen += file->fee_yen;
    first->fee_count += file->fee_count;
    return STATUS_OK;
}

enum status
more_statements_join(struct more_statements *out, struct side_file *first, const char *first_path,
                     const char *const *paths, size_t count, const struct layout *layout, struct civil_date not_after,
                     struct error_detail *err)
{
    *out = (struct more_statements){.files = calloc(count + 1, sizeof *out->files)};
    enum status status = out->files != NULL ? STATUS_OK : refuse_memory(err);
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        status = side_file_read(&out->files[out->count++], paths[i], layout, not_after, NULL, err);
        if (status != STATUS_OK) {
            return reconcile_name_place(status, paths[i], err);
        }
        const struct mapped_file *file = &out->files[i].file;
        if (are_same_bytes(file, &first->file)) {
            return refuse_repeated(paths[i], first_path, err);
        }
        for (size_t k = 0; k < i; k++) {
            if (are_same_bytes(file, &out->files[k].file)) {
                return refuse_repeated(paths[i], paths[k], err);
            }
        }
    }
    size_t brand_count = 0;
    if (status == STATUS_OK) {
        status = join_brands(out, first, &brand_count, err);
    }
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        status = append(first, &out->files[i], err);
    }
    if (status == STATUS_OK && !side_file_fill_slips(first)) {
        status = refuse_memory(err);
    }
    first->side = (struct match_side){.items = first->items.elements,
                                      .count = first->items.count,
                                      .brands = out->brands,
                                      .brand_count = brand_count,
                                      .ids_are_lines = true,
                                      .slips = first->slips.count > 0 ? first->slips.elements : NULL};
    return status;
}

void
more_statements_finish(struct more_statements *more)
{
    for (size_t i = 0; i < more->count; i++) {
        side_file_finish(&more->files[i]);
    }
    free(more->files);
    free(more->brands);
    *more = (struct more_statements){.count = 0};
}
