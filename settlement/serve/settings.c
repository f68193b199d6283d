/* The keys, with their ranges. */
#include "settlement/serve/settings.h"

static const struct config_key keys[] = {
    {.section = "listen",
     .name = "address",
     .kind = CONFIG_TEXT,
     .fallback = "127.0.0.1",
     .help = "IPv4 address to listen on; beyond loopback (127.x.x.x) only with certificate_file and key_file"},
    {.section = "listen",
     .name = "port",
     .kind = CONFIG_INTEGER,
     .fallback = "8470",
     .minimum = 0,
     .maximum = 65535,
     .help = "TCP port; 0 takes any free one and logs it"},
    {.section = "listen",
     .name = "connections",
     .kind = CONFIG_INTEGER,
     .fallback = "256",
     .minimum = 8,
     .maximum = 4096,
     .help = "connections at once"},
    {.section = "listen",
     .name = "connections_per_address",
     .kind = CONFIG_INTEGER,
     .fallback = "0",
     .minimum = 0,
     .maximum = 4096,
     .help = "of them from one address; 0 sets no such limit, which is right behind a proxy and where tills share one"},
    {.section = "listen",
     .name = "patience_seconds",
     .kind = CONFIG_INTEGER,
     .fallback = "20",
     .minimum = 1,
     .maximum = 600,
     .help = "within which a client must ask; its body must come, and the answer be fetched, at 16 KiB a second"},
    {.section = "listen",
     .name = "certificate_file",
     .kind = CONFIG_PATH,
     .fallback = "",
     .minimum = 0,
     .maximum = 1024,
     .help =
         "PEM: the server's certificate, then those between it and the root; with key_file, HTTPS is spoken. Both are "
         "read again on SIGHUP"},
    {.section = "listen",
     .name = "key_file",
     .kind = CONFIG_PATH,
     .fallback = "",
     .minimum = 0,
     .maximum = 1024,
     .help = "PEM: the certificate's private key, without a password, of mode 0600"},
    {.section = "listen",
     .name = "workers",
     .kind = CONFIG_INTEGER,
     .fallback = "4",
     .minimum = 1,
     .maximum = 64,
     .help = "threads that check uploads and answer screens"},
    {.section = "listen",
     .name = "stop_seconds",
     .kind = CONFIG_INTEGER,
     .fallback = "60",
     .minimum = 1,
     .maximum = 3600,
     .help = "how long a stop waits for what runs, s; nothing that was acknowledged is lost by ending then"},
    {.section = "log",
     .name = "format",
     .kind = CONFIG_TEXT,
     .fallback = "text",
     .help = "text, or json: one object a line"},
    {.section = "log",
     .name = "requests",
     .kind = CONFIG_TEXT,
     .fallback = "failures",
     .help = "which requests are logged: none, failures (answered 400 or more), or all"},
    {.section = "metrics",
     .name = "token_file",
     .kind = CONFIG_PATH,
     .fallback = "",
     .minimum = 0,
     .maximum = 1024,
     .help =
         "file of mode 0600 with the token of 16 to 128 letters that GET /metrics needs; empty: this computer only"},
    {.section = "ready",
     .name = "ledger_lag_seconds",
     .kind = CONFIG_INTEGER,
     .fallback = "600",
     .minimum = 1,
     .maximum = 1000000,
     .help = "GET /readyz says no when stored lines have waited longer for the ledger, s"},
    {.section = "ready",
     .name = "disk_free_mib",
     .kind = CONFIG_INTEGER,
     .fallback = "500",
     .minimum = 0,
     .maximum = 1000000000,
     .help = "GET /readyz says no when less is free where the database lies, MiB"},
    {.section = "store",
     .name = "database",
     .kind = CONFIG_PATH,
     .fallback = NULL,
     .help = "the SQLite file; created when absent"},
    {.section = "nightly",
     .name = "at",
     .kind = CONFIG_TEXT,
     .fallback = "",
     .minimum = 0,
     .maximum = 5,
     .help = "HH:MM in Japan, e.g. 03:30: match, draft 調定, copy the database, audit the copy; what was missed is "
             "done at the next "
             "start. Empty: never"},
    {.section = "nightly",
     .name = "backup_folder",
     .kind = CONFIG_PATH,
     .fallback = "",
     .minimum = 0,
     .maximum = 1024,
     .help = "where the copies go, best on another disk; empty: none is made, and the live books are audited"},
    {.section = "nightly",
     .name = "copies",
     .kind = CONFIG_INTEGER,
     .fallback = "35",
     .minimum = 1,
     .maximum = 3660,
     .help = "copies that are kept; older ones go after the newest was audited without a finding"},
    {.section = "masters",
     .name = "key_file",
     .kind = CONFIG_PATH,
     .fallback = "",
     .minimum = 0,
     .maximum = 1024,
     .help =
         "the key that signs masters, mode 0600, made at the first start; empty: DATABASE.masters-key. Keep a copy"},
    {.section = "screens",
     .name = "share",
     .kind = CONFIG_PATH,
     .fallback = "",
     .minimum = 0,
     .maximum = 1024,
     .help = "folder of the finance screens' files; empty serves none"},
    {.section = "imports",
     .name = "layouts",
     .kind = CONFIG_PATH,
     .fallback = "",
     .minimum = 0,
     .maximum = 1024,
     .help = "folder of more statement layouts than those that are shipped; empty: none"},
};

enum status
settings_load(struct config **out, const char *path, struct error_detail *err)
{
    return config_load(out, path, keys, sizeof keys / sizeof keys[0], err);
}

enum status
settings_masters_key(struct buffer *out, const char *key_file, const char *database, struct error_detail *err)
{
    if (key_file[0] != '\0') {
        buffer_append_text(out, key_file);
    } else {
        buffer_printf(out, "%s.masters-key", database);
    }
    return buffer_check(out, err);
}

void
settings_print(void)
{
    config_print_reference(keys, sizeof keys / sizeof keys[0]);
}
