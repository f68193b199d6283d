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
    {"settlement", "ca_file", CONFIG_PATH, "", 0, 1000,
     "PEM of the root that the service's certificate comes from; empty: the system's roots (https)"},
    {"settlement", "upload_interval_ms", CONFIG_INTEGER, "500", 50, 600000, "pause between looks for unsent lines, ms"},
    {"qr_gateway", "url", CONFIG_TEXT, "", 0, 200, "address of the QR gateway; empty: no code payments"},
    {"qr_gateway", "secret_file", CONFIG_PATH, "qr-gateway.secret", 0, 0, "file with the merchant's secret, mode 0600"},
    {"qr_gateway", "timeout_ms", CONFIG_INTEGER, "30000", 500, 120000, "how long to wait for a charge's answer, ms"},
    {"wechat_pay", "url", CONFIG_TEXT, "", 0, 200, "https://apihk.mch.weixin.qq.com; empty: not used"},
    {"wechat_pay", "app_id", CONFIG_TEXT, "", 0, 32, "appid of the contract"},
    {"wechat_pay", "merchant_id", CONFIG_TEXT, "", 0, 32, "mch_id of the contract"},
    {"wechat_pay", "sub_app_id", CONFIG_TEXT, "", 0, 32, "sub_appid, where an institution holds the contract"},
    {"wechat_pay", "sub_merchant_id", CONFIG_TEXT, "", 0, 32, "sub_mch_id, where an institution holds the contract"},
    {"wechat_pay", "key_file", CONFIG_PATH, "wechat-pay.key", 0, 0, "file with the API key, mode 0600"},
    {"wechat_pay", "sign_type", CONFIG_TEXT, "HMAC-SHA256", 1, 20, "HMAC-SHA256, or MD5"},
    {"wechat_pay", "certificate_file", CONFIG_PATH, "wechat-pay.pem", 0, 0, "our certificate, to reverse and refund"},
    {"wechat_pay", "certificate_key_file", CONFIG_PATH, "wechat-pay-certificate.key", 0, 0, "its key, mode 0600"},
    {"wechat_pay", "ca_file", CONFIG_PATH, "", 0, 1000, "private root to believe; empty: the system's roots"},
    {"wechat_pay", "currency", CONFIG_TEXT, "JPY", 3, 3, "fee_type"},
    {"wechat_pay", "units_per_yen", CONFIG_INTEGER, "1", 1, 100, "how many units of an amount are a yen: 1 or 100"},
    {"wechat_pay", "description", CONFIG_TEXT, "窓口手数料", 1, 128, "what the payer reads"},
    {"wechat_pay", "address", CONFIG_TEXT, "127.0.0.1", 3, 45, "this computer's address, as the network wants to know"},
    {"wechat_pay", "timeout_ms", CONFIG_INTEGER, "20000", 500, 120000, "how long to wait for a payment's answer, ms"},
    {"alipay_plus", "url", CONFIG_TEXT, "", 0, 200, "https://open-sea-global.alipay.com; empty: not used"},
    {"alipay_plus", "path", CONFIG_TEXT, "/ams/api/v1/payments", 1, 100, "path before the calls' names"},
    {"alipay_plus", "client_id", CONFIG_TEXT, "", 0, 64, "Client-Id of the contract"},
    {"alipay_plus", "key_version", CONFIG_INTEGER, "1", 1, 1000, "version of our key at the network"},
    {"alipay_plus", "private_key_file", CONFIG_PATH, "alipay-plus.key", 0, 0, "our RSA key, PEM, mode 0600"},
    {"alipay_plus", "network_key_file", CONFIG_PATH, "alipay-plus-network.pem", 0, 0, "the network's public key, PEM"},
    {"alipay_plus", "ca_file", CONFIG_PATH, "", 0, 1000, "private root to believe; empty: the system's roots"},
    {"alipay_plus", "merchant_id", CONFIG_TEXT, "", 0, 64, "referenceMerchantId"},
    {"alipay_plus", "merchant_name", CONFIG_TEXT, "", 0, 128, "what the payer reads"},
    {"alipay_plus", "store_id", CONFIG_TEXT, "", 0, 64, "referenceStoreId"},
    {"alipay_plus", "category", CONFIG_TEXT, "9399", 4, 4, "merchant category code"},
    {"alipay_plus", "description", CONFIG_TEXT, "窓口手数料", 1, 128, "what is paid for"},
    {"alipay_plus", "currency", CONFIG_TEXT, "JPY", 3, 3, "currency of the amounts"},
    {"alipay_plus", "units_per_yen", CONFIG_INTEGER, "1", 1, 100, "how many units of an amount are a yen: 1 or 100"},
    {"alipay_plus", "timeout_ms", CONFIG_INTEGER, "20000", 500, 120000, "how long to wait for a payment's answer, ms"},
    {"aggregator", "url", CONFIG_TEXT, "", 0, 200, "address of the aggregator of codes; empty: none"},
    {"aggregator", "store", CONFIG_TEXT, "", 0, 64, "our store's id there"},
    {"aggregator", "credential_file", CONFIG_PATH, "aggregator.credential", 0, 0,
     "file with SECRET.TOKEN as it stands behind Bearer, mode 0600"},
    {"aggregator", "ca_file", CONFIG_PATH, "", 0, 1000, "PEM of a private root, in place of the system's"},
    {"aggregator", "timeout_ms", CONFIG_INTEGER, "30000", 500, 120000, "how long to wait for a charge's answer, ms"},
    {"paypay", "url", CONFIG_TEXT, "", 0, 200, "address of PayPay's Open Payment API; empty: none"},
    {"paypay", "api_key", CONFIG_TEXT, "", 0, 100, "the API key, no secret"},
    {"paypay", "secret_file", CONFIG_PATH, "paypay.secret", 0, 0, "file with the API secret, mode 0600"},
    {"paypay", "merchant", CONFIG_TEXT, "", 0, 64, "the merchant's id, where the key serves several"},
    {"paypay", "ca_file", CONFIG_PATH, "", 0, 1000, "PEM of a private root, in place of the system's"},
    {"paypay", "timeout_ms", CONFIG_INTEGER, "30000", 500, 120000, "how long to wait for a code to be made, ms"},
    {"payment_terminal", "kind", CONFIG_TEXT, "none", 1, 20,
     "none, simulated, json (JSON over TCP), or zvt (ZVT on a serial line)"},
    {"payment_terminal", "host", CONFIG_TEXT, "127.0.0.1", 1, 100, "address of the terminal (json)"},
    {"payment_terminal", "port", CONFIG_INTEGER, "8120", 1, 65535, "port of the terminal (json)"},
    {"payment_terminal", "poi_id", CONFIG_TEXT, "POI-1", 1, 32, "the terminal's id (json)"},
    {"payment_terminal", "connection", CONFIG_TEXT, "serial", 1, 20, "how a zvt terminal is reached: serial"},
    {"payment_terminal", "device", CONFIG_TEXT, "/dev/ttyS0", 1, 200, "serial port of the terminal (zvt)"},
    {"payment_terminal", "baud", CONFIG_INTEGER, "9600", 1200, 115200, "speed of the port (zvt)"},
    {"payment_terminal", "password_file", CONFIG_PATH, "", 0, 1000,
     "file, mode 0600, with the terminal's six-digit password (zvt); empty: 000000"},
    {"payment_terminal", "timeout_ms", CONFIG_INTEGER, "60000", 500, 300000, "how long to wait for a card, ms"},
    {"payment", "inquiry_interval_ms", CONFIG_INTEGER, "3000", 50, 60000,
     "pause between inquiries of open payments, ms"},
    {"payment", "brand_adapters", CONFIG_TEXT, "", 0, 1000,
     "which brand goes by which adapter, \"paypay=paypay wechat_pay=wechat_pay\"; the others by the first set up"},
    {"payment", "presented_adapters", CONFIG_TEXT, "", 0, 1000,
     "whose code the citizen scans, and who makes it, \"paypay=paypay\"; empty: no such payments"},
    {"payment", "timing_file", CONFIG_PATH, "", 0, 1000,
     "file of the networks' rhythms, in place of the built-in ones (docs/protocol/adapters.md)"},
    {"printer", "kind", CONFIG_TEXT, "simulated", 1, 20, "simulated, or escpos"},
    {"printer", "connection", CONFIG_TEXT, "tcp", 1, 20, "how an ESC/POS printer is reached: usb, serial or tcp"},
    {"printer", "model", CONFIG_TEXT, "auto", 1, 20,
     "its row of docs/drivers/printer.md; auto: found out over usb and tcp"},
    {"printer", "columns", CONFIG_INTEGER, "0", 0, 48,
     "half-width characters per line: 32, 42 or 48; 0: as usual for the model"},
    {"printer", "host", CONFIG_TEXT, "127.0.0.1", 1, 100, "numeric address of the printer (tcp)"},
    {"printer", "port", CONFIG_INTEGER, "9100", 1, 65535, "port of the printer (tcp)"},
    {"printer", "usb", CONFIG_TEXT, "", 0, 9, "vendor:product, like 04b8:0202 (usb); empty: the first receipt printer"},
    {"printer", "usb_serial_number", CONFIG_TEXT, "", 0, 63, "which of several alike (usb); empty: any"},
    {"printer", "device", CONFIG_TEXT, "/dev/ttyS0", 1, 200, "serial port of the printer (serial)"},
    {"printer", "baud", CONFIG_INTEGER, "19200", 1200, 115200, "speed of the port (serial)"},
    {"printer", "flow_control", CONFIG_TEXT, "rts-cts", 1, 20, "none, rts-cts or xon-xoff (serial)"},
    {"cash_drawer", "kind", CONFIG_TEXT, "printer", 1, 20,
     "none, printer (on its drawer port), or serial (a box with a port of its own)"},
    {"cash_drawer", "pin", CONFIG_INTEGER, "2", 2, 5,
     "2 or 5: the pin of the printer's drawer port that opens it (printer)"},
    {"cash_drawer", "switch", CONFIG_TEXT, "opens-low", 1, 20,
     "opens-low, opens-high or none: its sensor on pin 3 (printer)"},
    {"cash_drawer", "device", CONFIG_TEXT, "/dev/ttyUSB1", 1, 200, "serial port of the box (serial)"},
    {"cash_drawer", "baud", CONFIG_INTEGER, "9600", 1200, 115200, "speed of the port (serial)"},
    {"cash_drawer", "trigger", CONFIG_TEXT, "07", 2, 32, "the bytes that open it, in hexadecimal (serial)"},
    {"line_display", "kind", CONFIG_TEXT, "none", 1, 20, "none, simulated, or escpos"},
    {"line_display", "connection", CONFIG_TEXT, "serial", 1, 20,
     "how the display is reached: serial, usb (its bytes straight to its USB interface) or tcp"},
    {"line_display", "device", CONFIG_TEXT, "/dev/ttyUSB0", 1, 200, "serial port of the display (serial)"},
    {"line_display", "baud", CONFIG_INTEGER, "9600", 1200, 115200, "speed of the port (serial)"},
    {"line_display", "flow_control", CONFIG_TEXT, "none", 1, 20, "none, rts-cts or xon-xoff (serial)"},
    {"line_display", "usb", CONFIG_TEXT, "", 0, 9, "vendor:product of the display, like 04b8:0e1b; required (usb)"},
    {"line_display", "usb_serial_number", CONFIG_TEXT, "", 0, 63, "which of several alike (usb); empty: any"},
    {"line_display", "host", CONFIG_TEXT, "127.0.0.1", 1, 100, "numeric address of the display (tcp)"},
    {"line_display", "port", CONFIG_INTEGER, "9100", 1, 65535, "port of the display (tcp)"},
    {"line_display", "characters", CONFIG_TEXT, "katakana", 1, 20, "katakana, or cp932 for a display with kanji"},
    {"card_reader", "kind", CONFIG_TEXT, "with-printer", 1, 20,
     "for balances only: with-printer (simulated beside a simulated printer, else none), none, simulated, pcsc, "
     "rc-s380"},
    {"card_reader", "name", CONFIG_TEXT, "", 0, 100, "a part of the reader's name; empty: the first one (pcsc)"},
    {"scanner", "kind", CONFIG_TEXT, "with-printer", 1, 20,
     "with-printer (simulated beside a simulated printer, else none), none, simulated, hid-pos, keyboard, or serial"},
    {"scanner", "device", CONFIG_TEXT, "", 0, 127,
     "vendor:product (0c2e:0b61) or name; hid-pos: empty takes the first; keyboard: required"},
    {"scanner", "layout", CONFIG_TEXT, "us", 1, 20, "keyboard that the scanner pretends to be: us or jp (keyboard)"},
    {"scanner", "port", CONFIG_TEXT, "/dev/ttyACM0", 1, 200, "serial port of the scanner (serial)"},
    {"scanner", "baud", CONFIG_INTEGER, "9600", 1200, 115200, "speed of the port (serial)"},
    {"scanner", "prefix", CONFIG_TEXT, "", 0, 64, "what codes begin with: text, \\r \\n \\t \\x02 (keyboard, serial)"},
    {"scanner", "suffix", CONFIG_TEXT, "\\r", 0, 64, "what codes end with (keyboard, serial)"},
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

