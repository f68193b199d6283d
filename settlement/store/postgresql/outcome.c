/* What PostgreSQL's answers mean to the program: nobody above this folder reads an SQLSTATE. */
#include "settlement/store/postgresql/connection.h"

#include <string.h>

struct meaning {
    const char *state; /* five characters, or the class: the first two */
    enum status status;
    const char *word;
};

/* The first that fits. */
static const struct meaning meanings[] = {
    {"23", STATUS_CONFLICT, "database_constraint"},
    {"P0001", STATUS_CONFLICT, "database_constraint"}, /* our triggers */
    {"40", STATUS_BUSY, "database_busy"},              /* serialisation, deadlock */
    {"55P03", STATUS_BUSY, "database_busy"},           /* a lock was waited for too long */
    {"57014", STATUS_BUSY, "database_busy"},
    {"53300", STATUS_BUSY, "database_busy"}, /* too many connections */
    {"53100", STATUS_IO, "disk_full"},
    {"53200", STATUS_NO_MEMORY, "no_memory"},
    {"08", STATUS_UNREACHABLE, "database_unreachable"},
    {"57P", STATUS_UNREACHABLE, "database_unreachable"}, /* shut down, starting up, promoted */
    {"25006", STATUS_UNREACHABLE, "database_is_standby"},
    {"22003", STATUS_OVERFLOW, "too_large"},
    {"54", STATUS_OVERFLOW, "too_large"},
    {"XX001", STATUS_CORRUPT, "database_corrupt"},
    {"XX002", STATUS_CORRUPT, "database_corrupt"},
    {"42501", STATUS_REFUSED, "database_refused"}, /* rights, row-level security */
    {"28", STATUS_UNAUTHORIZED, "database_login"},
};

static const struct meaning *
meaning_of(const char *state)
{
    for (size_t i = 0; i < sizeof meanings / sizeof meanings[0]; i++) {
        if (strncmp(state, meanings[i].state, strlen(meanings[i].state)) == 0) {
            return &meanings[i];
        }
    }
    return NULL;
}

/* Without the newlines that libpq ends its messages with. */
static int
length_of(const char *message)
{
    size_t length = strlen(message);
    while (length > 0 && message[length - 1] == '\n') {
        length--;
    }
    return (int)length;
}

enum status
pg_outcome(struct pg_database *db, const PGresult *result, const char *doing, struct error_detail *err)
{
    const char *state = result != NULL ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
    if (state == NULL || PQstatus(db->connection) == CONNECTION_BAD) {
        const char *message = PQerrorMessage(db->connection);
        error_set(err, "database_unreachable", "%s: %s: the connection to the database is lost: %.*s", db->base.name,
                  doing, length_of(message), message);
        return STATUS_UNREACHABLE;
    }
    const struct meaning *meaning = meaning_of(state);
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    /* The text of the statement last: it may be cut. */
    error_set(err, meaning != NULL ? meaning->word : "database_io", "%s: %s (SQLSTATE %s): %s", db->base.name,
              message != NULL ? message : "no message", state, doing);
    return meaning != NULL ? meaning->status : STATUS_IO;
}
