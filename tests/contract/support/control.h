/* The control door of a simulator: JSON over HTTP on 127.0.0.1. Failures fail the test. */
#pragma once

#include "common/bytes/buffer.h"
#include "common/json/reader.h"

#include <stdint.h>

/* Call METHOD PATH with BODY (NULL for none); *OUT is given when OUT is not NULL: free with json_free. */
void control_call(uint16_t port, const char *method, const char *path, const char *body, struct json_value **out);

/* Member KEY of the JSON object in LINE, a port number. */
uint16_t control_port_in(const struct buffer *line, const char *key);
