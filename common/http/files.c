/* Static files. The one idea: what is there is looked at before the program goes on; the bytes are read by a thread
 * meanwhile, and the first request waits for it. So a till sells before its pictures are in memory. */
#include "common/http/files.h"

#include "common/signing/signing.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    FILES_MAX = 500,
    FILE_MAX_BYTES = 4 * 1024 * 1024,
    TOTAL_MAX_BYTES = 16 * 1024 * 1024, /* the screens of one program; kept in memory */
    FOLDER_DEPTH_MAX = 6
};

struct file {
    char *full; /* where it lies */
    char *path; /* below the folder, with '/' between and none in front */
    const char *type;
    bool is_read; /* else the disk refused it, or it grew; it is not served */
    char etag[SHA256_TEXT_SIZE + 2];
    struct buffer bytes;
};

struct reading {
    pthread_mutex_t lock;
    pthread_cond_t ended;
    bool has_ended;
    bool has_thread;
    pthread_t thread;
};

/* INVARIANT: nothing changes any more once `reading` has ended. */
struct http_files {
    struct file files[FILES_MAX];
    size_t count;
    size_t total_bytes;
    struct reading *reading;
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
note_file(struct http_files *files, const char *full, const char *path, off_t size, struct error_detail *err)
{
    if (files->count == FILES_MAX) {
        error_set(err, "too_many_files", "%s: more than %d files", full, FILES_MAX);
        return STATUS_OVERFLOW;
    }
    if (size > FILE_MAX_BYTES || files->total_bytes + (size_t)size > TOTAL_MAX_BYTES) {
        error_set(err, "files_too_large", "%s: the screens exceed %d bytes a file or %d in all", full, FILE_MAX_BYTES,
                  TOTAL_MAX_BYTES);
        return STATUS_OVERFLOW;
    }
    struct file *file = &files->files[files->count++];
    *file = (struct file){.full = strdup(full), .path = strdup(path), .type = type_of(path)};
    files->total_bytes += (size_t)size;
    if (file->full == NULL || file->path == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    if (access(full, R_OK) != 0) {
        error_set(err, "cannot_open", "%s: %s", full, strerror(errno));
        return STATUS_IO;
    }
    return STATUS_OK;
}

static void
read_file(struct file *file)
{
    char digest[SHA256_TEXT_SIZE];
    struct error_detail err;
    buffer_init(&file->bytes, FILE_MAX_BYTES);
    if (buffer_read_file(&file->bytes, file->full, &err) == STATUS_OK) {
        sha256_text(digest, buffer_text(&file->bytes), file->bytes.length);
        snprintf(file->etag, sizeof file->etag, "\"%s\"", digest);
        file->is_read = true;
    }
}

static void *
read_files(void *context)
{
    struct http_files *files = context;
    for (size_t i = 0; i < files->count; i++) {
        read_file(&files->files[i]);
    }
    pthread_mutex_lock(&files->reading->lock);
    files->reading->has_ended = true;
    pthread_cond_broadcast(&files->reading->ended);
    pthread_mutex_unlock(&files->reading->lock);
    return NULL;
}

static void
wait_until_read(struct reading *reading)
{
    pthread_mutex_lock(&reading->lock);
    while (!reading->has_ended) {
        pthread_cond_wait(&reading->ended, &reading->lock);
    }
    pthread_mutex_unlock(&reading->lock);
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
    return S_ISREG(information.st_mode) && type_of(path) != NULL
               ? note_file(files, full, path, information.st_size, err)
               : STATUS_OK;
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
    files->reading = calloc(1, sizeof *files->reading);
    if (files->reading == NULL) {
        free(files);
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    pthread_mutex_init(&files->reading->lock, NULL);
    pthread_cond_init(&files->reading->ended, NULL);
    enum status status = load_folder(files, folder, "", 0, err);
    if (status != STATUS_OK) {
        http_files_destroy(files);
        return status;
    }
    files->reading->has_thread = pthread_create(&files->reading->thread, NULL, read_files, files) == 0;
    if (!files->reading->has_thread) {
        read_files(files); /* then the program waits for it */
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
    if (files->reading->has_thread) {
        pthread_join(files->reading->thread, NULL);
    }
    pthread_mutex_destroy(&files->reading->lock);
    pthread_cond_destroy(&files->reading->ended);
    free(files->reading);
    for (size_t i = 0; i < files->count; i++) {
        free(files->files[i].full);
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
    wait_until_read(files->reading);
    struct error_detail err;
    for (size_t i = 0; i < files->count; i++) {
        const struct file *file = &files->files[i];
        if (strcmp(file->path, path) != 0) {
            continue;
        }
        if (!file->is_read) {
            error_set(&err, "cannot_read", "the file %s could not be read when the program started", path);
            http_respond_error(request, STATUS_IO, &err);
            return;
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
    error_set(&err, "no_such_file", "there is no file %s", path);
    http_respond_error(request, STATUS_NOT_FOUND, &err);
}
