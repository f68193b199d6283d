/* The table. Sources: Epson's public "ESC/POS Command Reference" (its tables of supported commands by model), the
 * public command references of Star (ESC/POS mode) and Citizen, and what drivers in the open do about clones. No row
 * was tried on a device: docs/drivers/printer.md says what was and was not verified. */
#include "drivers/escpos/model.h"

#include <string.h>

static const struct escpos_model models[] = {
    {
        .name = "tm-m30",
        .title = "Epson TM-m30, TM-m30II, TM-m30III (80 mm, 203 dpi)",
        .identities = {"TM-m30", NULL},
        .columns = 48,
        .acknowledgement = ESCPOS_ACK_JOB,
        .cutting = ESCPOS_CUTS_AFTER_FEED,
        .has_status = true,
        .reports_changes = true,
        .clears_buffers = true,
        .draws_qr = true,
        .draws_barcodes = true,
        .has_drawer_port = true,
    },
    {
        .name = "tm-t88",
        .title = "Epson TM-T88V, VI, VII (80 mm, 180 dpi)",
        .identities = {"TM-T88V", NULL}, /* as a beginning: VI and VII as well */
        .columns = 42,
        .acknowledgement = ESCPOS_ACK_JOB,
        .cutting = ESCPOS_CUTS_AFTER_FEED,
        .has_status = true,
        .reports_changes = true,
        .clears_buffers = true,
        .draws_qr = true,
        .draws_barcodes = true,
        .has_drawer_port = true,
    },
    {
        .name = "tm-t88iv",
        .title = "Epson TM-T88IV and older",
        .identities = {"TM-T88IV", "TM-T88III", "TM-T88II", NULL},
        .columns = 42,
        .acknowledgement = ESCPOS_ACK_SENSOR,
        .cutting = ESCPOS_CUTS_AFTER_FEED,
        .has_status = true,
        .reports_changes = true,
        .clears_buffers = true,
        .draws_barcodes = true, /* its codes of two dimensions do not include QR on all of them */
        .has_drawer_port = true,
    },
    {
        .name = "tm-t20",
        .title = "Epson TM-T20II, TM-T20III, TM-T70II, TM-T83III (80 mm, 203 dpi)",
        .identities = {"TM-T20", "TM-T70", "TM-T82", "TM-T83", "TM-T90", NULL},
        .columns = 48,
        .acknowledgement = ESCPOS_ACK_JOB,
        .cutting = ESCPOS_CUTS_AFTER_FEED,
        .has_status = true,
        .reports_changes = true,
        .clears_buffers = true,
        .draws_qr = true,
        .draws_barcodes = true,
        .has_drawer_port = true,
    },
    {
        .name = "tm-p20",
        .title = "Epson TM-P20, TM-P20II, TM-m10 (58 mm)",
        .identities = {"TM-P20", "TM-m10", NULL},
        .columns = 32,
        .acknowledgement = ESCPOS_ACK_SENSOR,
        .cutting = ESCPOS_CUTS_NOTHING,
        .has_status = true,
        .reports_changes = true,
        .clears_buffers = true,
        .draws_qr = true,
        .draws_barcodes = true,
    },
    {
        .name = "star",
        .title = "Star mC-Print2, mC-Print3, TSP100IV, TSP650II in ESC/POS mode",
        .identities = {"MCP", "mC-Print", "TSP", "Star", NULL},
        .columns = 48,
        .acknowledgement = ESCPOS_ACK_SENSOR, /* the mode has no GS ( H */
        .cutting = ESCPOS_CUTS_AFTER_FEED,
        .has_status = true,
        .reports_changes = true,
        .draws_barcodes = true, /* QR by GS ( k came with later firmware: as a picture it prints on all */
        .has_drawer_port = true,
    },
    {
        .name = "citizen",
        .title = "Citizen CT-S651, CT-S751, CT-S801, CT-E651",
        .identities = {"CT-S", "CT-E", "CITIZEN", NULL},
        .columns = 48,
        .acknowledgement = ESCPOS_ACK_SENSOR,
        .cutting = ESCPOS_CUTS_AFTER_FEED,
        .has_status = true,
        .reports_changes = true,
        .draws_qr = true,
        .draws_barcodes = true,
        .has_drawer_port = true,
    },
    {
        .name = "generic-80",
        .title = "80 mm printers of many names, with a cutter",
        .identities = {"POS-80", "POS80", "XP-80", "XP-N160", NULL},
        .columns = 48,
        .acknowledgement = ESCPOS_ACK_SENSOR,
        .cutting = ESCPOS_CUTS_AT_ONCE,
        .has_status = true,
        .draws_barcodes = true,
        .has_drawer_port = true,
    },
    {
        .name = "generic-58",
        .title = "58 mm printers of many names, without a cutter",
        .identities = {"POS-58", "POS58", "XP-58", NULL},
        .columns = 32,
        .acknowledgement = ESCPOS_ACK_STATUS, /* GS r goes unanswered on many */
        .cutting = ESCPOS_CUTS_NOTHING,
        .has_status = true,
        .draws_barcodes = true,
        .has_drawer_port = true,
    },
    {
        .name = "mute",
        .title = "any printer that answers nothing (one-way USB, a serial cable without its return line)",
        .identities = {NULL},
        .columns = 32,
        .acknowledgement = ESCPOS_ACK_NONE,
        .cutting = ESCPOS_CUTS_AT_ONCE,
        .has_drawer_port = true,
    },
};

static const struct escpos_model unknown = {
    .name = "auto",
    .title = "an ESC/POS printer that is not in the table",
    .columns = 48,
    .acknowledgement = ESCPOS_ACK_SENSOR,
    .cutting = ESCPOS_CUTS_AFTER_FEED,
    .has_status = true,
    .reports_changes = true,
    .draws_barcodes = true,
    .has_drawer_port = true,
};

enum { MODELS = sizeof models / sizeof models[0] };

const struct escpos_model *
escpos_model_find(const char *name)
{
    for (size_t i = 0; i < MODELS; i++) {
        if (strcmp(models[i].name, name) == 0) {
            return &models[i];
        }
    }
    return NULL;
}

/* The longest beginning wins: "TM-T88IV" is no TM-T88V. */
const struct escpos_model *
escpos_model_identify(const char *identity)
{
    const struct escpos_model *best = NULL;
    size_t best_length = 0;
    for (size_t i = 0; i < MODELS; i++) {
        for (size_t j = 0; models[i].identities[j] != NULL; j++) {
            const size_t length = strlen(models[i].identities[j]);
            if (length > best_length && strncmp(identity, models[i].identities[j], length) == 0) {
                best = &models[i];
                best_length = length;
            }
        }
    }
    return best;
}

const struct escpos_model *
escpos_model_unknown(void)
{
    return &unknown;
}

const struct escpos_model *
escpos_model_at(size_t index)
{
    return index < MODELS ? &models[index] : NULL;
}
