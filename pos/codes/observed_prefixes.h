/* How one-dimensional payment codes begin, as people have observed them. No official table is public; a city's masters
 * (brands, code_prefixes) are what a till sells by, and this table is for `madoguchi-pos code` and as their first
 * draft. */
#pragma once

#include "pos/codes/classify.h"

#define OBSERVED_PREFIXES_VERSION "2026-11"

extern const struct code_prefix observed_prefixes[];
extern const size_t observed_prefix_count;
