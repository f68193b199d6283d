/* The allocator's front that the linker puts in place of malloc, calloc and realloc (--wrap). */
#include "tests/unit/common/failing_memory.h"

#include <stdlib.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);

static unsigned countdown;

void
memory_fail_from(unsigned count)
{
    countdown = count;
}

static int
must_fail(void)
{
    if (countdown > 1) {
        countdown--;
        return 0;
    }
    return countdown == 1;
}

void *
__wrap_malloc(size_t size)
{
    return must_fail() ? NULL : __real_malloc(size);
}

void *
__wrap_calloc(size_t count, size_t size)
{
    return must_fail() ? NULL : __real_calloc(count, size);
}

void *
__wrap_realloc(void *memory, size_t size)
{
    return must_fail() ? NULL : __real_realloc(memory, size);
}
