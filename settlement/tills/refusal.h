/* Telling a till that something failed. */
#pragma once

#include "common/http/server.h"
#include "common/outcome/status.h"

/* Answer REQUEST with STATUS and ERR. When the database is away, or was lost before it said whether a commit stands,
 * the till is told to send the same again later (503 "store_away", with Retry-After) and where the database is stands
 * in the log only: everything a till asks may be asked again. */
void refuse_till(struct http_request *request, enum status status, const struct error_detail *err);
