/* The runner: the thread that asks gateway or terminal to take the money, and waits for the answer as long as it takes.
 *
 * The request was written ahead by payment_begin. The citizen's code is copied out, used once and wiped. */
#include "pos/till/till_parts.h"

#include "common/log/log.h"
#include "common/signing/signing.h"

#include <stdio.h>
#include <string.h>

/* What the runner takes along when it leaves the lock. */
struct run {
    struct payment_request request;
    struct payment_channel *channel;
    bool uses_terminal;
    bool is_presented;
    struct payment_presented presented;
    char code[1025];
    char terminal[TERMINAL_ID_SIZE];
};

/* Under the lock: take the request. False when there is none, or it cannot be read (then the resolver finds it). */
static bool
take_run(struct till *till, struct run *out)
{
    struct payment_row row;
    struct error_detail err;
    till->has_run_request = false;
    enum status status = payment_load(till, till->running, &row, &err);
    memcpy(out->code, till->code, sizeof out->code);
    secret_wipe(till->code, sizeof till->code);
    if (status != STATUS_OK) {
        log_failure(LOG_LEVEL_ERROR, "till", "reading the payment to start", status, &err);
        return false;
    }
    out->request = (struct payment_request){
        .sequence_number = row.sequence_number,
        .amount_yen = row.amount_yen,
        .method = row.method,
        .code = row.method == METHOD_QR && !row.is_presented ? out->code : NULL,
        .terminal = out->terminal,
    };
    memcpy(out->request.payment, row.payment, sizeof row.payment);
    memcpy(out->request.brand, row.brand, sizeof row.brand);
    memcpy(out->request.adapter, row.adapter, sizeof row.adapter);
    memcpy(out->terminal, till->terminal, sizeof out->terminal);
    out->channel = channel_of(till, row.method, false);
    out->uses_terminal = row.method != METHOD_QR;
    out->is_presented = row.is_presented;
    return true;
}

static void
perform(struct till *till, struct run *run, struct payment_answer *out)
{
    if (run->uses_terminal) {
        pthread_mutex_lock(&till->terminal_lock);
    }
    if (run->is_presented) {
        payment_channel_present(run->channel, &run->request, &run->presented, out);
    } else {
        run->channel->operations->start(run->channel, &run->request, out);
    }
    if (run->uses_terminal) {
        pthread_mutex_unlock(&till->terminal_lock);
    }
    secret_wipe(run->code, sizeof run->code);
}

void *
payment_runner_main(void *context)
{
    struct till *till = context;
    static _Thread_local struct run run;
    till_lock(till);
    while (!till->is_stopping) {
        if (!till->has_run_request) {
            pthread_cond_wait(&till->work_changed, &till->lock);
            continue;
        }
        struct payment_answer answer;
        struct error_detail err;
        if (take_run(till, &run)) {
            till_unlock(till, true);
            perform(till, &run, &answer);
            till_lock(till);
            enum status status = run.is_presented
                                     ? presented_settle(till, run.request.payment, &run.presented, &answer, &err)
                                     : payment_settle(till, run.request.payment, &answer, "answer", &err);
            if (status != STATUS_OK) {
                /* The disk failed between the money and the record. It stays 'started' in the journal, and the resolver
                 * keeps inquiring until it can be recorded. */
                log_failure(LOG_LEVEL_ERROR, run.request.payment, "recording the result", status, &err);
                till->foreground.state = FOREGROUND_UNKNOWN;
            }
            payment_settle_touch(till, &answer.earlier);
        }
        till->running[0] = '\0';
        pthread_cond_broadcast(&till->work_changed);
        till_unlock(till, true);
        till_lock(till);
    }
    till_unlock(till, false);
    return NULL;
}
