/* The IMPORT of docs/protocol/finance-http.md. For this folder only. */
#pragma once

#include "common/json/writer.h"
#include "settlement/imports/layouts.h"
#include "settlement/store/import_store.h"

/* The stored import ID as member "import". STATUS_NOT_FOUND. */
enum status json_stored_import(struct json_writer *writer, struct store_txn *txn, const struct layouts *layouts,
                               const char *municipality, int64_t id, struct error_detail *err) MUST_CHECK;

/* MATCHED_COUNT below 0: a dry run, whose id is null. */
void json_import(struct json_writer *writer, const char *key, const struct import_row *row,
                 const struct layouts *layouts, int64_t matched_count, int64_t open_count, int64_t fault_count);

struct faults;
/* "faults": the first FAULTS_SHOWN_MAX of them, and "fault_count". */
enum { FAULTS_SHOWN_MAX = 100 };
void json_faults(struct json_writer *writer, const struct faults *faults);
