/* The list is read anew at each search, so that nothing has to be told of plugs that are pulled and put in. */
#include "drivers/code_stream/node_search.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

enum { NODES_MAX = 1024 /* looked at: as many as the kernel makes of a class */ };

enum status
node_open(const char *path, int *out_descriptor)
{
    const int descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (descriptor < 0) {
        return errno == EACCES ? STATUS_UNAUTHORIZED : STATUS_NOT_FOUND;
    }
    *out_descriptor = descriptor;
    return STATUS_OK;
}

static enum status
explain(enum status status, bool was_refused, struct error_detail *err)
{
    if (status == STATUS_BUSY) {
        error_set(err, "scanner_busy", "スキャナーをほかのプログラムが使っています。");
    } else if (status != STATUS_OK && was_refused) {
        error_set(err, "scanner_refused", "スキャナーを開く権限がありません。設置担当者に連絡してください。");
        return STATUS_UNAUTHORIZED;
    }
    return status;
}

enum status
node_search(struct code_scanner *scanner, const struct node_class *class, node_trial trial, int *out_descriptor,
            struct error_detail *err)
{
    bool was_refused = false;
    enum status status = STATUS_NOT_FOUND;
    DIR *nodes = opendir(class->list);
    const struct dirent *node = nodes != NULL ? readdir(nodes) : NULL;
    for (int i = 0; node != NULL && i < NODES_MAX && status != STATUS_OK && status != STATUS_BUSY; i++) {
        if (strncmp(node->d_name, class->prefix, strlen(class->prefix)) == 0) {
            char path[NODE_PATH_SIZE];
            snprintf(path, sizeof path, "%s/%s", class->folder, node->d_name);
            status = trial(scanner, path, out_descriptor);
            was_refused = was_refused || status == STATUS_UNAUTHORIZED;
        }
        node = readdir(nodes);
    }
    if (nodes != NULL) {
        closedir(nodes);
    }
    return explain(status == STATUS_UNAUTHORIZED ? STATUS_NOT_FOUND : status, was_refused, err);
}
