/* A store moved from SQLite to PostgreSQL, and the comparison of two stores row by row. Both stores have the schema of
 * this program (store_open brings them there). */
#pragma once

#include "settlement/store/move/table_list.h"

/* Told after each table: how many rows were copied, or compared. */
typedef void (*move_progress)(const char *table, int64_t rows, void *context);

/* Copy all rows of FROM (SQLite) into TO (PostgreSQL), in one transaction of TO: cut anywhere, TO is as it was. FROM
 * is this process's alone from here until it is closed. STATUS_BUSY: somebody else has FROM open, say a running
 * service; STATUS_CONFLICT: TO holds something already. */
enum status store_copy(struct database *from, struct database *to, move_progress progress, void *context,
                       struct error_detail *err) MUST_CHECK;

/* Told once for each row that is not the same on both sides. COLUMN: the first that differs, "" when the row is on one
 * side only, and then ON_LEFT says on which. KEY: the primary key, for people; borrowed. */
typedef void (*move_difference)(const char *table, const char *key, const char *column, bool on_left, void *context);

/* Compare every column of every row, walking both sides by primary key. *OUT_COUNT: how many rows differ. */
enum status
store_compare(struct database *left, struct database *right, move_progress progress, move_difference difference,
              void *context, int64_t *out_count, struct error_detail *err) MUST_CHECK;
