/* Answering a paper in the shape that is asked for: `format` pdf (or nothing), xlsx, csv, csv-cp932. For this folder
 * only. */
#pragma once

#include "common/http/server.h"
#include "settlement/forms/form.h"

/* Answer REQUEST with FORMS as one file called NAME (ASCII) and its ending. CSV is the table of the last form: the one
 * with the details. */
void respond_paper(struct http_request *request, const char *name, const struct form *const *forms, size_t count);
