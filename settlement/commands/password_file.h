/* Passwords come from files, never from the command line, where every user of the machine could read them. */
#pragma once

#include "settlement/access/sign_in.h"

/* The first line of the file at PATH. STATUS_INVALID "password_too_weak" when it is too long. OUT: secret_wipe. */
enum status password_file_read(const char *path, char out[PASSWORD_MAX_BYTES + 1], struct error_detail *err) MUST_CHECK;
