/* Static files of the screens: read once from the start on, kept in memory, served with ETag and the right type. */
#pragma once

#include "common/http/server.h"

struct http_files;

/* Load the files of FOLDER, sub-folders included (≤ 4 MiB each, ≤ 16 MiB and 500 files in all, 6 folders deep; beyond
 * is STATUS_OVERFLOW). Hidden files, symbolic links and endings that no screen uses are left out. STATUS_NOT_FOUND,
 * STATUS_IO. The bytes are read while the program goes on; who asks for a file before waits.
 * *OUT is given: destroy with http_files_destroy. */
enum status http_files_load(struct http_files **out, const char *folder, struct error_detail *err) MUST_CHECK;
void http_files_destroy(struct http_files *files);

/* Answer with file PATH ("" or "/" means index.html), 304 when the browser has it, 404 page otherwise. */
void http_files_respond(const struct http_files *files, struct http_request *request, const char *path);
