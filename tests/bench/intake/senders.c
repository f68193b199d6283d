/* One thread, epoll, non-blocking sockets: the sender must cost little beside the service, with which it shares the
 * processors. Tills stand in a ring; a connection takes the first, sends its next upload, and puts it at the end. */
#include "senders.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ANSWER_SIZE = 4096, EVENTS = 256 };

struct sender {
    int socket; /* -1: none */
    size_t upload;
    bool is_busy;
    size_t sent;
    double begun;
    char answer[ANSWER_SIZE];
    size_t answered;
};

struct run {
    const struct load *load;
    struct sockaddr_in address;
    int poll;
    bool is_kept;
    int tills;
    int *ring; /* tills that have something to send and nothing under way */
    size_t first, waiting;
    int *rounds; /* uploads of each till that were sent */
    long done;
    double *waits; /* seconds from the first byte to the answer, one for each acknowledged upload */
    struct send_result *result;
};

static void
watch(struct run *run, struct sender *sender, uint32_t events, int operation)
{
    struct epoll_event event = {.events = events, .data.ptr = sender};
    if (epoll_ctl(run->poll, operation, sender->socket, &event) != 0) {
        die("epoll", strerror(errno));
    }
}

static void
open_socket(struct run *run, struct sender *sender)
{
    const int on = 1;
    sender->socket = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (sender->socket < 0) {
        die("socket", strerror(errno));
    }
    setsockopt(sender->socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(sender->socket, (struct sockaddr *)&run->address, sizeof run->address) != 0 && errno != EINPROGRESS) {
        die("connect", strerror(errno));
    }
    watch(run, sender, EPOLLOUT, EPOLL_CTL_ADD);
}

static void
begin(struct run *run, struct sender *sender)
{
    sender->is_busy = run->waiting > 0;
    if (!sender->is_busy) {
        if (sender->socket >= 0) {
            close(sender->socket);
            sender->socket = -1;
        }
        return;
    }
    int till = run->ring[run->first];
    run->first = (run->first + 1) % (size_t)run->tills;
    run->waiting--;
    sender->upload = (size_t)run->rounds[till]++ * (size_t)run->tills + (size_t)till;
    sender->begun = now_seconds();
    sender->sent = sender->answered = 0;
    if (sender->socket < 0) {
        open_socket(run, sender);
    } else {
        watch(run, sender, EPOLLOUT, EPOLL_CTL_MOD);
    }
}

/* The till of SENDER's upload may send its next. */
static void
put_back(struct run *run, const struct sender *sender)
{
    int till = run->load->uploads[sender->upload].till;
    if ((size_t)run->rounds[till] * (size_t)run->tills < run->load->count) {
        run->ring[(run->first + run->waiting) % (size_t)run->tills] = till;
        run->waiting++;
    }
}

static void
send_more(struct run *run, struct sender *sender)
{
    const struct prepared *upload = &run->load->uploads[sender->upload];
    while (sender->sent < upload->length) {
        ssize_t count = send(sender->socket, run->load->bytes + upload->offset + sender->sent,
                             upload->length - sender->sent, MSG_NOSIGNAL);
        if (count < 0) {
            if (errno != EAGAIN) {
                sender->sent = upload->length; /* the answer, or its absence, tells */
                break;
            }
            return;
        }
        sender->sent += (size_t)count;
    }
    watch(run, sender, EPOLLIN, EPOLL_CTL_MOD);
}

/* The same upload again, on a new connection. */
static void
again(struct run *run, struct sender *sender)
{
    close(sender->socket);
    sender->sent = sender->answered = 0;
    open_socket(run, sender);
}

/* Whether the answer is whole. */
static bool
is_whole(const struct sender *sender)
{
    const char *end = strstr(sender->answer, "\r\n\r\n");
    const char *length = strstr(sender->answer, "Content-Length: ");
    return end != NULL && length != NULL && length < end &&
           (size_t)(end + 4 - sender->answer) + strtoul(length + 16, NULL, 10) <= sender->answered;
}

static void
take_answer(struct run *run, struct sender *sender)
{
    long status = strtol(sender->answer + 9, NULL, 10); /* behind "HTTP/1.1 "; 0 for what is none: refused below */
    if (status == 503) {
        run->result->asked_to_wait++;
        usleep(1000); /* all senders wait a little: one thread stands for all tills */
        again(run, sender);
        return;
    }
    if (status == 200) {
        run->waits[run->result->acknowledged++] = now_seconds() - sender->begun;
    } else if (run->result->refused++ == 0) {
        fprintf(stderr, "%s\n", sender->answer);
    }
    run->done++;
    put_back(run, sender);
    if (!run->is_kept || strstr(sender->answer, "Connection: close") != NULL) {
        close(sender->socket);
        sender->socket = -1;
    }
    begin(run, sender);
}

static void
receive_more(struct run *run, struct sender *sender)
{
    ssize_t count = recv(sender->socket, sender->answer + sender->answered, ANSWER_SIZE - 1 - sender->answered, 0);
    if (count < 0 && errno == EAGAIN) {
        return;
    }
    if (count <= 0) {
        run->result->reconnected++;
        again(run, sender);
        return;
    }
    sender->answered += (size_t)count;
    sender->answer[sender->answered] = '\0';
    if (is_whole(sender)) {
        take_answer(run, sender);
    }
}

static int
compare(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

static void
work(struct run *run)
{
    while ((size_t)run->done < run->load->count) {
        struct epoll_event events[EVENTS];
        int count = epoll_wait(run->poll, events, EVENTS, 60000);
        if (count <= 0) {
            die("waiting for answers", count == 0 ? "none for a minute" : strerror(errno));
        }
        for (int i = 0; i < count; i++) {
            struct sender *sender = events[i].data.ptr;
            const struct prepared *upload = &run->load->uploads[sender->upload];
            if (sender->sent < upload->length) {
                send_more(run, sender);
            } else {
                receive_more(run, sender);
            }
        }
    }
}

void
send_load(const struct load *load, int port, int connections, int tills, bool is_kept, struct send_result *out)
{
    *out = (struct send_result){0};
    struct run run = {
        .load = load, .is_kept = is_kept, .tills = tills, .poll = epoll_create1(EPOLL_CLOEXEC), .result = out};
    connections =
        connections < tills ? connections : tills; /* so a connection never finds the ring empty before the end */
    run.waiting = (size_t)tills;
    run.ring = calloc((size_t)tills, sizeof *run.ring);
    run.rounds = calloc((size_t)tills, sizeof *run.rounds);
    run.address = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    run.address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    run.waits = calloc(load->count, sizeof *run.waits);
    struct sender *senders = calloc((size_t)connections, sizeof *senders);
    if (run.poll < 0 || run.waits == NULL || senders == NULL || run.ring == NULL || run.rounds == NULL) {
        die("starting the senders", "no memory");
    }
    for (int till = 0; till < tills; till++) {
        run.ring[till] = till;
    }
    double start = now_seconds();
    for (int i = 0; i < connections; i++) {
        senders[i].socket = -1;
        begin(&run, &senders[i]);
    }
    work(&run);
    out->seconds = now_seconds() - start;
    qsort(run.waits, (size_t)out->acknowledged, sizeof *run.waits, compare);
    if (out->acknowledged > 0) {
        out->p50_ms = run.waits[out->acknowledged / 2] * 1000;
        out->p99_ms = run.waits[out->acknowledged * 99 / 100] * 1000;
        out->worst_ms = run.waits[out->acknowledged - 1] * 1000;
    }
    close(run.poll);
    free(run.ring);
    free(run.rounds);
    free(senders);
    free(run.waits);
}
