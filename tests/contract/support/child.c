/* fork, exec, and a pipe for the ready line. */
#include "tests/contract/support/child.h"

#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum {
    READY_TIMEOUT_MS = 120 * 1000, /* a loaded machine starting an interpreter */
    STOP_POLLS = 500,
    STOP_POLL_NS = 10 * 1000 * 1000
};

static void
run(const char *folder, const char *const *arguments, int output)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (dup2(output, STDOUT_FILENO) < 0 || chdir(folder) != 0) {
        _exit(127);
    }
    execvp(arguments[0], (char *const *)(uintptr_t)arguments);
    _exit(127);
}

static void
read_line(int descriptor, struct buffer *line)
{
    for (;;) {
        struct pollfd entry = {.fd = descriptor, .events = POLLIN};
        char c;
        assert_int_equal(poll(&entry, 1, READY_TIMEOUT_MS), 1);
        assert_int_equal(read(descriptor, &c, 1), 1);
        if (c == '\n') {
            return;
        }
        buffer_append_byte(line, (unsigned char)c);
    }
}

void
child_start(struct child *child, const char *folder, const char *const *arguments, struct buffer *ready_line)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    child->process = fork();
    assert_true(child->process >= 0);
    if (child->process == 0) {
        close(ends[0]);
        run(folder, arguments, ends[1]);
    }
    close(ends[1]);
    read_line(ends[0], ready_line);
    close(ends[0]);
}

void
child_stop(struct child *child)
{
    if (child->process <= 0) {
        return;
    }
    kill(child->process, SIGTERM);
    for (int i = 0; i < STOP_POLLS; i++) {
        if (waitpid(child->process, NULL, WNOHANG) != 0) {
            child->process = 0;
            return;
        }
        nanosleep(&(struct timespec){.tv_nsec = STOP_POLL_NS}, NULL);
    }
    kill(child->process, SIGKILL);
    waitpid(child->process, NULL, 0);
    child->process = 0;
}
