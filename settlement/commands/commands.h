/* The subcommands. Each gets the words behind its name and returns an `enum exit_code`. */
#pragma once

int command_serve(int argc, char **argv);
