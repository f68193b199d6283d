/* The losing VFS. A file's `durable` bytes are a copy made at its last sync; at the cut they are mixed, sector by
 * sector, with what the file holds now. */
#include "losing_vfs.h"

#include <assert.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SECTOR_BYTES = 512, FILES_MAX = 16, PATH_SIZE = 512 };

struct known_file {
    char path[PATH_SIZE];
    unsigned char *durable;
    long durable_size;
    int is_deleted; /* and the folder was not synced since */
};

struct handle {
    sqlite3_file base;
    struct known_file *file; /* NULL for temporary files and shared memory */
    sqlite3_file *real;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct known_file files[FILES_MAX];
static sqlite3_vfs *system_vfs;
static sqlite3_vfs losing;
static uint64_t random_state;
static long operations_left = -1;
static int is_dead;

static unsigned
toss(unsigned sides)
{
    random_state = random_state * 6364136223846793005ULL + 1442695040888963407ULL;
    return (unsigned)(random_state >> 33) % sides;
}

/* Counts an operation; true from the moment the power is gone. Under the lock. */
static int
tick(void)
{
    if (!is_dead && operations_left >= 0 && operations_left-- == 0) {
        is_dead = 1;
    }
    return is_dead;
}

static struct known_file *
find_file(const char *path)
{
    for (int i = 0; i < FILES_MAX; i++) {
        if (strcmp(files[i].path, path) == 0) {
            return &files[i];
        }
    }
    for (int i = 0; i < FILES_MAX; i++) {
        if (files[i].path[0] == '\0') {
            snprintf(files[i].path, PATH_SIZE, "%s", path);
            return &files[i];
        }
    }
    abort();
}

static unsigned char *
read_whole(const char *path, long *out_size)
{
    FILE *stream = fopen(path, "rb");
    *out_size = 0;
    if (stream == NULL) {
        return NULL;
    }
    fseek(stream, 0, SEEK_END);
    long size = ftell(stream);
    rewind(stream);
    unsigned char *bytes = malloc((size_t)size + 1);
    assert(bytes != NULL);
    size_t count = fread(bytes, 1, (size_t)size, stream);
    assert(count == (size_t)size);
    fclose(stream);
    *out_size = size;
    return bytes;
}

static void
forget(struct known_file *file)
{
    free(file->durable);
    file->durable = NULL;
    file->durable_size = 0;
    file->is_deleted = 0;
}

static void
remember(struct known_file *file)
{
    free(file->durable);
    file->durable = read_whole(file->path, &file->durable_size);
    file->is_deleted = 0;
}

/* A journalling file system (ext4) commits its metadata with every sync: deletions before it are durable then. */
static void
settle_deletions(void)
{
    for (int i = 0; i < FILES_MAX; i++) {
        if (files[i].is_deleted) {
            forget(&files[i]);
        }
    }
}

/* ---- methods of an open file ---- */

static struct handle *
handle_of(sqlite3_file *file)
{
    return (struct handle *)(void *)file;
}

static int
file_close(sqlite3_file *file)
{
    struct handle *handle = handle_of(file);
    int code = SQLITE_OK;
    if (handle->real != NULL && handle->real->pMethods != NULL) {
        code = handle->real->pMethods->xClose(handle->real);
    }
    sqlite3_free(handle->real);
    handle->real = NULL;
    return code;
}

static int
file_read(sqlite3_file *file, void *out, int count, sqlite3_int64 offset)
{
    sqlite3_file *real = handle_of(file)->real;
    return real->pMethods->xRead(real, out, count, offset);
}

static int
file_write(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 offset)
{
    sqlite3_file *real = handle_of(file)->real;
    pthread_mutex_lock(&lock);
    int was_dead = is_dead;
    int died_now = !was_dead && tick();
    int length = died_now ? (int)toss((unsigned)count + 1) : count;
    pthread_mutex_unlock(&lock);
    if (was_dead) {
        return SQLITE_IOERR_WRITE;
    }
    int code = length > 0 ? real->pMethods->xWrite(real, bytes, length, offset) : SQLITE_OK;
    return died_now ? SQLITE_IOERR_WRITE : code;
}

static int
file_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    sqlite3_file *real = handle_of(file)->real;
    pthread_mutex_lock(&lock);
    int dead = tick();
    pthread_mutex_unlock(&lock);
    return dead ? SQLITE_IOERR_TRUNCATE : real->pMethods->xTruncate(real, size);
}

