/* `masters key`: the public key that tills know, or a new one. */
#include "common/bytes/encoding.h"
#include "settlement/commands/commands.h"
#include "settlement/commands/database.h"
#include "settlement/commands/exit_code.h"
#include "settlement/commands/options.h"
#include "settlement/masters/signature.h"
#include "settlement/serve/settings.h"

#include <stdio.h>

static enum status
show_key(const char *database, const char *key_file, bool is_new, struct error_detail *err)
{
    struct clock_source clock = clock_system();
    struct store *store = NULL;
    struct signing_key *key = NULL;
    struct buffer path;
    buffer_init(&path, 4096);
    enum status status = settings_masters_key(&path, key_file != NULL ? key_file : "", database, err);
    if (status == STATUS_OK) {
        status = existing_store_open(&store, database, err);
    }
    if (status == STATUS_OK) {
        status = (is_new ? masters_key_replace : masters_key_open)(&key, store, buffer_text(&path),
                                                                   clock_now_ms(&clock), err);
    }
    if (status == STATUS_OK) {
        uint8_t public_key[PUBLIC_KEY_SIZE];
        char text[2 * PUBLIC_KEY_SIZE + 1];
        signing_key_public(key, public_key);
        hex_encode(text, public_key, sizeof public_key);
        printf("%s\n", text);
    }
    signing_key_destroy(key);
    store_close(store);
    buffer_finish(&path);
    return status;
}

int
command_masters_key(int argc, char **argv)
{
    enum { DATABASE, KEY_FILE, REPLACE, COUNT };
    struct option options[COUNT] = {
        [DATABASE] = {"--database", "DB", "the service's database", .is_required = true},
        [KEY_FILE] = {"--key-file", "FILE", "as [masters] key_file of the configuration; left out: DB.masters-key"},
        [REPLACE] = {"--replace",
                     .help = "make a new key; every till must be enrolled anew, and the service restarted"},
    };
    int exit_code;
    if (!options_read_or_explain("masters key", options, COUNT, argc, argv, &exit_code)) {
        return exit_code;
    }
    struct error_detail err;
    enum status status =
        show_key(options[DATABASE].value, options[KEY_FILE].value, options[REPLACE].value != NULL, &err);
    return status == STATUS_OK ? EXIT_DONE : (int)exit_with(status, "masters key", &err);
}
