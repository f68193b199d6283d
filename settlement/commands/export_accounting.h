/* The part of `export` that writes the books as a plain-text accounting journal. */
#pragma once

#include "settlement/access/actor.h"
#include "settlement/store/store.h"

/* Write the books of ACTOR's municipality to PATH: the whole file appears at once, durably, or what was there stays.
 * Prints what was written. STATUS_IO. */
enum status export_accounting(struct store *store, const struct actor *actor, const char *path,
                              struct error_detail *err) MUST_CHECK;
