/* The card reader suite through a real pcscd, with the virtual reader of vsmartcard, and a card at its other end that
 * is a thread of this program.
 *
 * pcscd gets its socket the way systemd would give it, as an open descriptor, so that it serves this test alone: a name
 * of our own, ports that were free, a configuration with one reader. It runs as root, as it always does. The virtual
 * reader would listen on every address of this computer; support/loopback_only.c keeps it on loopback. */
#define _GNU_SOURCE /* prctl and mkdtemp beside sockets */

#include "drivers/pcsc_reader/pcsc_reader.h"
#include "tests/contract/card_reader_bench.h"
#include "tests/contract/support/virtual_card.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <winscard.h>

#include <cmocka.h>

enum { FIRST_INHERITED = 3, LOOKS_MAX = 6000, LOOK_NS = 10 * 1000 * 1000, MESSAGE_MAX = 600, NOTICE_MS = 60 * 1000 };

enum control { CONTROL_OFF = 0, CONTROL_ON = 1, CONTROL_RESET = 2, CONTROL_ATR = 4 };

/* A reader that knows no transparent session answers as the standard says for an instruction that it does not know. */
enum manner { MANNER_RC_S300, MANNER_PLAIN, MANNER_GARBLED };

struct desk {
    pid_t pcscd;
    uint16_t port;
    char socket_path[96], configuration[96];

    pthread_t thread;
    bool has_thread;
    int connection;       /* of the card with the reader; −1: none */
    pthread_mutex_t lock; /* guards all below */
    struct virtual_card card;
    enum manner manner;
};

/* One for all tests: libpcsclite looks for the name of the socket once in its life. */
static char folder[] = "/tmp/madoguchi-pcsc-XXXXXX";

/* ---- the card ---- */

static bool
receive_all(int connection, uint8_t *out, size_t length)
{
    while (length > 0) {
        const ssize_t count = recv(connection, out, length, 0);
        if (count <= 0) {
            return false;
        }
        out += count;
        length -= (size_t)count;
    }
    return true;
}

static void
send_message(int connection, const uint8_t *bytes, size_t length)
{
    uint8_t message[MESSAGE_MAX + 2] = {(uint8_t)(length >> 8), (uint8_t)length};
    memcpy(message + 2, bytes, length);
    (void)!send(connection, message, length + 2,
                MSG_NOSIGNAL); /* a reader that is gone ends the loop at its next read */
}

/* The answer to a transparent exchange: C0, 92, 96 and, when the card said something, 97. */
static size_t
answer_exchange(struct desk *desk, const uint8_t *apdu, size_t length, uint8_t *out)
{
    static const uint8_t silence[] = {0xC0, 3, 1, 0x64, 0x01, 0x90, 0x00};
    static const uint8_t said[] = {0xC0, 3, 0, 0x90, 0x00, 0x92, 1, 0, 0x96, 2, 0, 0, 0x97};
    uint8_t answer[VIRTUAL_ANSWER_MAX];
    const uint8_t *command = memchr(apdu + 5, 0x95, length - 5);
    if (command == NULL || command[1] != 0x82) {
        return 0;
    }
    const size_t answer_length = virtual_card_answer(&desk->card, command + 4, command[3], answer);
    if (answer_length == 0) {
        memcpy(out, silence, sizeof silence);
        return sizeof silence;
    }
    size_t at = sizeof said;
    memcpy(out, said, sizeof said);
    if (answer_length > 0x7F) {
        out[at++] = 0x81;
    }
    out[at++] = (uint8_t)(answer_length + (desk->manner == MANNER_GARBLED ? 40 : 0));
    memcpy(out + at, answer, answer_length);
    at += answer_length;
    out[at++] = 0x90;
    out[at++] = 0x00;
    return at;
}

