/* UUIDv7 ids and the checks of terminal and municipality codes. */
#include "common/identity/identity.h"

#include "common/signing/signing.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

/* The last time stamp given out in this process and the 12-bit counter within it: an id made later is larger, even when
 * the clock jumps back (then the counter runs on under the old time stamp). */
static pthread_mutex_t last_lock = PTHREAD_MUTEX_INITIALIZER;
static int64_t last_ms;
static unsigned last_counter;

enum { COUNTER_MAX = 0xFFF };

static void
next_position(int64_t instant_ms, int64_t *out_ms, unsigned *out_counter)
{
    pthread_mutex_lock(&last_lock);
    if (instant_ms > last_ms) {
        last_ms = instant_ms;
        last_counter = 0;
    } else if (last_counter < COUNTER_MAX) {
        last_counter++;
    } else {
        last_ms++;
        last_counter = 0;
    }
    *out_ms = last_ms;
    *out_counter = last_counter;
    pthread_mutex_unlock(&last_lock);
}

enum status
identity_new(char out[IDENTITY_TEXT_SIZE], int64_t instant_ms, struct error_detail *err)
{
    uint8_t random[8];
    enum status status = random_bytes(random, sizeof random, err);
    if (status != STATUS_OK) {
        return status;
    }
    int64_t ms;
    unsigned counter;
    next_position(instant_ms, &ms, &counter);
    uint64_t tail = 0;
    for (size_t i = 0; i < sizeof random; i++) {
        tail = tail << 8 | random[i];
    }
    uint64_t stamp = (uint64_t)ms & UINT64_C(0xFFFFFFFFFFFF);
    snprintf(out, IDENTITY_TEXT_SIZE, "%08llx-%04llx-7%03x-%04llx-%012llx", (unsigned long long)(stamp >> 16),
             (unsigned long long)(stamp & 0xFFFF), counter,
             (unsigned long long)(0x8000 | ((tail >> 48) & 0x3FFF)), /* variant 10 */
             (unsigned long long)(tail & UINT64_C(0xFFFFFFFFFFFF)));
    return STATUS_OK;
}

bool
identity_is_valid(const char *text)
{
    if (strlen(text) != IDENTITY_TEXT_SIZE - 1) {
        return false;
    }
    for (size_t i = 0; i < IDENTITY_TEXT_SIZE - 1; i++) {
        bool is_hyphen_place = i == 8 || i == 13 || i == 18 || i == 23;
        bool is_hex = (text[i] >= '0' && text[i] <= '9') || (text[i] >= 'a' && text[i] <= 'f');
        if (is_hyphen_place ? text[i] != '-' : !is_hex) {
            return false;
        }
    }
    return true;
}

bool
terminal_id_is_valid(const char *text)
{
    size_t length = strlen(text);
    if (length == 0 || length >= TERMINAL_ID_SIZE || text[0] == '-') {
        return false;
    }
    return strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") == length;
}

bool
terminal_id_is_for_training(const char *text)
{
    return strncmp(text, TRAINING_TERMINAL_PREFIX, sizeof TRAINING_TERMINAL_PREFIX - 1) == 0;
}

bool
terminal_id_is_of_desk(const char *text)
{
    return strncmp(text, DESK_TERMINAL_PREFIX, sizeof DESK_TERMINAL_PREFIX - 1) == 0;
}

bool
municipality_code_is_valid(const char *text)
{
    if (strlen(text) != MUNICIPALITY_CODE_SIZE - 1 || strspn(text, "0123456789") != MUNICIPALITY_CODE_SIZE - 1) {
        return false;
    }
    int sum = 0;
    for (int i = 0; i < 5; i++) {
        sum += (text[i] - '0') * (6 - i);
    }
    return (11 - sum % 11) % 10 == text[5] - '0';
}
