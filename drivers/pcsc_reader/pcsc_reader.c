/* A connection lasts for one inquiry; readers that come and go are found again because they are looked for each time.
 */
#include "drivers/pcsc_reader/pcsc_reader.h"

#include "common/signing/signing.h"
#include "drivers/card_reader/card_reader_driver.h"
#include "drivers/pcsc_reader/library.h"
#include "drivers/pcsc_reader/transparent.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    NAME_SIZE = MAX_READERNAME,
    PCSCD_LOOK_MS = 100,
    LIST_SIZE = 16 * MAX_READERNAME /* pcscd has at most 16 readers */
};

struct pcsc_reader {
    struct card_reader base;
    char wanted[NAME_SIZE];
    struct pcsc_library library; /* handle NULL: not loaded */
    SCARDCONTEXT context;
    bool has_context;
    SCARDHANDLE card;
    DWORD protocol;
    bool has_card;
    bool has_session;
};

static const struct card_reader_driver driver;

static struct pcsc_reader *
pcsc(struct card_reader *reader)
{
    assert(reader->driver == &driver);
    return (struct pcsc_reader *)reader;
}

/* The one place where PC/SC's outcomes become ours. */
static enum status
status_from_pcsc(LONG code, struct error_detail *err)
{
    switch (code) {
    case SCARD_S_SUCCESS:
        return STATUS_OK;
    case SCARD_E_TIMEOUT:
    case SCARD_E_NO_SMARTCARD:
    case SCARD_W_REMOVED_CARD:
    case SCARD_W_RESET_CARD:
    case SCARD_W_UNPOWERED_CARD:
    case SCARD_W_UNRESPONSIVE_CARD:
    case SCARD_E_NOT_TRANSACTED: /* the card left while it was spoken to */
    case SCARD_E_PROTO_MISMATCH:
        card_reader_describe_no_card(err);
        return STATUS_NOT_FOUND;
    case SCARD_E_SHARING_VIOLATION:
        error_set(err, "card_reader_busy", "カードリーダーをほかのプログラムが使っています。");
        return STATUS_BUSY;
    case SCARD_W_SECURITY_VIOLATION:
        error_set(err, "card_reader_refused", "カードリーダーを使う権限がありません。設置担当者に連絡してください。");
        return STATUS_UNAUTHORIZED;
    case SCARD_E_NO_SERVICE:
    case SCARD_E_SERVICE_STOPPED:
        error_set(err, "no_pcscd", "カードリーダーのサービス(pcscd)が動いていません。設置担当者に連絡してください。");
        return STATUS_DEVICE_GONE;
    case SCARD_E_NO_READERS_AVAILABLE:
    case SCARD_E_UNKNOWN_READER:
    case SCARD_E_READER_UNAVAILABLE:
        card_reader_describe_absence(err);
        return STATUS_DEVICE_GONE;
    default:
        error_set(err, "card_reader_failed", "カードリーダーが応答しません(%08lX)。もう一度かざしてください。",
                  (unsigned long)code & 0xFFFFFFFFul);
        return STATUS_IO;
    }
}

static enum status
ensure_context(struct pcsc_reader *self, struct error_detail *err)
{
    if (self->library.handle == NULL) {
        const enum status status = pcsc_library_open(&self->library, err);
        if (status != STATUS_OK) {
            return status;
        }
    }
    if (!self->has_context) {
        const LONG code = self->library.establish(SCARD_SCOPE_SYSTEM, NULL, NULL, &self->context);
        self->has_context = code == SCARD_S_SUCCESS;
        return status_from_pcsc(code, err);
    }
    return STATUS_OK;
}

static void
drop_context(struct pcsc_reader *self)
{
    if (self->has_context) {
        (void)self->library.release(self->context); /* fails when pcscd is gone; then nothing is held */
        self->has_context = false;
    }
}

/* The first reader whose name has the wanted part. */
static enum status
choose_reader(struct pcsc_reader *self, char out[NAME_SIZE], struct error_detail *err)
{
    char names[LIST_SIZE] = "";
    DWORD size = sizeof names - 2;
    const LONG code = self->library.list_readers(self->context, NULL, names, &size);
    if (code != SCARD_S_SUCCESS) {
        return status_from_pcsc(code, err);
    }
    names[sizeof names - 2] = names[sizeof names - 1] = '\0';
    for (const char *name = names; *name != '\0'; name += strlen(name) + 1) {
        if (strstr(name, self->wanted) != NULL) {
            snprintf(out, NAME_SIZE, "%s", name);
            return STATUS_OK;
        }
    }
    card_reader_describe_absence(err);
    return STATUS_DEVICE_GONE;
}