static int
file_sync(sqlite3_file *file, int flags)
{
    (void)flags; /* the real sync is not needed: what is durable is what we remember */
    struct handle *handle = handle_of(file);
    pthread_mutex_lock(&lock);
    int dead = tick();
    if (!dead && handle->file != NULL) {
        remember(handle->file);
        settle_deletions();
    }
    pthread_mutex_unlock(&lock);
    return dead ? SQLITE_IOERR_FSYNC : SQLITE_OK;
}

static int
file_size(sqlite3_file *file, sqlite3_int64 *out)
{
    sqlite3_file *real = handle_of(file)->real;
    return real->pMethods->xFileSize(real, out);
}

static int
file_lock(sqlite3_file *file, int level)
{
    sqlite3_file *real = handle_of(file)->real;
    return real->pMethods->xLock(real, level);
}

static int
file_unlock(sqlite3_file *file, int level)
{
    sqlite3_file *real = handle_of(file)->real;
    return real->pMethods->xUnlock(real, level);
}

static int
file_check_reserved(sqlite3_file *file, int *out)
{
    sqlite3_file *real = handle_of(file)->real;
    return real->pMethods->xCheckReservedLock(real, out);
}

static int
file_control(sqlite3_file *file, int what, void *argument)
{
    sqlite3_file *real = handle_of(file)->real;
    return real->pMethods->xFileControl(real, what, argument);
}

static int
file_sector_size(sqlite3_file *file)
{
    (void)file;
    return SECTOR_BYTES;
}

static int
file_characteristics(sqlite3_file *file)
{
    (void)file;
    return 0; /* no promise of atomic or ordered writes */
}

static int
file_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **out)
{
    sqlite3_file *real = handle_of(file)->real;
    return real->pMethods->xShmMap(real, page, size, extend, out);
}

static int
file_shm_lock(sqlite3_file *file, int offset, int count, int flags)
{
    sqlite3_file *real = handle_of(file)->real;
    return real->pMethods->xShmLock(real, offset, count, flags);
}

static void
file_shm_barrier(sqlite3_file *file)
{
    sqlite3_file *real = handle_of(file)->real;
    real->pMethods->xShmBarrier(real);
}

static int
file_shm_unmap(sqlite3_file *file, int delete_flag)
{
    sqlite3_file *real = handle_of(file)->real;
    return real->pMethods->xShmUnmap(real, delete_flag);
}

static const sqlite3_io_methods methods = {
    .iVersion = 2, /* no memory mapping: every byte passes through here */
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_check_reserved,
    .xFileControl = file_control,
    .xSectorSize = file_sector_size,
    .xDeviceCharacteristics = file_characteristics,
    .xShmMap = file_shm_map,
    .xShmLock = file_shm_lock,
    .xShmBarrier = file_shm_barrier,
    .xShmUnmap = file_shm_unmap,
};

/* ---- methods of the VFS ---- */

static int
vfs_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out_flags)
{
    (void)vfs;
    struct handle *handle = handle_of(file);
    memset(handle, 0, sizeof *handle);
    handle->real = sqlite3_malloc(system_vfs->szOsFile);
    if (handle->real == NULL) {
        return SQLITE_NOMEM;
    }
    memset(handle->real, 0, (size_t)system_vfs->szOsFile);
    int code = system_vfs->xOpen(system_vfs, name, handle->real, flags, out_flags);
    if (code != SQLITE_OK) {
        sqlite3_free(handle->real);
        handle->real = NULL;
        return code;
    }
    pthread_mutex_lock(&lock);
    handle->file = name != NULL ? find_file(name) : NULL;
    if (handle->file != NULL && handle->file->is_deleted) {
        forget(handle->file); /* a new file under the old name: nothing of the old one can come back inside it */
    }
    pthread_mutex_unlock(&lock);
    handle->base.pMethods = &methods;
    return SQLITE_OK;
}

