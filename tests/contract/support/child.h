/* A simulator as a child process: started, waited for until it says that it is ready, and ended for certain. */
#pragma once

#include "common/bytes/buffer.h"

#include <sys/types.h>

struct child {
    pid_t process; /* 0: none */
};

/* Run ARGUMENTS (NULL-terminated, program first) in FOLDER; append the first line it prints to READY_LINE. Fails the
 * test when it does not come. The child ends with this process whatever happens. */
void child_start(struct child *child, const char *folder, const char *const *arguments, struct buffer *ready_line);
void child_stop(struct child *child);
