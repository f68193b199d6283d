/* The subcommands. Each gets the words behind its name and returns an `enum exit_code`. */
#pragma once

int command_serve(int argc, char **argv);
int command_enrol_code(int argc, char **argv);
int command_masters_load(int argc, char **argv);
int command_masters_check(int argc, char **argv);
int command_masters_diff(int argc, char **argv);
int command_masters_export(int argc, char **argv);
int command_masters_key(int argc, char **argv);
int command_rebuild(int argc, char **argv);
int command_migrate_store(int argc, char **argv);
int command_audit(int argc, char **argv);
int command_terminal_release(int argc, char **argv);
int command_terminal_revoke(int argc, char **argv);
int command_backup(int argc, char **argv);
int command_nightly(int argc, char **argv);
int command_restore(int argc, char **argv);
int command_pin_hash(int argc, char **argv);
int command_user_add(int argc, char **argv);
int command_assess(int argc, char **argv);
int command_export(int argc, char **argv);
int command_import(int argc, char **argv);
int command_decide(int argc, char **argv);
int command_reconcile(int argc, char **argv);
int command_discrepancies(int argc, char **argv);