static int
vfs_delete(sqlite3_vfs *vfs, const char *name, int sync_folder)
{
    (void)vfs;
    pthread_mutex_lock(&lock);
    int dead = tick();
    if (!dead) {
        struct known_file *file = find_file(name);
        file->is_deleted = !sync_folder;
        if (sync_folder) {
            forget(file);
        }
    }
    pthread_mutex_unlock(&lock);
    return dead ? SQLITE_IOERR_DELETE : system_vfs->xDelete(system_vfs, name, sync_folder);
}

void
losing_vfs_register(void)
{
    system_vfs = sqlite3_vfs_find(NULL);
    losing = *system_vfs;
    losing.szOsFile = (int)sizeof(struct handle);
    losing.zName = LOSING_VFS_NAME;
    losing.pNext = NULL;
    losing.xOpen = vfs_open;
    losing.xDelete = vfs_delete;
    int code = sqlite3_vfs_register(&losing, 0);
    assert(code == SQLITE_OK);
    (void)code;
}

void
losing_vfs_reset(uint64_t seed)
{
    pthread_mutex_lock(&lock);
    for (int i = 0; i < FILES_MAX; i++) {
        free(files[i].durable);
    }
    memset(files, 0, sizeof files);
    random_state = seed * 2 + 1;
    operations_left = -1;
    is_dead = 0;
    pthread_mutex_unlock(&lock);
}

void
losing_vfs_arm(unsigned operations)
{
    pthread_mutex_lock(&lock);
    operations_left = (long)operations;
    pthread_mutex_unlock(&lock);
}

int
losing_vfs_is_dead(void)
{
    pthread_mutex_lock(&lock);
    int dead = is_dead;
    pthread_mutex_unlock(&lock);
    return dead;
}

static void
write_whole(const char *path, const unsigned char *bytes, long size)
{
    FILE *stream = fopen(path, "wb");
    assert(stream != NULL);
    size_t count = fwrite(bytes, 1, (size_t)size, stream);
    assert(count == (size_t)size);
    fclose(stream);
}

/* Each sector is the synced one or the present one; the length likewise. */
static void
cut_file(struct known_file *file)
{
    long now_size;
    unsigned char *now = read_whole(file->path, &now_size);
    if (now == NULL && (!file->is_deleted || toss(2) == 0)) {
        return; /* gone, and durably so */
    }
    long size = toss(2) == 0 ? file->durable_size : now_size;
    unsigned char *mixed = calloc(1, (size_t)size + 1);
    assert(mixed != NULL);
    for (long at = 0; at < size; at += SECTOR_BYTES) {
        int takes_now = toss(2) == 0;
        const unsigned char *source = takes_now ? now : file->durable;
        long source_size = takes_now ? now_size : file->durable_size;
        for (long i = at; i < at + SECTOR_BYTES && i < size && i < source_size && source != NULL; i++) {
            mixed[i] = source[i];
        }
    }
    write_whole(file->path, mixed, size);
    free(mixed);
    free(now);
}

void
losing_vfs_cut(void)
{
    pthread_mutex_lock(&lock);
    for (int i = 0; i < FILES_MAX; i++) {
        char shared_memory[PATH_SIZE + 8];
        if (files[i].path[0] != '\0') {
            cut_file(&files[i]);
            snprintf(shared_memory, sizeof shared_memory, "%s-shm", files[i].path);
            unlink(shared_memory); /* never on the disk */
        }
    }
    is_dead = 0;
    operations_left = -1;
    pthread_mutex_unlock(&lock);
}
