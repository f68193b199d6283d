/* Who acts: every verb that decides something is told, and writes it down. */
#pragma once

#include "common/identity/identity.h"
#include "settlement/access/right.h"

#include <stdint.h>

enum {
    LOGIN_SIZE = 65,       /* 1 … 64 bytes of a–z, 0–9, '.', '-', '_' */
    PERSON_NAME_SIZE = 121 /* 40 characters of Japanese */
};

/* A user as known at the beginning of the request. `id` 0 with login "cli" is the operator at the machine's console. */
struct actor {
    int64_t id;
    char login[LOGIN_SIZE];
    char name[PERSON_NAME_SIZE];
    enum role role;
    char municipality[MUNICIPALITY_CODE_SIZE];
    char address[64]; /* where the request came from, as far as known; for the access log */
};
