/* Configuration files, checked against a table of keys. */
#include "common/config/config.h"

#include "common/bytes/buffer.h"
#include "common/text/utf8.h"

#include <assert.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    FILE_MAX_BYTES = 256 * 1024, /* a configuration is read by people */
    TEXT_MAX_BYTES = 1024
};

struct config_value {
    char *text; /* NULL until set */
    int64_t integer;
    unsigned line;
};

struct config {
    const struct config_key *keys;
    size_t count;
    char *path;   /* of the file, as given */
    char *folder; /* of the file, without a trailing slash */
    struct config_value values[];
};

static size_t
find_key(const struct config *config, const char *section, const char *name)
{
    for (size_t i = 0; i < config->count; i++) {
        if (strcmp(config->keys[i].section, section) == 0 && strcmp(config->keys[i].name, name) == 0) {
            return i;
        }
    }
    return config->count;
}

/* Cut white space at both ends, in place. */
static char *
trim(char *text)
{
    while (*text == ' ' || *text == '\t') {
        text++;
    }
    size_t length = strlen(text);
    while (length > 0 && strchr(" \t\r", text[length - 1]) != NULL) {
        text[--length] = '\0';
    }
    return text;
}

static bool
parse_integer(const char *text, int64_t *out)
{
    char *end;
    if (*text == '\0') {
        return false;
    }
    size_t digits = strspn(text + (*text == '-' ? 1 : 0), "0123456789");
    if (digits == 0 || digits > 18) {
        return false;
    }
    long long value = strtoll(text, &end, 10);
    *out = value;
    return *end == '\0';
}

/* Why VALUE does not fit KEY, or NULL. */
static const char *
check_value(const struct config_key *key, const char *value, int64_t *out_integer, char *reason, size_t reason_size)
{
    switch (key->kind) {
    case CONFIG_INTEGER:
        if (!parse_integer(value, out_integer) || *out_integer < key->minimum || *out_integer > key->maximum) {
            snprintf(reason, reason_size, "must be a whole number from %lld to %lld", (long long)key->minimum,
                     (long long)key->maximum);
            return reason;
        }
        return NULL;
    case CONFIG_BOOLEAN:
        *out_integer = strcmp(value, "yes") == 0;
        return strcmp(value, "yes") == 0 || strcmp(value, "no") == 0 ? NULL : "must be yes or no";
    case CONFIG_TEXT:
    case CONFIG_PATH: {
        int64_t most = key->maximum > 0 ? key->maximum : TEXT_MAX_BYTES;
        int64_t least = key->maximum > 0 ? key->minimum : 1;
        int64_t length = (int64_t)strlen(value);
        if (length < least || length > most) {
            snprintf(reason, reason_size, "must be %lld to %lld bytes long", (long long)least, (long long)most);
            return reason;
        }
        return NULL;
    }
    }
    return "has an unknown kind";
}

static enum status
set_value(struct config *config, const char *path, size_t index, const char *value, unsigned line,
          struct error_detail *err)
{
    const struct config_key *key = &config->keys[index];
    struct config_value *slot = &config->values[index];
    char reason[120];
    const char *wrong = check_value(key, value, &slot->integer, reason, sizeof reason);
    if (wrong != NULL) {
        error_set_at(err, line, 1, "config_value", "%s:%u: %s %s", path, line, key->name, wrong);
        return STATUS_INVALID;
    }
    bool is_relative = key->kind == CONFIG_PATH && value[0] != '/' && value[0] != '\0';
    size_t size = strlen(value) + (is_relative ? strlen(config->folder) + 1 : 0) + 1;
    slot->text = malloc(size);
    if (slot->text == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    snprintf(slot->text, size, "%s%s%s", is_relative ? config->folder : "", is_relative ? "/" : "", value);
    slot->line = line;
    return STATUS_OK;
}

/* Where reading stands: which file, section and line. */
struct reading {
    struct config *config;
    const char *path;
    char section[64];
    unsigned line;
};

static enum status
read_line(struct reading *reading, char *text, struct error_detail *err)
{
    char *line = trim(text);
    if (*line == '\0' || *line == '#') {
        return STATUS_OK;
    }
    size_t length = strlen(line);
    if (*line == '[') {
        if (line[length - 1] != ']' || length - 2 >= sizeof reading->section) {
            error_set_at(err, reading->line, 1, "config_section", "%s:%u: a section is [name]", reading->path,
                         reading->line);
            return STATUS_INVALID;
        }
        snprintf(reading->section, sizeof reading->section, "%.*s", (int)(length - 2), line + 1);
        return STATUS_OK;
    }
    char *equals = strchr(line, '=');
    if (equals == NULL) {
        error_set_at(err, reading->line, 1, "config_line", "%s:%u: a line is \"key = value\", [section] or # comment",
                     reading->path, reading->line);
        return STATUS_INVALID;
    }
    *equals = '\0';
    const char *name = trim(line);
    size_t index = find_key(reading->config, reading->section, name);
    if (index == reading->config->count) {
        error_set_at(err, reading->line, 1, "config_unknown_key", "%s:%u: there is no key \"%s\" in [%s]",
                     reading->path, reading->line, name, reading->section);
        return STATUS_INVALID;
    }
    if (reading->config->values[index].text != NULL) {
        error_set_at(err, reading->line, 1, "config_twice", "%s:%u: \"%s\" already stands in line %u", reading->path,
                     reading->line, name, reading->config->values[index].line);
        return STATUS_INVALID;
    }
    return set_value(reading->config, reading->path, index, trim(equals + 1), reading->line, err);
}

static enum status
read_lines(struct reading *reading, char *text, struct error_detail *err)
{
    enum status status = STATUS_OK;
    while (status == STATUS_OK && text != NULL) {
        char *newline = strchr(text, '\n');
        if (newline != NULL) {
            *newline = '\0';
        }
        reading->line++;
        status = read_line(reading, text, err);
        text = newline != NULL ? newline + 1 : NULL;
    }
    return status;
}

/* The line of the first byte that is no text (not UTF-8, or a NUL); 0 when all is text. */
static unsigned
line_without_text(const char *text, size_t length)
{
    const char *end = text + length;
    unsigned line = 1;
    while (text < end) {
        const char *start = text;
        uint32_t code_point = utf8_next(&text, end);
        if (code_point == '\0' || (code_point == UTF8_REPLACEMENT && text - start == 1)) {
            return line;
        }
        line += code_point == '\n' ? 1 : 0;
    }
    return 0;
}

static enum status
fill_fallbacks(struct config *config, const char *path, struct error_detail *err)
{
    for (size_t i = 0; i < config->count; i++) {
        if (config->values[i].text != NULL) {
            continue;
        }
        if (config->keys[i].fallback == NULL) {
            error_set(err, "config_missing", "%s: \"%s\" is missing in [%s] (%s)", path, config->keys[i].name,
                      config->keys[i].section, config->keys[i].help);
            return STATUS_INVALID;
        }
        enum status status = set_value(config, path, i, config->keys[i].fallback, 0, err);
        if (status != STATUS_OK) {
            return status;
        }
    }
    return STATUS_OK;
}

static char *
folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    if (slash == NULL) {
        return strdup(".");
    }
    return slash == path ? strdup("") : strndup(path, (size_t)(slash - path));
}

