/* Read, and wiped from memory. */
#include "settlement/commands/password_file.h"

#include "common/bytes/buffer.h"

#include <string.h>

enum status
password_file_read(const char *path, char out[PASSWORD_MAX_BYTES + 1], struct error_detail *err)
{
    struct buffer file;
    buffer_init(&file, 4 * PASSWORD_MAX_BYTES);
    enum status status = buffer_read_file(&file, path, err);
    if (status == STATUS_OK) {
        size_t length = strcspn(buffer_text(&file), "\r\n");
        if (length > PASSWORD_MAX_BYTES) {
            error_set(err, "password_too_weak", "the password is longer than %d bytes", PASSWORD_MAX_BYTES);
            status = STATUS_INVALID;
        } else {
            memcpy(out, buffer_text(&file), length);
            out[length] = '\0';
        }
        if (file.data != NULL) {
            secret_wipe(file.data, file.length);
        }
    }
    buffer_finish(&file);
    return status;
}
