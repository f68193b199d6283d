/* The person at the machine's console, as one who acts. */
#pragma once

#include "settlement/access/actor.h"
#include "settlement/store/store.h"

/* Login "cli", the account's name as address; of MUNICIPALITY, or of the only one that has masters when NULL. */
enum status
operator_actor(struct store *store, const char *municipality, struct actor *out, struct error_detail *err) MUST_CHECK;

/* The same for work on what a city has: STATUS_NOT_FOUND also when there are masters, and none of MUNICIPALITY. */
enum status
operator_of_city(struct store *store, const char *municipality, struct actor *out, struct error_detail *err) MUST_CHECK;
