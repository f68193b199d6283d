/* Room on the disk, before money moves.
 *
 * A payment is several lines: one before the first byte leaves, the others when the answer is known. If only the first
 * has room, the citizen has paid and the sale waits for somebody to make room. So who moves money through a network,
 * hands cash back or opens a day asks first; what has moved already is never asked about here, it is recorded as soon
 * as it can be. */
#include "pos/till/till_parts.h"

#include "common/log/log.h"

#include <sys/statvfs.h>

enum {
    /* The lines of one payment (64 KiB each at most), their rows and indexes, and the same again in the write-ahead
     * log, with room for the papers behind it. */
    ROOM_WANTED_BYTES = 2 * 1024 * 1024
};

/* What the database may still grow by its own limit. */
static enum status
room_in_database(struct database *db, int64_t *out_bytes, struct error_detail *err)
{
    return database_query_int(db,
                              "SELECT (m.max_page_count - c.page_count + f.freelist_count) * s.page_size"
                              " FROM pragma_max_page_count AS m, pragma_page_count AS c, pragma_freelist_count AS f,"
                              " pragma_page_size AS s",
                              out_bytes, err);
}

/* What the file system has left for us; INT64_MAX where it does not say. */
static enum status
room_on_disk(struct database *db, int64_t *out_bytes, struct error_detail *err)
{
    struct statement *row;
    struct statvfs disk;
    bool has_row = false;
    *out_bytes = INT64_MAX;
    enum status status = database_statement(db, "SELECT file FROM pragma_database_list WHERE name = 'main'", &row, err);
    if (status == STATUS_OK) {
        status = statement_step(row, &has_row, err);
    }
    if (status != STATUS_OK || !has_row) {
        return status;
    }
    if (statvfs(statement_column_text(row, 0), &disk) == 0 && disk.f_blocks > 0 &&
        disk.f_bavail < (fsblkcnt_t)(INT64_MAX / (int64_t)disk.f_frsize)) {
        *out_bytes = (int64_t)disk.f_bavail * (int64_t)disk.f_frsize;
    }
    statement_reset(row);
    return STATUS_OK;
}

enum status
disk_room_check(struct till *till, struct error_detail *err)
{
    int64_t may_grow = 0;
    int64_t left = 0;
    enum status status = room_in_database(till->db, &may_grow, err);
    if (status == STATUS_OK) {
        status = room_on_disk(till->db, &left, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    if (may_grow >= ROOM_WANTED_BYTES && left >= ROOM_WANTED_BYTES) {
        return STATUS_OK;
    }
    log_line(LOG_LEVEL_ERROR, "till", "no money is moved: the disk has room for %lld bytes only",
             (long long)(left < may_grow ? left : may_grow));
    error_set(err, "disk_full",
              "レジのディスクがいっぱいに近いため、お金を動かす前に止めました。お金は動いていません。"
              "管理者に「ディスクの空きを作ってください」と連絡してください。");
    return STATUS_REFUSED;
}
