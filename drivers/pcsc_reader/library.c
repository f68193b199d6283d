/* Symbols by name, all or nothing. */
#include "drivers/pcsc_reader/library.h"

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

static const struct {
    const char *name;
    size_t offset;
} symbols[] = {
    {"SCardEstablishContext", offsetof(struct pcsc_library, establish)},
    {"SCardReleaseContext", offsetof(struct pcsc_library, release)},
    {"SCardListReaders", offsetof(struct pcsc_library, list_readers)},
    {"SCardGetStatusChange", offsetof(struct pcsc_library, get_status_change)},
    {"SCardConnect", offsetof(struct pcsc_library, connect)},
    {"SCardDisconnect", offsetof(struct pcsc_library, disconnect)},
    {"SCardTransmit", offsetof(struct pcsc_library, transmit)},
};

enum status
pcsc_library_open(struct pcsc_library *out, struct error_detail *err)
{
    struct pcsc_library library = {.handle = dlopen("libpcsclite.so.1", RTLD_NOW | RTLD_LOCAL)};
    bool is_whole = library.handle != NULL;
    for (size_t i = 0; i < sizeof symbols / sizeof symbols[0] && is_whole; i++) {
        void *symbol = dlsym(library.handle, symbols[i].name);
        is_whole = symbol != NULL;
        memcpy((char *)&library + symbols[i].offset, &symbol,
               sizeof symbol); /* POSIX: a function fits an object pointer */
    }
    if (!is_whole) {
        error_set(err, "no_pcsc", "カードリーダーの部品(libpcsclite1)がありません。設置担当者に連絡してください。");
        pcsc_library_close(&library);
        return STATUS_DEVICE_GONE;
    }
    *out = library;
    return STATUS_OK;
}

void
pcsc_library_close(struct pcsc_library *library)
{
    if (library->handle != NULL) {
        dlclose(library->handle);
        library->handle = NULL;
    }
}
