/* The versions of a city's masters, for what may be explained by any of them. */
#pragma once

#include "common/json/reader.h"
#include "settlement/store/masters_store.h"

enum { CITIES_MAX = 2000 /* all of the country's, with room */ };

/* DOCUMENT is borrowed for the visit. *OUT_IS_DONE: no further version need be tried. */
typedef enum status (*published_visitor)(struct store_txn *txn, const char *city, const struct json_value *document,
                                         bool is_newest, void *context, bool *out_is_done, struct error_detail *err);

/* The newest version of CITY first, then the earlier ones until the visitor is done; nothing where there is none. */
enum status published_each(struct store_txn *txn, const char *city, published_visitor visit, void *context,
                           struct error_detail *err) MUST_CHECK;