static size_t
answer_apdu(struct desk *desk, const uint8_t *apdu, size_t length, uint8_t *out)
{
    static const uint8_t unknown[] = {0x6D, 0x00}, fine[] = {0x90, 0x00};
    if (length >= 5 && apdu[0] == 0xFF && apdu[1] == 0xCA && apdu[2] == 0) {
        memcpy(out, virtual_card_id, 8);
        memcpy(out + 8, fine, 2);
        return 10;
    }
    if (length >= 8 && apdu[0] == 0xFF && apdu[1] == 0xC2 && desk->manner != MANNER_PLAIN) {
        if (apdu[3] == 0x01) {
            return answer_exchange(desk, apdu, length, out);
        }
        memcpy(out, "\xC0\x03\x00\x90\x00\x90\x00", 7);
        return 7;
    }
    memcpy(out, unknown, sizeof unknown);
    return sizeof unknown;
}

static void *
be_a_card(void *context)
{
    static const uint8_t atr[] = {0x3B, 0x8F, 0x80, 0x01, 0x80, 0x4F, 0x0C, 0xA0, 0x00, 0x00,
                                  0x03, 0x06, 0x11, 0x00, 0x3B, 0x00, 0x00, 0x00, 0x00, 0x42};
    struct desk *desk = context;
    uint8_t head[2], message[MESSAGE_MAX], answer[MESSAGE_MAX];
    while (receive_all(desk->connection, head, sizeof head)) {
        const size_t length = head[0] * 256u + head[1];
        if (length > sizeof message || !receive_all(desk->connection, message, length)) {
            break;
        }
        if (length == 1) {
            if (message[0] == CONTROL_ATR) {
                send_message(desk->connection, atr, sizeof atr);
            }
            continue;
        }
        pthread_mutex_lock(&desk->lock);
        const size_t answer_length = answer_apdu(desk, message, length, answer);
        pthread_mutex_unlock(&desk->lock);
        send_message(desk->connection, answer, answer_length);
    }
    return NULL;
}

/* pcscd looks a few times a second: wait until it knows that no card is there, so that the next one is a new one to it.
 */
static void
wait_until_noticed(void)
{
    SCARDCONTEXT context;
    SCARD_READERSTATE state = {.szReader = "Virtual PCD 00 00", .dwCurrentState = SCARD_STATE_UNAWARE};
    assert_int_equal(SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &context), SCARD_S_SUCCESS);
    do {
        assert_int_equal(SCardGetStatusChange(context, NOTICE_MS, &state, 1), SCARD_S_SUCCESS);
        state.dwCurrentState = state.dwEventState;
    } while ((state.dwEventState & SCARD_STATE_PRESENT) != 0);
    assert_int_equal(SCardReleaseContext(context), SCARD_S_SUCCESS);
}

static void
take_card_away(struct desk *desk)
{
    if (desk->has_thread) {
        shutdown(desk->connection, SHUT_RDWR);
        pthread_join(desk->thread, NULL);
        close(desk->connection);
        desk->has_thread = false;
        desk->connection = -1;
        wait_until_noticed();
    }
}

static struct sockaddr_in
loopback(uint16_t port)
{
    return (struct sockaddr_in){
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(port)};
}