/* Whether a card lies on the reader, waiting up to TIMEOUT_MS for one. STATE gets its ATR. */
static enum status
wait_for_card(struct pcsc_reader *self, const char *name, unsigned timeout_ms, SCARD_READERSTATE *state,
              struct error_detail *err)
{
    *state = (SCARD_READERSTATE){.szReader = name, .dwCurrentState = SCARD_STATE_UNAWARE};
    LONG code = self->library.get_status_change(self->context, 0, state, 1);
    if (code == SCARD_S_SUCCESS && (state->dwEventState & SCARD_STATE_PRESENT) == 0 && timeout_ms > 0) {
        state->dwCurrentState = state->dwEventState;
        code = self->library.get_status_change(self->context, timeout_ms, state, 1);
    }
    if (code != SCARD_S_SUCCESS) {
        return status_from_pcsc(code, err);
    }
    if ((state->dwEventState & (SCARD_STATE_UNKNOWN | SCARD_STATE_UNAVAILABLE)) != 0) {
        card_reader_describe_absence(err);
        return STATUS_DEVICE_GONE;
    }
    if ((state->dwEventState & SCARD_STATE_PRESENT) == 0 || (state->dwEventState & SCARD_STATE_MUTE) != 0) {
        card_reader_describe_no_card(err);
        return STATUS_NOT_FOUND;
    }
    return STATUS_OK;
}

static enum status
transmit(struct pcsc_reader *self, const uint8_t *command, size_t length, struct apdu *out, struct error_detail *err)
{
    const SCARD_IO_REQUEST how = {.dwProtocol = self->protocol, .cbPciLength = sizeof how};
    DWORD size = sizeof out->bytes;
    const LONG code = self->library.transmit(self->card, &how, command, (DWORD)length, NULL, out->bytes, &size);
    if (code == SCARD_S_SUCCESS && size >= 2 && size <= sizeof out->bytes) {
        out->length = size;
        return STATUS_OK;
    }
    return code == SCARD_S_SUCCESS ? status_from_pcsc(SCARD_F_COMM_ERROR, err) : status_from_pcsc(code, err);
}

static bool
is_done(const struct apdu *answer)
{
    return answer->bytes[answer->length - 2] == 0x90 && answer->bytes[answer->length - 1] == 0;
}

/* Readers put the card's kind into the ATR: PC/SC part 3, RID A000000306, standard 11 for FeliCa. */
static bool
is_felica(const SCARD_READERSTATE *state)
{
    static const uint8_t mark[] = {0xA0, 0x00, 0x00, 0x03, 0x06, 0x11};
    for (size_t i = 0; i + sizeof mark <= state->cbAtr && i + sizeof mark <= sizeof state->rgbAtr; i++) {
        if (memcmp(state->rgbAtr + i, mark, sizeof mark) == 0) {
            return true;
        }
    }
    return false;
}

static enum status
read_id(struct pcsc_reader *self, struct card_presence *out, struct error_detail *err)
{
    static const uint8_t get_data[] = {0xFF, 0xCA, 0x00, 0x00, 0x00};
    struct apdu answer = {0};
    enum status status = transmit(self, get_data, sizeof get_data, &answer, err);
    if (status == STATUS_OK && (!is_done(&answer) || answer.length - 2 > sizeof out->id || answer.length == 2)) {
        error_set(err, "card_unknown", "このカードは読み取れません。");
        status = STATUS_IO;
    }
    if (status == STATUS_OK) {
        out->id_length = answer.length - 2;
        memcpy(out->id, answer.bytes, out->id_length);
    }
    secret_wipe(&answer, sizeof answer);
    return status;
}

static void
let_card_go(struct pcsc_reader *self)
{
    if (self->has_card) {
        (void)self->library.disconnect(self->card, SCARD_RESET_CARD); /* fails when the card is gone: as good */
        self->has_card = false;
    }
}

static enum status
connect_card(struct pcsc_reader *self, const char *name, const SCARD_READERSTATE *state, struct card_presence *out,
             struct error_detail *err)
{
    const LONG code = self->library.connect(self->context, name, SCARD_SHARE_SHARED,
                                            SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, &self->card, &self->protocol);
    self->has_card = code == SCARD_S_SUCCESS;
    enum status status = status_from_pcsc(code, err);
    if (status == STATUS_OK) {
        out->is_felica = is_felica(state);
        status = read_id(self, out, err);
    }
    if (status != STATUS_OK) {
        let_card_go(self);
    }
    return status;
}

static void
pause_ms(unsigned ms)
{
    nanosleep(&(struct timespec){.tv_nsec = (long)ms * 1000000}, NULL);
}

static enum status
find(struct card_reader *reader, unsigned timeout_ms, struct card_presence *out, struct error_detail *err)
{
    struct pcsc_reader *self = pcsc(reader);
    char name[NAME_SIZE];
    SCARD_READERSTATE state;
    enum status status = ensure_context(self, err);
    if (status == STATUS_OK) {
        status = choose_reader(self, name, err);
    }
    if (status == STATUS_OK) {
        status = wait_for_card(self, name, timeout_ms, &state, err);
    }
    if (status == STATUS_OK) {
        status = connect_card(self, name, &state, out, err);
        if (status == STATUS_NOT_FOUND) {
            /* It has left, and pcscd does not know it yet: it looks a few times a second. */
            pause_ms(timeout_ms < PCSCD_LOOK_MS ? timeout_ms : PCSCD_LOOK_MS);
        }
    }
    if (status == STATUS_DEVICE_GONE) {
        drop_context(self); /* pcscd may have been started anew */
    }
    return status;
}

