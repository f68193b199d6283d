/* The till's payment adapters without a till: opens those of a configuration file and does what standard input says,
 * one operation a line; answers each with "RESULT CAUSE YEN". For tests of what a till asks rarely, as refunds.
 *
 *   start PAYMENT YEN BRAND CODE        inquire PAYMENT YEN BRAND AGE_MS        cancel PAYMENT YEN BRAND AGE_MS
 *   refund PAYMENT YEN BRAND AGE_MS REFUND YEN        check
 *
 * AGE_MS: how long ago the payment began. A brand's adapter has the brand's name. */
#include "pos/commands/qr_adapters.h"
#include "pos/commands/settings.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS_MAX = 8, LINE_MAX_BYTES = 512 };

struct words {
    const char *items[WORDS_MAX];
    size_t count;
};

static int64_t
number(const struct words *words, size_t index)
{
    return words->count > index ? strtoll(words->items[index], NULL, 10) : 0;
}

static struct payment_reference
reference_of(const struct words *words)
{
    const struct clock_source clock = clock_system();
    struct payment_reference out = {.amount_yen = number(words, 2),
                                    .started_ms = clock_now_ms(&clock) - number(words, 4)};
    snprintf(out.payment, sizeof out.payment, "%s", words->items[1]);
    snprintf(out.brand, sizeof out.brand, "%s", words->items[3]);
    snprintf(out.adapter, sizeof out.adapter, "%s", words->items[3]);
    return out;
}

static void
start(struct payment_channel *channel, const struct words *words, struct payment_answer *out)
{
    struct payment_request request = {
        .amount_yen = number(words, 2), .method = METHOD_QR, .code = words->items[4], .terminal = "KO-01"};
    snprintf(request.payment, sizeof request.payment, "%s", words->items[1]);
    snprintf(request.brand, sizeof request.brand, "%s", words->items[3]);
    snprintf(request.adapter, sizeof request.adapter, "%s", words->items[3]);
    channel->operations->start(channel, &request, out);
}

static void
perform(struct payment_channel *channel, const struct words *words)
{
    struct payment_answer answer = {0};
    const char *verb = words->items[0];
    if (strcmp(verb, "check") == 0) {
        char reason[REASON_SIZE];
        const bool is_ready = channel->operations->check(channel, reason);
        printf("%s\n", is_ready ? "ready" : "offline");
        return;
    }
    const struct payment_reference payment = reference_of(words);
    if (strcmp(verb, "start") == 0) {
        start(channel, words, &answer);
    } else if (strcmp(verb, "inquire") == 0) {
        channel->operations->inquire(channel, &payment, &answer);
    } else if (strcmp(verb, "cancel") == 0) {
        channel->operations->cancel(channel, &payment, &answer);
    } else {
        struct payment_refund refund = {.amount_yen = number(words, 6), .reason = "test"};
        snprintf(refund.refund, sizeof refund.refund, "%s", words->items[5]);
        payment_channel_refund(channel, &payment, &refund, &answer);
    }
    printf("%s %s %" PRId64 "\n", payment_result_word(answer.result), answer.cause[0] != '\0' ? answer.cause : "-",
           answer.amount_yen);
}

/* False for a line that says nothing that can be done. */
static bool
split(char *line, struct words *out)
{
    static const struct {
        const char *verb;
        size_t words;
    } verbs[] = {{"start", 5}, {"inquire", 5}, {"cancel", 5}, {"refund", 7}, {"check", 1}};
    char *rest = NULL;
    out->count = 0;
    for (char *word = strtok_r(line, " \n", &rest); word != NULL && out->count < WORDS_MAX;
         word = strtok_r(NULL, " \n", &rest)) {
        out->items[out->count++] = word;
    }
    for (size_t i = 0; out->count > 0 && i < sizeof verbs / sizeof verbs[0]; i++) {
        if (strcmp(out->items[0], verbs[i].verb) == 0) {
            return out->count == verbs[i].words;
        }
    }
    return false;
}

int
main(int argc, char **argv)
{
    struct config *config = NULL;
    struct payment_channel *channel = NULL;
    struct payment_channel *background = NULL;
    struct error_detail err;
    enum status status = argc == 2 ? settings_load(&config, argv[1], &err) : STATUS_INVALID;
    if (status == STATUS_OK) {
        status = qr_channels_open(&channel, &background, config, &err);
    }
    if (status != STATUS_OK || channel == NULL) {
        fprintf(stderr, "%s\n", argc != 2 ? "usage: payment_channel_probe CONFIG" : err.message);
        config_destroy(config);
        return 1;
    }
    char line[LINE_MAX_BYTES];
    int exit_code = 0;
    while (fgets(line, sizeof line, stdin) != NULL) {
        struct words words;
        if (!split(line, &words)) {
            exit_code = 2;
            break;
        }
        perform(channel, &words);
        fflush(stdout);
    }
    payment_channel_destroy(channel);
    payment_channel_destroy(background);
    config_destroy(config);
    return exit_code;
}