static void
lay(struct card_reader_bench *bench, const char *card, int answers)
{
    struct desk *desk = bench->context;
    const struct sockaddr_in address = loopback(desk->port);
    take_card_away(desk);
    desk->card = (struct virtual_card){.kind = card, .answers_left = answers};
    if (card == NULL) {
        return;
    }
    desk->connection = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(desk->connection >= 0);
    assert_int_equal(connect(desk->connection, (const struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(pthread_create(&desk->thread, NULL, be_a_card, desk), 0);
    desk->has_thread = true;
}

/* ---- the reader and its service ---- */

/* Whether PORT can be listened on now. */
static bool
is_free(uint16_t port)
{
    const struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    const int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int on = 1;
    setsockopt(probe, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    const bool free_now = bind(probe, (const struct sockaddr *)&address, sizeof address) == 0;
    close(probe);
    return free_now;
}

/* The virtual reader has two slots on neighbouring ports; below the range from which the kernel gives ports by itself,
 * so that nobody is given them meanwhile. */
static uint16_t
free_pair_of_ports(void)
{
    enum { FIRST = 20000, LAST = 30000 };
    for (unsigned port = FIRST + (unsigned)getpid() % 5000 * 2; port < LAST + 2000; port += 2) {
        if (is_free((uint16_t)port) && is_free((uint16_t)(port + 1))) {
            return (uint16_t)port;
        }
    }
    fail_msg("no two free ports");
    return 0;
}

static int
listen_at(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const int listener = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_true(listener >= 0);
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    unlink(path);
    assert_int_equal(bind(listener, (const struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(listener, 5), 0);
    return listener;
}

static void
run_pcscd(const struct desk *desk, int listener, pid_t parent)
{
    char pid[24];
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) {
        _exit(127); /* it ended before it could have been told */
    }
    snprintf(pid, sizeof pid, "%ld", (long)getpid());
    setenv("LISTEN_FDS", "1", 1);
    setenv("LISTEN_PID", pid, 1);
    setenv("LD_PRELOAD", MADOGUCHI_LOOPBACK_ONLY, 1);
    if (listener != FIRST_INHERITED && dup2(listener, FIRST_INHERITED) < 0) {
        _exit(127);
    }
    execl("/usr/sbin/pcscd", "pcscd", "--foreground", "--error", "--config", desk->configuration, (char *)NULL);
    _exit(127);
}

static void
start_pcscd(struct desk *desk)
{
    char path[160];
    desk->port = free_pair_of_ports();
    snprintf(path, sizeof path, "%s/reader", desk->configuration);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file,
            "FRIENDLYNAME \"Virtual PCD\"\nDEVICENAME /dev/null:0x%X\n"
            "LIBPATH /usr/lib/pcsc/drivers/serial/libifdvpcd.so\nCHANNELID 0x%X\n",
            desk->port, desk->port);
    assert_int_equal(fclose(file), 0);
    const int listener = listen_at(desk->socket_path);
    const pid_t self = getpid();
    desk->pcscd = fork();
    assert_true(desk->pcscd >= 0);
    if (desk->pcscd == 0) {
        run_pcscd(desk, listener, self);
    }
    close(listener);
    /* It serves when its reader listens; who asks before waits at the socket. */
    for (int i = 0; i < LOOKS_MAX && is_free(desk->port); i++) {
        assert_int_equal(waitpid(desk->pcscd, NULL, WNOHANG), 0);
        nanosleep(&(struct timespec){.tv_nsec = LOOK_NS}, NULL);
    }
    assert_false(is_free(desk->port));
}

static void
stop_pcscd(struct desk *desk)
{
    if (desk->pcscd > 0) {
        kill(desk->pcscd, SIGTERM);
        assert_int_equal(waitpid(desk->pcscd, NULL, 0), desk->pcscd);
        desk->pcscd = 0;
    }
}

/* The service is the reader here: the virtual one cannot be pulled out of a running pcscd. */
static void
set_gone(struct card_reader_bench *bench, bool is_gone)
{
    struct desk *desk = bench->context;
    if (is_gone) {
        take_card_away(desk);
        stop_pcscd(desk);
    } else {
        start_pcscd(desk);
    }
}

static int
set_up(void **state)
{
    const struct pcsc_reader_options options = {.name = "Virtual PCD"};
    struct card_reader_bench *bench = calloc(1, sizeof *bench);
    struct desk *desk = calloc(1, sizeof *desk);
    if (bench == NULL || desk == NULL || pcsc_reader_open(&options, &bench->reader, NULL) != STATUS_OK) {
        return -1;
    }
    desk->connection = -1;
    pthread_mutex_init(&desk->lock, NULL);
    snprintf(desk->socket_path, sizeof desk->socket_path, "%s/pcscd", folder);
    snprintf(desk->configuration, sizeof desk->configuration, "%s/readers", folder);
    assert_int_equal(mkdir(desk->configuration, 0700), 0);
    start_pcscd(desk);
    bench->context = desk;
    bench->lay = lay;
    bench->set_gone = set_gone;
    *state = bench;
    return 0;
}

static int
tear_down(void **state)
{
    struct card_reader_bench *bench = *state;
    struct desk *desk = bench->context;
    char path[160];
    take_card_away(desk);
    card_reader_close(bench->reader);
    stop_pcscd(desk);
    snprintf(path, sizeof path, "%s/reader", desk->configuration);
    unlink(path);
    unlink(desk->socket_path);
    rmdir(desk->configuration);
    pthread_mutex_destroy(&desk->lock);
    free(desk);
    free(bench);
    return 0;
}

enum { PATIENCE_MS = 60 * 1000, STAYS = -1 };

static void
a_reader_without_sessions_says_that_it_cannot_tell_balances(void **state)
{
    struct card_reader_bench *bench = *state;
    struct desk *desk = bench->context;
    struct card_inquiry inquiry;
    struct error_detail err = {0};
    desk->manner = MANNER_PLAIN;
    lay(bench, "transit", STAYS);
    assert_int_equal(card_reader_inquire(bench->reader, PATIENCE_MS, &inquiry, &err), STATUS_REFUSED);
    assert_true(strlen(err.message) > 0);
}

static void
answers_that_are_garbled_are_no_balances(void **state)
{
    struct card_reader_bench *bench = *state;
    struct desk *desk = bench->context;
    struct card_inquiry inquiry;
    desk->manner = MANNER_GARBLED;
    lay(bench, "transit", STAYS);
    assert_int_equal(card_reader_inquire(bench->reader, PATIENCE_MS, &inquiry, NULL), STATUS_IO);
}

/* Whether the kernel lists a socket that listens on PORT of every address. */
static bool
is_open_to_the_network(uint16_t port)
{
    char line[256], wanted[32];
    bool is_found = false;
    FILE *table = fopen("/proc/net/tcp", "r");
    assert_non_null(table);
    snprintf(wanted, sizeof wanted, " 00000000:%04X ", port);
    while (!is_found && fgets(line, sizeof line, table) != NULL) {
        is_found = strstr(line, wanted) != NULL;
    }
    assert_int_equal(fclose(table), 0);
    return is_found;
}

static void
nobody_on_the_network_can_be_the_card(void **state)
{
    struct card_reader_bench *bench = *state;
    const struct desk *desk = bench->context;
    assert_false(is_open_to_the_network(desk->port));
    assert_false(is_open_to_the_network((uint16_t)(desk->port + 1)));
}

static void
another_reader_than_the_configured_one_is_not_taken(void **state)
{
    struct card_reader_bench *bench = *state;
    const struct pcsc_reader_options options = {.name = "RC-S300"};
    struct card_reader *other = NULL;
    struct card_inquiry inquiry;
    lay(bench, "transit", STAYS);
    assert_int_equal(pcsc_reader_open(&options, &other, NULL), STATUS_OK);
    assert_int_equal(card_reader_inquire(other, PATIENCE_MS, &inquiry, NULL), STATUS_DEVICE_GONE);
    card_reader_close(other);
}

int
main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest own[] = {
        TEST(a_reader_without_sessions_says_that_it_cannot_tell_balances),
        TEST(answers_that_are_garbled_are_no_balances),
        TEST(another_reader_than_the_configured_one_is_not_taken),
        TEST(nobody_on_the_network_can_be_the_card),
    };
#undef TEST
    char path[96];
    if (mkdtemp(folder) == NULL) {
        perror(folder);
        return EXIT_FAILURE;
    }
    snprintf(path, sizeof path, "%s/pcscd", folder);
    setenv("PCSCLITE_CSOCK_NAME", path, 1);
    const int failures =
        card_reader_contract_run("card reader: PC/SC", set_up, tear_down) + cmocka_run_group_tests(own, NULL, NULL);
    rmdir(folder);
    return failures;
}
