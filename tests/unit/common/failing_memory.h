/* Allocations that fail on demand, for programs linked with MEMORY_WRAP (CMakeLists.txt). Only the code that is linked
 * in statically, ours and the test's, is touched; shared libraries allocate as ever. */
#pragma once

#include <stddef.h>

/* The COUNTth allocation from now on fails (1: the next one), and every one after it; 0: none fails. */
void memory_fail_from(unsigned count);