/* STATUS_REFUSED when the reader knows no transparent session. */
static enum status
begin_session(struct pcsc_reader *self, struct error_detail *err)
{
    static const uint8_t start[] = {0xFF, 0xC2, 0x00, 0x00, 0x02, 0x81, 0x00, 0x00};
    static const uint8_t to_felica[] = {0xFF, 0xC2, 0x00, 0x02, 0x04, 0x8F, 0x02, 0x03, 0x00, 0x00};
    struct apdu answer = {0};
    enum status status = transmit(self, start, sizeof start, &answer, err);
    if (status == STATUS_OK && is_done(&answer)) {
        self->has_session = true;
        status = transmit(self, to_felica, sizeof to_felica, &answer, err);
    }
    if (status == STATUS_OK && !is_done(&answer)) {
        error_set(err, "card_reader_refused", "このカードリーダーでは残高を読めません。");
        status = STATUS_REFUSED;
    }
    return status;
}

static enum status
exchange(struct card_reader *reader, const struct felica_frame *command, unsigned timeout_ms,
         struct felica_frame *out_answer, struct error_detail *err)
{
    struct pcsc_reader *self = pcsc(reader);
    struct apdu question, answer = {0};
    enum status status = self->has_session ? STATUS_OK : begin_session(self, err);
    if (status != STATUS_OK) {
        return status;
    }
    transparent_write(&question, command, timeout_ms);
    status = transmit(self, question.bytes, question.length, &answer, err);
    if (status == STATUS_OK) {
        status = transparent_read(out_answer, answer.bytes, answer.length, err);
    }
    secret_wipe(&answer, sizeof answer);
    return status;
}

static void
release(struct card_reader *reader)
{
    static const uint8_t end[] = {0xFF, 0xC2, 0x00, 0x00, 0x02, 0x82, 0x00, 0x00};
    struct pcsc_reader *self = pcsc(reader);
    struct apdu answer = {0};
    if (self->has_session) {
        const enum status ended = transmit(self, end, sizeof end, &answer, NULL);
        (void)ended; /* the reset below ends it as well */
        self->has_session = false;
    }
    let_card_go(self);
}

static enum status
check(struct card_reader *reader, struct error_detail *err)
{
    struct pcsc_reader *self = pcsc(reader);
    char name[NAME_SIZE];
    enum status status = ensure_context(self, err);
    if (status == STATUS_OK) {
        status = choose_reader(self, name, err);
    }
    if (status == STATUS_DEVICE_GONE) {
        drop_context(self); /* pcscd may have been started anew */
    }
    return status;
}

static void
close_reader(struct card_reader *reader)
{
    struct pcsc_reader *self = pcsc(reader);
    release(reader);
    drop_context(self);
    pcsc_library_close(&self->library);
    free(self);
}

static const struct card_reader_driver driver = {
    .name = "pcsc",
    .find = find,
    .exchange = exchange,
    .check = check,
    .release = release,
    .close = close_reader,
};

enum status
pcsc_reader_open(const struct pcsc_reader_options *options, struct card_reader **out, struct error_detail *err)
{
    if (strlen(options->name) >= NAME_SIZE) {
        error_set(err, "card_reader_name", "the name of a card reader has at most %d bytes", NAME_SIZE - 1);
        return STATUS_INVALID;
    }
    struct pcsc_reader *self = calloc(1, sizeof *self);
    if (self == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    card_reader_init(&self->base, &driver);
    snprintf(self->wanted, sizeof self->wanted, "%s", options->name);
    *out = &self->base;
    return STATUS_OK;
}

enum status
pcsc_readers_list(char names[PCSC_READERS_MAX][PCSC_NAME_SIZE], size_t *out_count, struct error_detail *err)
{
    static_assert((int)PCSC_NAME_SIZE > (int)MAX_READERNAME, "every name fits");
    struct card_reader *any = NULL;
    char list[LIST_SIZE] = "";
    DWORD size = sizeof list - 2;
    *out_count = 0;
    enum status status = pcsc_reader_open(&(struct pcsc_reader_options){.name = ""}, &any, err);
    if (status != STATUS_OK) {
        return status;
    }
    struct pcsc_reader *self = pcsc(any);
    const bool is_running = ensure_context(self, NULL) == STATUS_OK &&
                            self->library.list_readers(self->context, NULL, list, &size) == SCARD_S_SUCCESS;
    list[sizeof list - 2] = list[sizeof list - 1] = '\0';
    for (const char *name = list; is_running && *name != '\0' && *out_count < PCSC_READERS_MAX;
         name += strlen(name) + 1) {
        snprintf(names[(*out_count)++], PCSC_NAME_SIZE, "%s", name);
    }
    card_reader_close(any);
    return STATUS_OK;
}
