/* A SQLite VFS that loses power: it passes everything on to the system's VFS, remembers what was synced, and at the cut
 * puts each file back to what a disk might hold: synced sectors surely, unsynced ones by the toss of a coin, in any
 * order, the write under way torn. The model of a disk: 512-byte sectors, an honest fsync, a deletion that is durable
 * when the folder was synced. One at a time, for the whole process. */
#pragma once

#include <stdint.h>

#define LOSING_VFS_NAME "losing"

void losing_vfs_register(void);

/* Power is on, nothing is armed; files that were known are forgotten. SEED decides every later toss. */
void losing_vfs_reset(uint64_t seed);

/* The power goes at the OPERATIONS-th write, sync or delete from now. */
void losing_vfs_arm(unsigned operations);

/* The power went: every operation on files fails. */
int losing_vfs_is_dead(void);

/* Everything is closed: make the files what the disk holds. Also cuts when the armed operation was never reached. */
void losing_vfs_cut(void);
