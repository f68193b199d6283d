/* The answer that says what is durable here. */
#pragma once

#include "common/http/server.h"
#include "common/signing/signing.h"

/* Answer {"acknowledged":{"sequence":…,"hash":…}}, before which stands {"error":{…}} when ERR is not NULL. */
void respond_acknowledged(struct http_request *request, unsigned http_status, int64_t sequence,
                          const uint8_t hash[SHA256_SIZE], const struct error_detail *err);
