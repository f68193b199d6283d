/* The store that a subcommand works on. */
#pragma once

#include "settlement/store/store.h"

/* Open the database that must exist already: a mistyped path must not make an empty one. STATUS_NOT_FOUND. */
enum status existing_store_open(struct store **out, const char *path, struct error_detail *err) MUST_CHECK;

/* Who runs the command, for the record: the account's name. Borrowed, static. */
const char *operator_name(void);
