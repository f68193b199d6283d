/* One path for all dark modules; runs along a row are one rectangle. */
#include "pos/codes/qr_svg.h"

#include <qrencode.h>

enum { QUIET_MODULES = 4, TEXT_MAX_BYTES = 1024 };

static void
write_row(const unsigned char *row, int width, int y, struct buffer *out)
{
    int x = 0;
    while (x < width) {
        int end = x;
        while (end < width && (row[end] & 1) != 0) {
            end++;
        }
        if (end > x) {
            buffer_printf(out, "M%d %dh%dv1h-%dz", x + QUIET_MODULES, y + QUIET_MODULES, end - x, end - x);
        }
        x = end + 1;
    }
}

enum status
qr_svg_write(const char *text, size_t length, struct buffer *out, struct error_detail *err)
{
    QRcode *code = NULL;
    if (length > 0 && length <= TEXT_MAX_BYTES) {
        code = QRcode_encodeData((int)length, (const unsigned char *)text, /* version: the smallest that fits */ 0,
                                 QR_ECLEVEL_M);
    }
    if (code == NULL) {
        error_set(err, "qr_code", "%zu bytes do not fit into a QR code", length);
        return STATUS_OVERFLOW;
    }
    const int size = code->width + 2 * QUIET_MODULES;
    buffer_printf(out,
                  "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" shape-rendering=\"crispEdges\">"
                  "<path fill=\"#fff\" d=\"M0 0h%dv%dH0z\"/><path fill=\"#000\" d=\"",
                  size, size, size, size);
    for (int y = 0; y < code->width; y++) {
        write_row(code->data + (size_t)y * (size_t)code->width, code->width, y, out);
    }
    buffer_append_text(out, "\"/></svg>");
    QRcode_free(code);
    return buffer_check(out, err);
}