enum status
config_load(struct config **out, const char *path, const struct config_key *keys, size_t count,
            struct error_detail *err)
{
    struct buffer text;
    buffer_init(&text, FILE_MAX_BYTES);
    struct config *config = calloc(1, sizeof *config + count * sizeof config->values[0]);
    enum status status = STATUS_NO_MEMORY;
    if (config == NULL) {
        error_set(err, "no_memory", "out of memory");
        goto out;
    }
    config->keys = keys;
    config->count = count;
    config->path = strdup(path);
    config->folder = folder_of(path);
    if (config->path == NULL || config->folder == NULL) {
        error_set(err, "no_memory", "out of memory");
        goto out;
    }
    status = buffer_read_file(&text, path, err);
    unsigned wrong_line = status == STATUS_OK ? line_without_text(buffer_text(&text), text.length) : 0;
    if (wrong_line > 0) {
        error_set_at(err, wrong_line, 1, "config_encoding", "%s:%u: the file is not UTF-8 text", path, wrong_line);
        status = STATUS_INVALID;
    }
    if (status == STATUS_OK && text.data != NULL) {
        struct reading reading = {.config = config, .path = path};
        status = read_lines(&reading, text.data, err);
    }
    if (status == STATUS_OK) {
        status = fill_fallbacks(config, path, err);
    }
out:
    buffer_finish(&text);
    if (status != STATUS_OK) {
        config_destroy(config);
        return status;
    }
    *out = config;
    return STATUS_OK;
}

void
config_destroy(struct config *config)
{
    if (config == NULL) {
        return;
    }
    for (size_t i = 0; i < config->count; i++) {
        free(config->values[i].text);
    }
    free(config->path);
    free(config->folder);
    free(config);
}

static const struct config_value *
value_of(const struct config *config, const char *section, const char *name)
{
    size_t index = find_key(config, section, name);
    assert(index < config->count);
    return &config->values[index];
}

const char *
config_text(const struct config *config, const char *section, const char *name)
{
    return value_of(config, section, name)->text;
}

int64_t
config_integer(const struct config *config, const char *section, const char *name)
{
    return value_of(config, section, name)->integer;
}

bool
config_boolean(const struct config *config, const char *section, const char *name)
{
    return value_of(config, section, name)->integer != 0;
}

enum status
config_reject(const struct config *config, const char *section, const char *name, struct error_detail *err,
              const char *format, ...)
{
    char reason[ERROR_MESSAGE_SIZE];
    char place[16] = "";
    const unsigned line = value_of(config, section, name)->line;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reason, sizeof reason, format, arguments);
    va_end(arguments);
    if (line > 0) {
        snprintf(place, sizeof place, "%u:", line);
    }
    error_set_at(err, line, line > 0 ? 1 : 0, "config_value", "%s:%s %s %s", config->path, place, name, reason);
    return STATUS_INVALID;
}

void
config_print_reference(const struct config_key *keys, size_t count)
{
    const char *section = "";
    for (size_t i = 0; i < count; i++) {
        if (strcmp(section, keys[i].section) != 0) {
            section = keys[i].section;
            printf("\n[%s]\n", section);
        }
        printf("# %s\n", keys[i].help);
        if (keys[i].fallback == NULL) {
            printf("%s = (required)\n", keys[i].name);
        } else {
            printf("%s = %s\n", keys[i].name, keys[i].fallback);
        }
    }
}
