/* A till with everything that runs beside it, put together and taken apart again: live, or for training. */
#pragma once

#include "common/config/config.h"
#include "common/outcome/status.h"
#include "pos/till/till.h"

#include <stdint.h>

struct running_till;

/* Ask for the other mode; called by the web for the clerk, after all checks, on any thread. */
typedef void (*mode_request_handler)(bool wants_training);

struct running_options {
    const struct config *config; /* borrowed */
    bool is_training;
    const char *clerk; /* who stands at a training till; "" nobody */
    uint16_t port;     /* 0: the configured one */
    mode_request_handler on_mode_wanted;
};

/* Start everything. A training till starts on the database that training_prepare made. *OUT is given. */
enum status running_till_start(struct running_till **out, const struct running_options *options,
                               struct error_detail *err) MUST_CHECK;
uint16_t running_till_port(const struct running_till *running);
void running_till_stop(struct running_till *running); /* NULL is fine */

/* Who was at the live till when training was asked for, into OUT; "" nobody. From any thread. */
void running_till_clerk(struct running_till *running, char out[CODE_SIZE]);
