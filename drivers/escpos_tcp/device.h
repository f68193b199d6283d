/* The printer's own struct, which the drawer on it shares. Inside this folder only. */
#pragma once

#include "drivers/escpos_tcp/session.h"
#include "drivers/monitor/monitor.h"
#include "drivers/printer/printer_driver.h"

enum { DEVICE_HOST_SIZE = 46 /* the longest numeric address */ };

/* Whether the model answers GS ( H: learnt from its first jobs. */
enum job_tags { JOB_TAGS_UNTRIED, JOB_TAGS_KNOWN, JOB_TAGS_ABSENT };

struct escpos_tcp {
    struct printer base;
    char host[DEVICE_HOST_SIZE];
    uint16_t port;
    struct monitor monitor; /* guards `is_taken` */
    bool is_taken;          /* one of printer and drawer talks; what follows belongs to it */
    enum job_tags job_tags;
    bool has_remains; /* a job broke off: part of it may wait in the printer's buffer */
};

/* PRINTER as one of ours (asserted). */
struct escpos_tcp *escpos_tcp_of(struct printer *printer);

/* Take the turn and connect. STATUS_BUSY when the other does not finish in time, STATUS_DEVICE_GONE. */
enum status escpos_tcp_begin(struct escpos_tcp *self, struct printer_session *session, int64_t deadline_ms,
                             struct error_detail *err) MUST_CHECK;

/* Disconnect and give the turn back; only after a escpos_tcp_begin that succeeded. */
void escpos_tcp_end(struct escpos_tcp *self, struct printer_session *session);
