/* CRC-16/CCITT-FALSE (polynomial 1021, start FFFF, nothing reflected): the check of EMVCo merchant-presented codes
 * (EMV QRCPS Merchant-Presented Mode, 4.7.3). */
#pragma once

#include <stddef.h>
#include <stdint.h>

uint16_t crc16_ccitt_false(const void *bytes, size_t length);
