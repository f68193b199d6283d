/* The keys of the configuration file. */
#include "pos/commands/settings.h"

#include "common/bytes/buffer.h"
#include "common/signing/signing.h"

#include <stdio.h>
#include <string.h>

static const struct config_key keys[] = {
    {"till", "database", CONFIG_PATH, NULL, 0, 0, "the till's database file; holds the journal"},
    {"till", "key_file", CONFIG_PATH, NULL, 0, 0, "the till's signing key, made by `enrol`, mode 0600"},
    {"till", "port", CONFIG_INTEGER, "8080", 0, 65535, "port of the clerk's screen on 127.0.0.1; 0: any free one"},
    {"till", "screen_folder", CONFIG_PATH, MADOGUCHI_SHARE_FOLDER "/till", 0, 0, "folder of the screen's files"},
    {"settlement", "url", CONFIG_TEXT, NULL, 1, 200, "address of the settlement service, without a trailing slash"},
    {"settlement", "upload_interval_ms", CONFIG_INTEGER, "500", 50, 600000, "pause between looks for unsent lines, ms"},
    {"qr_gateway", "url", CONFIG_TEXT, "", 0, 200, "address of the QR gateway; empty: no code payments"},
    {"qr_gateway", "secret_file", CONFIG_PATH, "qr-gateway.secret", 0, 0, "file with the merchant's secret, mode 0600"},
    {"qr_gateway", "timeout_ms", CONFIG_INTEGER, "30000", 500, 120000, "how long to wait for a charge's answer, ms"},
    {"payment_terminal", "kind", CONFIG_TEXT, "none", 1, 20, "none, simulated, or json (JSON over TCP)"},
    {"payment_terminal", "host", CONFIG_TEXT, "127.0.0.1", 1, 100, "address of the terminal (json)"},
    {"payment_terminal", "port", CONFIG_INTEGER, "8120", 1, 65535, "port of the terminal (json)"},
    {"payment_terminal", "poi_id", CONFIG_TEXT, "POI-1", 1, 32, "the terminal's id (json)"},
    {"payment_terminal", "timeout_ms", CONFIG_INTEGER, "60000", 500, 300000, "how long to wait for a card, ms"},
    {"payment", "inquiry_interval_ms", CONFIG_INTEGER, "3000", 50, 60000,
     "pause between inquiries of open payments, ms"},
    {"payment", "brand_adapters", CONFIG_TEXT, "", 0, 1000,
     "which brand goes by which adapter, \"paypay=paypay wechat_pay=wechat_pay\"; the others by the first set up"},
    {"payment", "presented_adapters", CONFIG_TEXT, "", 0, 1000,
     "whose code the citizen scans, and who makes it, \"paypay=paypay\"; empty: no such payments"},
    {"payment", "timing_file", CONFIG_PATH, "", 0, 1000,
     "file of the networks' rhythms, in place of the built-in ones (docs/protocol/adapters.md)"},
    {"printer", "kind", CONFIG_TEXT, "simulated", 1, 20, "simulated, or escpos-tcp"},
    {"printer", "host", CONFIG_TEXT, "127.0.0.1", 1, 100, "address of the printer (escpos-tcp)"},
    {"printer", "port", CONFIG_INTEGER, "9100", 1, 65535, "port of the printer (escpos-tcp)"},
    {"line_display", "kind", CONFIG_TEXT, "none", 1, 20, "none, simulated, or escpos-serial"},
    {"line_display", "port", CONFIG_TEXT, "/dev/ttyUSB0", 1, 200, "serial port of the display (escpos-serial)"},
    {"line_display", "baud", CONFIG_INTEGER, "9600", 1200, 115200, "speed of the port (escpos-serial)"},
    {"line_display", "characters", CONFIG_TEXT, "katakana", 1, 20, "katakana, or cp932 for a display with kanji"},
    {"scanner", "kind", CONFIG_TEXT, "with-printer", 1, 20,
     "with-printer (simulated beside a simulated printer, else none), none, simulated, hid-pos, keyboard, or serial"},
    {"scanner", "device", CONFIG_TEXT, "", 0, 127,
     "vendor:product (0c2e:0b61) or name; hid-pos: empty takes the first; keyboard: required"},
    {"scanner", "layout", CONFIG_TEXT, "us", 1, 20, "keyboard that the scanner pretends to be: us or jp (keyboard)"},
    {"scanner", "port", CONFIG_TEXT, "/dev/ttyACM0", 1, 200, "serial port of the scanner (serial)"},
    {"scanner", "baud", CONFIG_INTEGER, "9600", 1200, 115200, "speed of the port (serial)"},
    {"scanner", "prefix", CONFIG_TEXT, "", 0, 64, "what codes begin with: text, \\r \\n \\t \\x02 (keyboard, serial)"},
    {"scanner", "suffix", CONFIG_TEXT, "\\r", 0, 64, "what codes end with (keyboard, serial)"},
    {"printer", "columns", CONFIG_INTEGER, "48", 32, 48, "half-width characters per line: 32, 42 or 48"},
};

enum status
settings_load(struct config **out, const char *path, struct error_detail *err)
{
    return config_load(out, path, keys, sizeof keys / sizeof keys[0], err);
}

void
settings_print_reference(void)
{
    config_print_reference(keys, sizeof keys / sizeof keys[0]);
}

enum status
secret_load(char out[SECRET_SIZE], const char *path, struct error_detail *err)
{
    struct buffer text;
    buffer_init(&text, SECRET_SIZE);
    enum status status = file_check_private(path, err);
    if (status == STATUS_OK) {
        status = buffer_read_file(&text, path, err);
    }
    if (status == STATUS_OK) {
        size_t length = strcspn(buffer_text(&text), "\r\n");
        snprintf(out, SECRET_SIZE, "%.*s", (int)length, buffer_text(&text));
        if (length == 0) {
            error_set(err, "secret_is_empty", "%s: the secret is empty", path);
            status = STATUS_INVALID;
        }
    }
    if (text.data != NULL) {
        secret_wipe(text.data, text.length);
    }
    buffer_finish(&text);
    return status;
}
