/* The locks: a file beside the database, and a name that only one process of this computer can have. */
#include "pos/commands/exclusive.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { LOCK_PATH_SIZE = 4096 };

/* Beside the database and not the database itself: closing any descriptor of a file gives up all locks that SQLite has
 * on it. The file stays when the program ends; removing it would let two programs lock two files. */
enum status
exclusive_hold_database(struct exclusive *out, const char *path, struct error_detail *err)
{
    char lock[LOCK_PATH_SIZE];
    *out = (struct exclusive){.database = -1, .drawer = -1};
    int length = snprintf(lock, sizeof lock, "%s-lock", path);
    if (length < 0 || length >= LOCK_PATH_SIZE) {
        error_set(err, "config_value", "[till] database is too long a path");
        return STATUS_INVALID;
    }
    int descriptor = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0) {
        error_set(err, "cannot_lock", "%s: %s", lock, strerror(errno));
        return STATUS_IO;
    }
    if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        bool is_held = errno == EWOULDBLOCK;
        if (is_held) {
            error_set(err, "till_is_running",
                      "このレジはもう動いています(%s)。開いているレジの画面を使ってください。見つからないときは、"
                      "端末を再起動してください。",
                      path);
        } else {
            error_set(err, "cannot_lock", "%s: %s", lock, strerror(errno));
        }
        close(descriptor);
        return is_held ? STATUS_BUSY : STATUS_IO;
    }
    out->database = descriptor;
    return STATUS_OK;
}

/* How this computer reaches the drawer; "" when it is simulated or there is none. It hangs on the printer, or on a
 * port. */
static void
drawer_address(const struct config *config, char *out, size_t size)
{
    const char *kind = config_text(config, "cash_drawer", "kind");
    const char *connection = config_text(config, "printer", "connection");
    out[0] = '\0';
    if (strcmp(kind, "serial") == 0) {
        snprintf(out, size, "%s", config_text(config, "cash_drawer", "device"));
        return;
    }
    if (strcmp(config_text(config, "printer", "kind"), "escpos") != 0 || strcmp(kind, "none") == 0) {
        return;
    }
    if (strcmp(connection, "tcp") == 0) {
        snprintf(out, size, "%s:%lld", config_text(config, "printer", "host"),
                 (long long)config_integer(config, "printer", "port"));
    } else if (strcmp(connection, "serial") == 0) {
        snprintf(out, size, "%s", config_text(config, "printer", "device"));
    } else {
        snprintf(out, size, "usb:%s:%s", config_text(config, "printer", "usb"),
                 config_text(config, "printer", "usb_serial_number"));
    }
}

/* A socket's abstract name is free again the moment its process is gone, and needs no folder that all users may write.
 */
static enum status
hold_drawer(struct exclusive *out, const char *address, struct error_detail *err)
{
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    int length = snprintf(name.sun_path + 1, sizeof name.sun_path - 1, "madoguchi-drawer/%s", address);
    size_t used = length < 0 || (size_t)length >= sizeof name.sun_path - 1 ? sizeof name.sun_path - 1 : (size_t)length;
    int descriptor = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0 || bind(descriptor, (const struct sockaddr *)&name,
                               (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + used)) != 0) {
        bool is_held = descriptor >= 0 && errno == EADDRINUSE;
        if (is_held) {
            error_set(
                err, "drawer_is_in_use",
                "この引き出し(%s)は、この端末の別のレジが使っています。一つの引き出しは一つのレジで使ってください。"
                "管理者に連絡してください。",
                address);
        } else {
            error_set(err, "cannot_lock", "the drawer at %s: %s", address, strerror(errno));
        }
        if (descriptor >= 0) {
            close(descriptor);
        }
        return is_held ? STATUS_BUSY : STATUS_IO;
    }
    out->drawer = descriptor;
    return STATUS_OK;
}

enum status
exclusive_hold(struct exclusive *out, const struct config *config, struct error_detail *err)
{
    char address[LOCK_PATH_SIZE];
    enum status status = exclusive_hold_database(out, config_text(config, "till", "database"), err);
    drawer_address(config, address, sizeof address);
    return status == STATUS_OK && address[0] != '\0' ? hold_drawer(out, address, err) : status;
}

void
exclusive_release(struct exclusive *held)
{
    if (held->drawer >= 0) {
        close(held->drawer);
    }
    if (held->database >= 0) {
        close(held->database);
    }
    *held = (struct exclusive){.database = -1, .drawer = -1};
}