/* One line, and nothing that an editor or a copying hand left behind it. */
static bool
is_one_line(const struct buffer *text, size_t length)
{
    const char *bytes = buffer_text(text);
    size_t end = length;
    end += end < text->length && bytes[end] == '\r' ? 1 : 0;
    end += end < text->length && bytes[end] == '\n' ? 1 : 0;
    for (size_t i = 0; i < length; i++) {
        if ((unsigned char)bytes[i] < ' ' || bytes[i] == 0x7F) {
            return false;
        }
    }
    return end == text->length;
}

static enum status
load_line(char *out, size_t size, const char *path, struct error_detail *err)
{
    struct buffer text;
    buffer_init(&text, size);
    enum status status = file_check_private(path, err);
    if (status == STATUS_OK) {
        status = buffer_read_file(&text, path, err);
    }
    if (status == STATUS_OK) {
        const size_t length = strcspn(buffer_text(&text), "\r\n"); /* also ends at a NUL */
        snprintf(out, size, "%.*s", (int)length, buffer_text(&text));
        if (length == 0) {
            error_set(err, "secret_is_empty", "%s: the secret is empty", path);
            status = STATUS_INVALID;
        } else if (!is_one_line(&text, length)) {
            error_set(err, "secret_is_garbled", "%s: a secret is one line of text with nothing behind it", path);
            status = STATUS_INVALID;
        }
        if (status != STATUS_OK) {
            secret_wipe(out, size);
        }
    }
    if (text.data != NULL) {
        secret_wipe(text.data, text.length);
    }
    buffer_finish(&text);
    return status;
}

enum status
secret_load(char out[SECRET_SIZE], const char *path, struct error_detail *err)
{
    return load_line(out, SECRET_SIZE, path, err);
}

enum status
credential_load(char out[CREDENTIAL_SIZE], const char *path, struct error_detail *err)
{
    return load_line(out, CREDENTIAL_SIZE, path, err);
}
