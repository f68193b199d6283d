/* Which row of the route table a request means. */
#include "common/http/exchange.h"

#include <stdio.h>
#include <string.h>

static size_t
segment_length(const char *path)
{
    return strcspn(path, "/");
}

/* Both begin behind a '/'. Fills the parameters as it goes; the caller resets them between rows. */
static bool
segments_match(struct http_request *request, const char *pattern, const char *path)
{
    for (;;) {
        if (strcmp(pattern, "*") == 0) {
            struct path_parameter *rest = &request->parameters[request->parameter_count++];
            snprintf(rest->name, sizeof rest->name, "*");
            return snprintf(rest->value, sizeof rest->value, "%s", path) < (int)sizeof rest->value;
        }
        size_t pattern_length = segment_length(pattern);
        size_t path_length = segment_length(path);
        if (pattern[0] == ':') {
            struct path_parameter *parameter = &request->parameters[request->parameter_count++];
            if (path_length == 0 || path_length >= sizeof parameter->value) {
                return false;
            }
            snprintf(parameter->name, sizeof parameter->name, "%.*s", (int)(pattern_length - 1), pattern + 1);
            snprintf(parameter->value, sizeof parameter->value, "%.*s", (int)path_length, path);
        } else if (pattern_length != path_length || memcmp(pattern, path, path_length) != 0) {
            return false;
        }
        pattern += pattern_length;
        path += path_length;
        if (*pattern == '\0' || *path == '\0') {
            return *pattern == *path;
        }
        pattern++;
        path++;
    }
}

/* Add METHOD to the request's list of what the path takes ("GET, POST"), once. */
static void
allow(struct http_request *request, const char *method)
{
    size_t length = strlen(method);
    const char *place = request->allow;
    while ((place = strstr(place, method)) != NULL) {
        bool is_whole =
            (place == request->allow || place[-1] == ' ') && (place[length] == ',' || place[length] == '\0');
        if (is_whole) {
            return;
        }
        place += length;
    }
    size_t used = strlen(request->allow);
    snprintf(request->allow + used, sizeof request->allow - used, "%s%s", used > 0 ? ", " : "", method);
}

void
route_match(struct http_request *request, const struct http_route *routes, size_t count)
{
    for (size_t i = 0; i < count && request->path[0] == '/'; i++) {
        request->parameter_count = 0;
        if (!segments_match(request, routes[i].pattern + 1, request->path + 1)) {
            continue;
        }
        if (strcmp(routes[i].method, request->method) == 0) {
            request->route = &routes[i];
            return;
        }
        allow(request, routes[i].method);
    }
    request->parameter_count = 0;
}

bool
routes_are_valid(const struct http_route *routes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t parameters = 0;
        for (const char *at = routes[i].pattern; at != NULL; at = strchr(at + 1, '/')) {
            bool is_rest = strcmp(at, "/*") == 0;
            parameters += is_rest || strncmp(at, "/:", 2) == 0 ? 1 : 0;
            if (at[0] != '/' || segment_length(at + 1) >= PARAMETER_NAME_SIZE) {
                return false;
            }
        }
        if (parameters > PARAMETER_MAX || routes[i].handle == NULL) {
            return false;
        }
    }
    return true;
}
