/* From the section [card_reader] to a reader. */
#include "pos/commands/card_device.h"

#include "drivers/pcsc_reader/pcsc_reader.h"
#include "drivers/port100_reader/port100_reader.h"
#include "drivers/simulated/simulated.h"

#include <string.h>

enum status
card_device_open_kind(const char *kind, const char *name, struct card_reader **out, struct error_detail *err)
{
    if (strcmp(kind, "pcsc") == 0) {
        return pcsc_reader_open(&(struct pcsc_reader_options){.name = name}, out, err);
    }
    if (strcmp(kind, "rc-s380") == 0) {
        return port100_reader_open(out, err);
    }
    if (strcmp(kind, "simulated") == 0) {
        return simulated_card_reader_open(out, err);
    }
    error_set(err, "card_reader_kind", "%s is no kind of card reader; pcsc, rc-s380 or simulated is", kind);
    return STATUS_INVALID;
}

enum status
card_device_open(const struct config *config, bool printer_is_simulated, struct card_reader **out,
                 bool *out_is_simulated, struct error_detail *err)
{
    const char *kind = config_text(config, "card_reader", "kind");
    if (strcmp(kind, "with-printer") == 0) {
        kind = printer_is_simulated ? "simulated" : "none";
    }
    *out = NULL;
    *out_is_simulated = strcmp(kind, "simulated") == 0;
    if (strcmp(kind, "none") == 0) {
        return STATUS_OK;
    }
    const enum status status = card_device_open_kind(kind, config_text(config, "card_reader", "name"), out, err);
    if (status == STATUS_INVALID) {
        return config_reject(config, "card_reader", "kind", err,
                             "= %s is not known; with-printer, none, simulated, pcsc or rc-s380 is allowed", kind);
    }
    return status;
}
