/* libpcsclite, loaded on first use; for this folder only. */
#pragma once

#include "common/outcome/status.h"

#include <winscard.h>

struct pcsc_library {
    void *handle;
    LONG (*establish)(DWORD scope, LPCVOID, LPCVOID, LPSCARDCONTEXT out);
    LONG (*release)(SCARDCONTEXT context);
    LONG (*list_readers)(SCARDCONTEXT context, LPCSTR groups, LPSTR out, LPDWORD size);
    LONG (*get_status_change)(SCARDCONTEXT context, DWORD timeout_ms, SCARD_READERSTATE *states, DWORD count);
    LONG(*connect)
    (SCARDCONTEXT context, LPCSTR reader, DWORD share, DWORD protocols, LPSCARDHANDLE out, LPDWORD protocol);
    LONG (*disconnect)(SCARDHANDLE card, DWORD disposition);
    LONG(*transmit)
    (SCARDHANDLE card, const SCARD_IO_REQUEST *send, LPCBYTE bytes, DWORD length, SCARD_IO_REQUEST *receive, LPBYTE out,
     LPDWORD out_length);
};

/* STATUS_DEVICE_GONE when libpcsclite is not installed. */
enum status pcsc_library_open(struct pcsc_library *out, struct error_detail *err) MUST_CHECK;
void pcsc_library_close(struct pcsc_library *library);
