/* Listening: where, with or without TLS, and with which limits. */
#include "common/http/exchange.h"
#include "common/http/tls_session.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>

enum {
    DEFAULT_CONNECTIONS = 256,
    DEFAULT_IDLE_SECONDS = 30,
    CONNECTION_MEMORY_BYTES = 32 * 1024, /* headers of one request; MHD answers 431 beyond */
};

/* TLS 1.2 and newer with today's ciphers. */
static const char tls_priorities[] = "SECURE128:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:%SERVER_PRECEDENCE";

/* GnuTLS asks for the certificate of a new handshake. libmicrohttpd leaves the connection in the session. */
static int
give_certificate(gnutls_session_t session, const gnutls_datum_t *authorities, int authority_count,
                 const gnutls_pk_algorithm_t *algorithms, int algorithm_count, gnutls_pcert_st **out_chain,
                 unsigned *out_length, gnutls_privkey_t *out_key)
{
    (void)authorities;
    (void)authority_count;
    (void)algorithms;
    (void)algorithm_count;
    struct MHD_Connection *connection = gnutls_session_get_ptr(session);
    struct http_server *server = connection != NULL ? connection_server(connection) : NULL;
    if (server == NULL) {
        return -1;
    }
    http_tls_give(server->options.tls, out_chain, out_length, out_key);
    return 0;
}

static bool
is_loopback(const struct sockaddr_in *address)
{
    return (ntohl(address->sin_addr.s_addr) >> 24) == 127;
}

static enum status
read_address(const struct http_server_options *options, struct sockaddr_in *out, struct error_detail *err)
{
    const char *address = options->address != NULL ? options->address : "127.0.0.1";
    *out = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(options->port)};
    bool is_address = inet_pton(AF_INET, address, &out->sin_addr) == 1;
    if (!is_address && options->tls != NULL) {
        error_set(err, "wrong_address", "%s: this is no IPv4 address to listen on", address);
        return STATUS_INVALID;
    }
    if (options->tls == NULL && (!is_address || !is_loopback(out))) {
        error_set(err, "not_loopback",
                  "%s: without TLS only loopback addresses (127.x.x.x) are listened on; set certificate_file and "
                  "key_file to listen beyond this computer",
                  address);
        return STATUS_REFUSED;
    }
    return STATUS_OK;
}

static struct MHD_Daemon *
start(struct http_server *server, struct sockaddr_in *address, MHD_AccessHandlerCallback on_access,
      MHD_RequestCompletedCallback on_completed)
{
    const struct http_server_options *options = &server->options;
    const unsigned flags = MHD_USE_POLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC;
    struct MHD_OptionItem limits[] = {
        {MHD_OPTION_CONNECTION_LIMIT, options->connection_limit > 0 ? options->connection_limit : DEFAULT_CONNECTIONS,
         NULL},
        {MHD_OPTION_PER_IP_CONNECTION_LIMIT, options->address_connection_limit, NULL},
        {MHD_OPTION_CONNECTION_TIMEOUT, server->idle_seconds, NULL},
        {MHD_OPTION_CONNECTION_MEMORY_LIMIT, CONNECTION_MEMORY_BYTES, NULL},
        {MHD_OPTION_SOCK_ADDR, 0, address},
        {MHD_OPTION_END, 0, NULL},
    };
    /* MHD_OPTION_LISTENING_ADDRESS_REUSE stays out: it means SO_REUSEPORT, by which a second program would take half of
     * our connections instead of being told that the port is taken. SO_REUSEADDR is MHD's default. */
    if (options->tls == NULL) {
        return MHD_start_daemon(flags, options->port, NULL, NULL, on_access, server, MHD_OPTION_NOTIFY_COMPLETED,
                                on_completed, server, MHD_OPTION_NOTIFY_CONNECTION, connection_notice, server,
                                MHD_OPTION_ARRAY, limits, MHD_OPTION_END);
    }
    return MHD_start_daemon(flags | MHD_USE_TLS, options->port, NULL, NULL, on_access, server,
                            MHD_OPTION_NOTIFY_COMPLETED, on_completed, server, MHD_OPTION_NOTIFY_CONNECTION,
                            connection_notice, server, MHD_OPTION_ARRAY, limits, MHD_OPTION_HTTPS_PRIORITIES,
                            tls_priorities, MHD_OPTION_HTTPS_CERT_CALLBACK, give_certificate, MHD_OPTION_END);
}

enum status
server_listen(struct http_server *server, MHD_AccessHandlerCallback on_access,
              MHD_RequestCompletedCallback on_completed, struct error_detail *err)
{
    const struct http_server_options *options = &server->options;
    struct sockaddr_in address;
    enum status status = read_address(options, &address, err);
    if (status != STATUS_OK) {
        return status;
    }
    server->idle_seconds = options->idle_timeout_seconds > 0 ? options->idle_timeout_seconds : DEFAULT_IDLE_SECONDS;
    status = connections_watch(server, err);
    if (status != STATUS_OK) {
        return status;
    }
    server->daemon = start(server, &address, on_access, on_completed);
    if (server->daemon == NULL) {
        error_set(err, "cannot_listen", "cannot listen on %s:%u: %s",
                  options->address != NULL ? options->address : "127.0.0.1", options->port, strerror(errno));
        return STATUS_IO;
    }
    const union MHD_DaemonInfo *information = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT);
    server->port = information != NULL ? information->port : options->port;
    return STATUS_OK;
}
