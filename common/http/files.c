/* Static files, read once. */
#include "common/http/files.h"

#include "common/signing/signing.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
    FILES_MAX = 500,
    FILE_MAX_BYTES = 4 * 1024 * 1024,
    TOTAL_MAX_BYTES = 16 * 1024 * 1024, /* the screens of one program; kept in memory */
    FOLDER_DEPTH_MAX = 6
};

struct file {
    char *path; /* below the folder, with '/' between and none in front */
    const char *type;
    char etag[SHA256_TEXT_SIZE + 2];
    struct buffer bytes;
};

struct http_files {
    struct file files[FILES_MAX];
    size_t count;
    size_t total_bytes;
};

static const struct {
    const char *ending;
    const char *type;
} types[] = {
    {".html", "text/html; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".json", "application/json; charset=utf-8"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".woff2", "font/woff2"},
    {".txt", "text/plain; charset=utf-8"},
};

/* NULL for endings that no screen uses: such a file is not served. */
static const char *
type_of(const char *path)
{
    const char *ending = strrchr(path, '.');
    for (size_t i = 0; ending != NULL && i < sizeof types / sizeof types[0]; i++) {
        if (strcmp(ending, types[i].ending) == 0) {
            return types[i].type;
        }
    }
    return NULL;
}

static enum status
load_file(struct http_files *files, const char *full, const char *path, struct error_detail *err)
{
    if (files->count == FILES_MAX) {
        error_set(err, "too_many_files", "%s: more than %d files", full, FILES_MAX);
        return STATUS_OVERFLOW;
    }
    struct file file = {.type = type_of(path)};
    buffer_init(&file.bytes, FILE_MAX_BYTES);
    enum status status = buffer_read_file(&file.bytes, full, err);
    if (status == STATUS_OK && (file.path = strdup(path)) == NULL) {
        error_set(err, "no_memory", "out of memory");
        status = STATUS_NO_MEMORY;
    }
    files->total_bytes += file.bytes.length;
    if (status == STATUS_OK && files->total_bytes > TOTAL_MAX_BYTES) {
        error_set(err, "files_too_large", "the screens exceed %d bytes", TOTAL_MAX_BYTES);
        status = STATUS_OVERFLOW;
    }
    if (status != STATUS_OK) {
        buffer_finish(&file.bytes);
        free(file.path);
        return status;
    }
    char digest[SHA256_TEXT_SIZE];
    sha256_text(digest, buffer_text(&file.bytes), file.bytes.length);
    snprintf(file.etag, sizeof file.etag, "\"%s\"", digest);
    files->files[files->count++] = file;
    return STATUS_OK;
}

static enum status
load_folder(struct http_files *files, const char *folder, const char *prefix, unsigned depth, struct error_detail *err);

/* One name of FOLDER, which has PREFIX below the whole. */
static enum status
load_entry(struct http_files *files, const char *folder, const char *prefix, const char *name, unsigned depth,
           struct error_detail *err)
{
    char full[PATH_MAX];
    char path[PATH_MAX];
    struct stat information;
    int full_length = snprintf(full, sizeof full, "%s/%s", folder, name);
    snprintf(path, sizeof path, "%s%s%s", prefix, prefix[0] != '\0' ? "/" : "", name);
    if (full_length < 0 || (size_t)full_length >= sizeof full || lstat(full, &information) != 0) {
        error_set(err, "cannot_open", "%s/%s cannot be read", folder, name);
        return STATUS_IO;
    }
    if (S_ISDIR(information.st_mode)) {
        return load_folder(files, full, path, depth + 1, err);
    }
    return S_ISREG(information.st_mode) && type_of(path) != NULL ? load_file(files, full, path, err) : STATUS_OK;
}

static enum status
load_folder(struct http_files *files, const char *folder, const char *prefix, unsigned depth, struct error_detail *err)
{
    if (depth == FOLDER_DEPTH_MAX) {
        error_set(err, "nested_too_deep", "%s: more than %d folders deep", folder, FOLDER_DEPTH_MAX);
        return STATUS_OVERFLOW;
    }
    DIR *handle = opendir(folder);
    if (handle == NULL) {
        int reason = errno;
        error_set(err, "cannot_open", "%s: %s", folder, strerror(reason));
        return reason == ENOENT ? STATUS_NOT_FOUND : STATUS_IO;
    }
    enum status status = STATUS_OK;
    errno = 0;
    for (struct dirent *entry = readdir(handle); entry != NULL && status == STATUS_OK; entry = readdir(handle)) {
        if (entry->d_name[0] != '.') {
            status = load_entry(files, folder, prefix, entry->d_name, depth, err);
        }
        errno = 0;
    }
    if (status == STATUS_OK && errno != 0) { /* a screen without some of its files is no screen */
        error_set(err, "cannot_read", "%s: the folder cannot be read", folder);
        status = STATUS_IO;
    }
    closedir(handle);
    return status;
}

enum status
http_files_load(struct http_files **out, const char *folder, struct error_detail *err)
{
    struct http_files *files = calloc(1, sizeof *files);
    if (files == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    enum status status = load_folder(files, folder, "", 0, err);
    if (status != STATUS_OK) {
        http_files_destroy(files);
        return status;
    }
    *out = files;
    return STATUS_OK;
}

void
http_files_destroy(struct http_files *files)
{
    if (files == NULL) {
        return;
    }
    for (size_t i = 0; i < files->count; i++) {
        free(files->files[i].path);
        buffer_finish(&files->files[i].bytes);
    }
    free(files);
}

void
http_files_respond(const struct http_files *files, struct http_request *request, const char *path)
{
    while (*path == '/') {
        path++;
    }
    if (*path == '\0') {
        path = "index.html";
    }
    for (size_t i = 0; i < files->count; i++) {
        const struct file *file = &files->files[i];
        if (strcmp(file->path, path) != 0) {
            continue;
        }
        const char *known = http_request_header(request, "If-None-Match");
        http_respond_header(request, "ETag", file->etag);
        http_respond_header(request, "Cache-Control", "no-cache");
        if (known != NULL && strcmp(known, file->etag) == 0) {
            http_respond_empty(request, 304);
        } else {
            http_respond(request, 200, file->type, buffer_text(&file->bytes), file->bytes.length);
        }
        return;
    }
    struct error_detail err;
    error_set(&err, "no_such_file", "there is no file %s", path);
    http_respond_error(request, STATUS_NOT_FOUND, &err);
}
