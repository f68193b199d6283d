/* Trying the devices of a configuration, without a till. */
#pragma once

#include "common/config/config.h"

/* "printer", "drawer", "scanner", "display", "reader", "terminal". */
bool device_self_test_knows(const char *device);

/* Try DEVICE ("": all) and print how each did, a line each. The exit code. */
int device_self_test(const struct config *config, const char *device);
