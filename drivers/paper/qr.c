/* QR codes, by libqrencode: the printer's own generator. */
#include "drivers/paper/machine.h"

#include <qrencode.h>

bool
paper_qr_draw(struct picture *out, const void *bytes, size_t length, unsigned module_dots, unsigned correction)
{
    static const QRecLevel levels[] = {QR_ECLEVEL_L, QR_ECLEVEL_M, QR_ECLEVEL_Q, QR_ECLEVEL_H};
    if (length == 0 || length > SYMBOL_DATA_MAX_BYTES || correction < 48 || correction > 51) {
        return false;
    }
    QRcode *code = QRcode_encodeData((int)length, bytes, /* version: smallest that fits */ 0, levels[correction - 48]);
    if (code == NULL) {
        return false;
    }
    const unsigned modules = (unsigned)code->width;
    const bool has_room = paper_picture_init(out, modules, modules);
    for (unsigned i = 0; has_room && i < modules * modules; i++) {
        if ((code->data[i] & 1) != 0) {
            paper_picture_set(out, i % modules, i / modules);
        }
    }
    QRcode_free(code);
    if (has_room && !paper_picture_enlarge(out, module_dots, module_dots)) {
        paper_picture_finish(out);
        return false;
    }
    return has_room;
}
