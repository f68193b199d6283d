/* What a scanned code is, for somebody who tries the scanner. Pure. */
#pragma once

#include "common/outcome/status.h"

#include <stddef.h>

enum { SCAN_SUMMARY_SIZE = 200 };

/* A sentence with CODE's kind, how long it is, and the two characters at each end of one that is long enough: who held
 * the phone sees that it was his code, and nobody can pay with what is left of it. Returns OUT. */
const char *scan_summary(const char *code, size_t length, char out[SCAN_SUMMARY_SIZE]);
