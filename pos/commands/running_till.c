/* Starting and stopping a till with its devices, its screen and its uplink. */
#include "pos/commands/running_till.h"

#include "common/bytes/encoding.h"
#include "common/http/curl_client.h"
#include "common/log/log.h"
#include "common/module/module.h"
#include "common/signing/signing.h"
#include "drivers/paper/raster.h"
#include "pos/commands/device_uses.h"
#include "pos/commands/devices.h"
#include "pos/peripherals/peripherals.h"
#include "pos/till/training.h"
#include "pos/uplink/uplink.h"
#include "pos/web/web.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Everything that runs. Members are NULL until made. */
struct running_till {
    const struct config *config;
    bool is_training;
    char database[TRAINING_PATH_SIZE];
    char terminal[TERMINAL_ID_SIZE]; /* "" in training and before enrolment */
    pthread_mutex_t
        clerk_lock; /* a thread of the web writes, the main thread reads: a signal between them orders nothing */
    char clerk[CODE_SIZE];
    uint16_t port;
    mode_request_handler on_mode_wanted;
    struct signing_key *key;
    struct database *opened; /* from looking whose it is to opening the till on it */
    struct till *till;
    struct peripherals *peripherals;
    struct till_web *web;
    struct uplink *uplink;
};

/* The key file must be the one with which the database's till enrolled: a copied database, or a backup put into the
 * wrong computer, would give receipt numbers that another till gives too, and could send none of its sales. */
static enum status
load_own_key(struct running_till *running, struct error_detail *err)
{
    struct till_owner owner;
    uint8_t public_key[PUBLIC_KEY_SIZE];
    char key_text[2 * PUBLIC_KEY_SIZE + 1];
    const char *path = config_text(running->config, "till", "key_file");
    enum status status = till_peek_owner(running->database, &owner, &running->opened, err);
    snprintf(running->terminal, sizeof running->terminal, "%s", owner.terminal);
    if (status != STATUS_OK || owner.terminal[0] == '\0') {
        return status;
    }
    if (terminal_id_is_for_training(owner.terminal)) {
        error_set(
            err, "training_database",
            "データベース(%s)は訓練用(端末%s)です。本番の会計には使えません。この端末のデータベースに戻してください。",
            running->database, owner.terminal);
        return STATUS_REFUSED;
    }
    status = signing_key_load(&running->key, path, err);
    if (status != STATUS_OK) {
        return status;
    }
    signing_key_public(running->key, public_key);
    hex_encode(key_text, public_key, sizeof public_key);
    if (strcmp(key_text, owner.public_key) != 0) {
        error_set(
            err, "wrong_key",
            "この端末の鍵(%s)は、データベース(%s)の端末%sのものではありません。ほかの端末のデータベースか"
            "バックアップが置かれています。この端末のデータベースに戻すか、管理者に連絡して登録し直してください。",
            path, running->database, owner.terminal);
        return STATUS_REFUSED;
    }
    return STATUS_OK;
}

static enum status
open_till(struct running_till *running, bool devices_are_simulated, struct error_detail *err)
{
    struct channels channels;
    enum status status = running->is_training
                             ? channels_open_for_training(&channels, err)
                             : channels_open(&channels, running->config,
                                             running->terminal[0] != '\0' ? running->terminal : "NOT-ENROLLED", err);
    if (status != STATUS_OK) {
        return status;
    }
    const struct till_options options = {
        .database_path = running->database,
        .opened = running->opened,
        .is_training = running->is_training,
        .clock = clock_system(),
        .devices_are_simulated = devices_are_simulated,
        .qr_foreground = channels.qr_foreground,
        .qr_background = channels.qr_background,
        .terminal = channels.terminal,
        .inquiry_interval_ms = (unsigned)config_integer(running->config, "payment", "inquiry_interval_ms"),
    };
    running->opened = NULL; /* now the till's */
    status = till_open(&running->till, &options, err);
    if (status == STATUS_OK && running->is_training) {
        status = training_adopt_clerk(running->till, running->clerk, err);
    }
    return status;
}

/* The web asks for the other mode. The training database is made here, while the live till still runs: when that fails,
 * the clerk is told and nothing has changed. */
static enum status
ask_for_mode(void *context, bool wants_training, struct error_detail *err)
{
    struct running_till *running = context;
    if (wants_training == running->is_training) {
        return STATUS_OK;
    }
    char clerk[CODE_SIZE] = "";
    enum status status =
        wants_training ? training_check_enter(running->till, clerk, err) : training_check_leave(running->till, err);
    if (status == STATUS_OK && wants_training) {
        pthread_mutex_lock(&running->clerk_lock);
        memcpy(running->clerk, clerk, sizeof clerk);
        pthread_mutex_unlock(&running->clerk_lock);
    }
    if (status == STATUS_OK && wants_training) {
        status = training_prepare(running->database, clock_system(), err);
        if (status != STATUS_OK) {
            training_stay(running->till);
        }
    }
    if (status == STATUS_OK) {
        running->on_mode_wanted(wants_training);
    }
    return status;
}

static enum status
write_plugged(void *context, struct buffer *out, struct error_detail *err)
{
    const struct running_till *running = context;
    return device_uses_write(running->config, out, err);
}

