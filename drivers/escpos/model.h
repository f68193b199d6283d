/* What models of ESC/POS printers do differently, as rows of a table. Pure.
 *
 * Where a maker's public reference does not say for certain that a model can do something, its row takes the way that
 * every model can go (pictures instead of codes, GS r instead of GS ( H): slower, never wrong. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* How a printer says that a job is on paper, best first. */
enum escpos_acknowledgement {
    ESCPOS_ACK_JOB,    /* it names the job: GS ( H; those that turn out not to, by GS r */
    ESCPOS_ACK_SENSOR, /* it answers GS r, behind the job and in order */
    ESCPOS_ACK_STATUS, /* neither: its sensors still say ready when the paper must be out. A weaker proof */
    ESCPOS_ACK_NONE    /* it says nothing, ever: every job ends as unknown */
};

enum escpos_cutting {
    ESCPOS_CUTS_AFTER_FEED, /* GS V 66: feeds to the cutter by itself */
    ESCPOS_CUTS_AT_ONCE,    /* GS V 1: the lines to the cutter must be fed first */
    ESCPOS_CUTS_NOTHING     /* the paper is torn off at its edge */
};

struct escpos_model {
    const char *name;          /* in configuration files */
    const char *title;         /* for people */
    const char *identities[6]; /* what GS I 67 or a USB device id begins with; NULL after the last */
    unsigned columns;          /* of its usual paper: 32, 42 or 48 */
    enum escpos_acknowledgement acknowledgement;
    enum escpos_cutting cutting;
    bool has_status;      /* answers DLE EOT */
    bool reports_changes; /* GS a: says by itself what its sensors see */
    bool clears_buffers;  /* DLE DC4 8 throws away what a broken job left; DLE ENQ 2 gets it out of an error */
    bool draws_qr;        /* GS ( k; else codes go as pictures */
    bool draws_barcodes;  /* GS k in the form with a count */
    bool has_drawer_port;
};

/* The row of configuration word NAME; NULL when there is none ("auto" is none). */
const struct escpos_model *escpos_model_find(const char *name);

/* The row for a printer that calls itself IDENTITY; NULL when it is not known. */
const struct escpos_model *escpos_model_identify(const char *identity);

/* What every printer can do, for one that is not known. */
const struct escpos_model *escpos_model_unknown(void);

/* The INDEX-th row, for lists; NULL after the last. */
const struct escpos_model *escpos_model_at(size_t index);
