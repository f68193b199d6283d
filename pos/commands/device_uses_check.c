/* A configuration that cannot work is refused before anything is listed or tried: "absent" would send people to look
 * for a cable. */
#include "pos/commands/device_uses.h"

#include "common/signing/signing.h"
#include "drivers/code_stream/device_match.h"
#include "pos/commands/device_transport.h"
#include "pos/commands/settings.h"

#include <string.h>
#include <sys/stat.h>

enum { WORDS_MAX = 6 };

static const struct choice {
    const char *section;
    const char *name;
    const char *words[WORDS_MAX];
} choices[] = {
    {"printer", "kind", {"simulated", "escpos"}},
    {"printer", "connection", {"usb", "serial", "tcp"}},
    {"cash_drawer", "kind", {"none", "printer", "serial"}},
    {"scanner", "kind", {"with-printer", "none", "simulated", "hid-pos", "keyboard", "serial"}},
    {"line_display", "kind", {"none", "simulated", "escpos"}},
    {"card_reader", "kind", {"with-printer", "none", "simulated", "pcsc", "rc-s380"}},
    {"payment_terminal", "kind", {"none", "simulated", "json", "zvt"}},
};

static enum status
check_choices(const struct config *config, struct error_detail *err)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < sizeof choices / sizeof choices[0]; i++) {
        const struct choice *choice = &choices[i];
        size_t count = 0, found = 0;
        while (count < WORDS_MAX && choice->words[count] != NULL) {
            count++;
        }
        status = config_choose(config, choice->section, choice->name, choice->words, count, &found, err);
    }
    return status;
}

/* A port that is not there now may come; one that is a file, a folder or a disk never will be a port. */
static enum status
check_port(const struct config *config, const char *section, const char *name, struct error_detail *err)
{
    struct stat seen;
    const char *path = config_text(config, section, name);
    if (path[0] == '\0' || stat(path, &seen) != 0 || S_ISCHR(seen.st_mode)) {
        return STATUS_OK;
    }
    return config_reject(config, section, name, err,
                         "= %s is no serial port; name its device, like /dev/serial/by-id/usb-…", path);
}

static bool
is_kind(const struct config *config, const char *section, const char *kind)
{
    return strcmp(config_text(config, section, "kind"), kind) == 0;
}

static enum status
check_scanner(const struct config *config, struct error_detail *err)
{
    struct device_match match;
    const bool is_keyboard = is_kind(config, "scanner", "keyboard");
    const char *device = config_text(config, "scanner", "device");
    if (is_kind(config, "scanner", "serial")) {
        return check_port(config, "scanner", "port", err);
    }
    if (is_keyboard && device[0] == '\0') {
        return config_reject(config, "scanner", "device", err,
                             "is missing: without it the clerk's own keyboard could be taken for the scanner");
    }
    if ((is_keyboard || is_kind(config, "scanner", "hid-pos")) && device_match_read(&match, device, err) != STATUS_OK) {
        return config_reject(config, "scanner", "device", err,
                             "= %s is no USB number like 0c2e:0b61 and no part of a device's name", device);
    }
    return STATUS_OK;
}

static enum status
check_ports(const struct config *config, struct error_detail *err)
{
    static const char *const connected[] = {"printer", "line_display"};
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < sizeof connected / sizeof connected[0]; i++) {
        const bool is_serial = is_kind(config, connected[i], "escpos") &&
                               strcmp(config_text(config, connected[i], "connection"), "serial") == 0;
        status = is_serial ? check_port(config, connected[i], "device", err) : STATUS_OK;
    }
    if (status == STATUS_OK && is_kind(config, "cash_drawer", "serial")) {
        status = check_port(config, "cash_drawer", "device", err);
    }
    if (status == STATUS_OK && is_kind(config, "payment_terminal", "zvt")) {
        status = check_port(config, "payment_terminal", "device", err);
    }
    return status;
}

static enum status
check_password(const struct config *config, struct error_detail *err)
{
    char password[SECRET_SIZE];
    const char *path = config_text(config, "payment_terminal", "password_file");
    if (!is_kind(config, "payment_terminal", "zvt") || path[0] == '\0') {
        return STATUS_OK;
    }
    enum status status = secret_load(password, path, err);
    secret_wipe(password, sizeof password);
    return status;
}

enum status
device_uses_check(const struct config *config, struct error_detail *err)
{
    enum status status = check_choices(config, err);
    if (status == STATUS_OK) {
        status = check_scanner(config, err);
    }
    if (status == STATUS_OK) {
        status = check_ports(config, err);
    }
    return status == STATUS_OK ? check_password(config, err) : status;
}