static enum status
start_web(struct running_till *running, const struct devices *devices, struct error_detail *err)
{
    bool is_simulated = devices->are_simulated;
    const struct till_web_options options = {
        .till = running->till,
        .port = running->port,
        .screen_folder = config_text(running->config, "till", "screen_folder"),
        .simulated_printer = is_simulated ? devices->printer : NULL,
        .simulated_drawer = is_simulated ? devices->drawer : NULL,
        .simulated_scanner = devices->scanner_is_simulated ? devices->scanner : NULL,
        .peripherals = running->peripherals,
        .write_plugged = write_plugged,
        .plugged_context = running,
        .simulated_card_reader = devices->card_reader_is_simulated ? devices->card_reader : NULL,
        .simulated_display = devices->display_is_simulated ? devices->display : NULL,
        .ask_for_mode = ask_for_mode,
        .mode_context = running,
    };
    enum status status = till_web_start(&running->web, &options, err);
    return status == STATUS_OK ? till_start(running->till, till_web_publish, running->web, err) : status;
}

static enum status
start_uplink(struct running_till *running, struct error_detail *err)
{
    if (running->is_training) {
        return STATUS_OK; /* what is practised stays here */
    }
    if (!till_is_enrolled(running->till)) {
        log_line(LOG_LEVEL_WARNING, "till", "not enrolled yet: run `madoguchi-pos enrol`; nothing can be sold");
        return STATUS_OK;
    }
    enum status status = uplink_check_url(config_text(running->config, "settlement", "url"), err);
    if (status != STATUS_OK) {
        return status;
    }
    const struct uplink_options options = {
        .till = running->till,
        .database_path = running->database,
        .service_url = config_text(running->config, "settlement", "url"),
        .ca_file = config_text(running->config, "settlement", "ca_file"),
        .key = running->key,
        .clock = clock_system(),
        .interval_ms = (unsigned)config_integer(running->config, "settlement", "upload_interval_ms"),
    };
    return uplink_start(&running->uplink, &options, err);
}

/* The parts that are loaded later must be there now, while somebody installs or updates. Selling goes on without. */
static void
look_for_modules(void)
{
    static const char *const names[] = {HTTP_CLIENT_MODULE, PAPER_RASTER_MODULE};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct error_detail err;
        enum status status = module_look(names[i], &err);
        if (status != STATUS_OK) {
            log_failure(LOG_LEVEL_ERROR, "till", "looking for the parts of the program", status, &err);
        }
    }
}

static enum status
start_everything(struct running_till *running, struct error_detail *err)
{
    struct devices devices = {0};
    look_for_modules();
    enum status status = running->is_training ? STATUS_OK : load_own_key(running, err);
    if (status == STATUS_OK) {
        status = devices_open(&devices, running->config, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    struct devices kept = devices; /* the web borrows what the peripherals own */
    status = open_till(running, devices.are_simulated, err);
    if (status == STATUS_OK) {
        const struct peripherals_options options = {.till = running->till,
                                                    .printer = devices.printer,
                                                    .drawer = devices.drawer,
                                                    .scanner = devices.scanner,
                                                    .display = devices.display,
                                                    .card_reader = devices.card_reader};
        devices = (struct devices){0}; /* now the peripherals' */
        status = peripherals_start(&running->peripherals, &options, err);
    }
    devices_close(&devices);
    if (status == STATUS_OK) {
        status = start_web(running, &kept, err);
    }
    return status == STATUS_OK ? start_uplink(running, err) : status;
}

enum status
running_till_start(struct running_till **out, const struct running_options *options, struct error_detail *err)
{
    struct running_till *running = calloc(1, sizeof *running);
    if (running == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    pthread_mutex_init(&running->clerk_lock, NULL);
    running->config = options->config;
    running->is_training = options->is_training;
    running->port = options->port != 0 ? options->port : (uint16_t)config_integer(options->config, "till", "port");
    running->on_mode_wanted = options->on_mode_wanted;
    snprintf(running->clerk, sizeof running->clerk, "%s", options->clerk);
    const char *live = config_text(options->config, "till", "database");
    enum status status = STATUS_OK;
    if (running->is_training) {
        status = training_path(live, running->database, err);
    } else {
        snprintf(running->database, sizeof running->database, "%s", live);
    }
    if (status == STATUS_OK) {
        status = start_everything(running, err);
    }
    if (status != STATUS_OK) {
        running_till_stop(running);
        return status;
    }
    *out = running;
    return STATUS_OK;
}

uint16_t
running_till_port(const struct running_till *running)
{
    return till_web_port(running->web);
}

void
running_till_clerk(struct running_till *running, char out[CODE_SIZE])
{
    pthread_mutex_lock(&running->clerk_lock);
    memcpy(out, running->clerk, CODE_SIZE);
    pthread_mutex_unlock(&running->clerk_lock);
}

void
running_till_stop(struct running_till *running)
{
    if (running == NULL) {
        return;
    }
    uplink_stop(running->uplink);
    if (running->till != NULL) {
        till_quiesce(running->till);
    }
    if (running->peripherals != NULL) {
        peripherals_stop_card(running->peripherals); /* who waits for a card holds up the web's end */
    }
    till_web_stop(running->web);
    peripherals_stop(running->peripherals);
    till_close(running->till);
    signing_key_destroy(running->key);
    database_close(running->opened);
    pthread_mutex_destroy(&running->clerk_lock);
    free(running);
}
