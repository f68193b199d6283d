/* Opening the devices and payment channels that the configuration names. */
#pragma once

#include "common/config/config.h"
#include "drivers/card_reader/card_reader.h"
#include "drivers/cash_drawer/cash_drawer.h"
#include "drivers/line_display/line_display.h"
#include "drivers/printer/printer.h"
#include "drivers/scanner/scanner.h"
#include "pos/commands/terminal_device.h"
#include "pos/payment/channel.h"

/* Whoever takes a device sets its member to NULL. */
struct devices {
    bool are_simulated; /* printer and drawer */
    struct printer *printer;
    struct cash_drawer *drawer;
    struct scanner *scanner; /* NULL: codes are typed */
    bool scanner_is_simulated;
    struct card_reader *card_reader; /* NULL: none */
    bool card_reader_is_simulated;
    struct line_display *display; /* NULL: none */
    bool display_is_simulated;
};

struct channels {
    struct payment_channel *qr_foreground;
    struct payment_channel *qr_background;
    struct payment_channel *terminal;
};

enum status devices_open(struct devices *out, const struct config *config, struct error_detail *err) MUST_CHECK;
void devices_close(struct devices *devices);

/* What a training till pays with: simulated, whatever the configuration names. */
enum status channels_open_for_training(struct channels *out, struct error_detail *err) MUST_CHECK;

/* SALE_ID names this till to the terminal. */
enum status channels_open(struct channels *out, const struct config *config, const char *sale_id,
                          struct error_detail *err) MUST_CHECK;
