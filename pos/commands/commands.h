/* The commands of madoguchi-pos. Each returns its exit code (see main.c). */
#pragma once

#include "common/outcome/status.h"

enum { EXIT_DONE = 0, EXIT_FOUND = 1, EXIT_USAGE = 2, EXIT_INPUT = 3, EXIT_SYSTEM = 4 };

int serve_command(int argc, char **argv);
int enrol_command(int argc, char **argv);
int masters_key_command(int argc, char **argv);
int journal_command(int argc, char **argv);
int code_command(int argc, char **argv);
int tariff_command(int argc, char **argv);
int card_command(int argc, char **argv);
int terminal_command(int argc, char **argv);
int device_command(int argc, char **argv);

/* The value behind OPTION ("--config"), or NULL. */
const char *option_value(int argc, char **argv, const char *option);
bool option_is_given(int argc, char **argv, const char *option);

/* Whether every argument is one of ALLOWED: "--name" for a flag, "--name=" for one with a value. Says on standard error
 * what is wrong. */
bool options_are_known(int argc, char **argv, const char *const *allowed);

/* Print "madoguchi-pos COMMAND: MESSAGE" and give the exit code that fits. */
int fail_with(const char *command, enum status status, const struct error_detail *err);
