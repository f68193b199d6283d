/* A file of tariffs: a masters document, or {"tariffs":[…],"reductions":[…]}. For people who write one: every row is
 * checked, and what is wrong is said with its line. */
#pragma once

#include "common/tariff/tariff.h"

enum {
    TARIFF_ROWS_OF_FILE_MAX = 5000, /* of each list, as in masters */
    TARIFF_FAULTS_MAX = 100         /* beyond that the file is another kind of file */
};

struct tariff_document;

/* Parse LENGTH bytes, which must outlive the document. *OUT is given: tariff_document_destroy. STATUS_INVALID, with
 * line and column in ERR, when it is not JSON or not such a file. */
enum status tariff_document_open(struct tariff_document **out, const char *text, size_t length,
                                 struct error_detail *err) MUST_CHECK;
void tariff_document_destroy(struct tariff_document *document);

/* Check every row, and that no two of one code are valid on one day. `found` is told of each fault, in the order of the
 * lines' lists, with line, column and the member's path; at most TARIFF_FAULTS_MAX. STATUS_INVALID when there was one.
 */
enum status tariff_document_check(const struct tariff_document *document,
                                  void (*found)(void *context, const struct error_detail *fault), void *context,
                                  struct error_detail *err) MUST_CHECK;

/* Rows of `tariffs` and `reductions`. */
size_t tariff_document_tariffs(const struct tariff_document *document);
size_t tariff_document_reductions(const struct tariff_document *document);

/* The first day of the first row of CODE in `tariffs`; false when no row has that code and a right day. */
bool tariff_document_first_day(const struct tariff_document *document, const char *code, struct civil_date *out);

/* The tariff CODE as of DATE, the reduction CODE as of DATE: given, to be destroyed. STATUS_NOT_FOUND when no row of
 * the code is valid then, STATUS_CONFLICT when two are, STATUS_INVALID with line and column for a wrong row. */
enum status tariff_document_find(const struct tariff_document *document, const char *code, struct civil_date date,
                                 struct tariff **out, struct error_detail *err) MUST_CHECK;
enum status
tariff_document_find_reduction(const struct tariff_document *document, const char *code, struct civil_date date,
                               struct tariff_reduction **out, struct error_detail *err) MUST_CHECK;
