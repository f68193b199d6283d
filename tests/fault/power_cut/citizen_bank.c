/* The bank and its book. */
#include "citizen_bank.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ACCOUNTS_MAX = 4096 };

struct account {
    char payment[IDENTITY_TEXT_SIZE];
    int64_t amount_yen;
    bool is_charged;
    bool is_cancelled; /* for good: a later charge is refused */
};

struct citizen_bank {
    pthread_mutex_t lock;
    uint64_t random_state;
    struct account accounts[ACCOUNTS_MAX];
    size_t count;
};

struct bank_channel {
    struct payment_channel channel;
    struct citizen_bank *bank;
};

struct citizen_bank *
citizen_bank_create(uint64_t seed)
{
    struct citizen_bank *bank = calloc(1, sizeof *bank);
    if (bank != NULL) {
        pthread_mutex_init(&bank->lock, NULL);
        bank->random_state = seed * 2 + 1;
    }
    return bank;
}

void
citizen_bank_destroy(struct citizen_bank *bank)
{
    pthread_mutex_destroy(&bank->lock);
    free(bank);
}

static unsigned
toss(struct citizen_bank *bank, unsigned sides)
{
    bank->random_state = bank->random_state * 6364136223846793005ULL + 1442695040888963407ULL;
    return (unsigned)(bank->random_state >> 33) % sides;
}

static struct account *
account_of(struct citizen_bank *bank, const char *payment, bool makes_one)
{
    for (size_t i = 0; i < bank->count; i++) {
        if (strcmp(bank->accounts[i].payment, payment) == 0) {
            return &bank->accounts[i];
        }
    }
    if (!makes_one || bank->count == ACCOUNTS_MAX) {
        return NULL;
    }
    struct account *account = &bank->accounts[bank->count++];
    snprintf(account->payment, sizeof account->payment, "%s", payment);
    return account;
}

static void
tell(const struct account *account, struct payment_answer *out)
{
    out->amount_yen = account->amount_yen;
    snprintf(out->brand, sizeof out->brand, "paypay");
    out->result = account->is_cancelled && account->amount_yen > 0 ? PAYMENT_REVERSED
                  : account->is_cancelled                          ? PAYMENT_NOT_CHARGED
                  : account->is_charged                            ? PAYMENT_APPROVED
                                                                   : PAYMENT_DECLINED;
}

static void
start(struct payment_channel *channel, const struct payment_request *request, struct payment_answer *out)
{
    struct citizen_bank *bank = ((struct bank_channel *)(void *)channel)->bank;
    memset(out, 0, sizeof *out);
    pthread_mutex_lock(&bank->lock);
    unsigned way = toss(bank, 8);
    out->result = PAYMENT_UNKNOWN;
    snprintf(out->cause, sizeof out->cause, "no_answer");
    if (way != 0) { /* 0: lost before it arrived */
        struct account *account = account_of(bank, request->payment, true);
        if (!account->is_cancelled && way != 1) {
            account->is_charged = true;
            account->amount_yen = request->amount_yen;
        }
        if (way > 3) { /* 2, 3: charged, and the answer is lost */
            tell(account, out);
        }
    }
    pthread_mutex_unlock(&bank->lock);
}

static void
inquire(struct payment_channel *channel, const struct payment_reference *payment, struct payment_answer *out)
{
    struct citizen_bank *bank = ((struct bank_channel *)(void *)channel)->bank;
    memset(out, 0, sizeof *out);
    pthread_mutex_lock(&bank->lock);
    const struct account *account = account_of(bank, payment->payment, false);
    if (account != NULL) {
        tell(account, out);
    } else {
        out->result = PAYMENT_NOT_FOUND;
    }
    pthread_mutex_unlock(&bank->lock);
}

static void
cancel(struct payment_channel *channel, const struct payment_reference *payment, struct payment_answer *out)
{
    struct citizen_bank *bank = ((struct bank_channel *)(void *)channel)->bank;
    memset(out, 0, sizeof *out);
    pthread_mutex_lock(&bank->lock);
    struct account *account = account_of(bank, payment->payment, true);
    account->is_cancelled = true;
    tell(account, out);
    account->is_charged = false;
    pthread_mutex_unlock(&bank->lock);
}

static void
stop(struct payment_channel *channel)
{
    (void)channel;
}

static bool
check(struct payment_channel *channel, char reason[REASON_SIZE])
{
    (void)channel;
    reason[0] = '\0';
    return true;
}

static void
destroy(struct payment_channel *channel)
{
    free(channel);
}

static const struct payment_channel_operations operations = {
    .name = "citizen-bank",
    .start = start,
    .inquire = inquire,
    .cancel = cancel,
    .stop = stop,
    .check = check,
    .destroy = destroy,
};

struct payment_channel *
citizen_bank_channel(struct citizen_bank *bank)
{
    struct bank_channel *channel = calloc(1, sizeof *channel);
    if (channel == NULL) {
        return NULL;
    }
    channel->channel.operations = &operations;
    channel->bank = bank;
    return &channel->channel;
}

int64_t
citizen_bank_charged_yen(struct citizen_bank *bank, const char *payment)
{
    pthread_mutex_lock(&bank->lock);
    const struct account *account = account_of(bank, payment, false);
    int64_t yen = account != NULL && account->is_charged ? account->amount_yen : 0;
    pthread_mutex_unlock(&bank->lock);
    return yen;
}

int64_t
citizen_bank_total_yen(struct citizen_bank *bank)
{
    int64_t yen = 0;
    pthread_mutex_lock(&bank->lock);
    for (size_t i = 0; i < bank->count; i++) {
        yen += bank->accounts[i].is_charged ? bank->accounts[i].amount_yen : 0;
    }
    pthread_mutex_unlock(&bank->lock);
    return yen;
}
