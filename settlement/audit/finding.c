/* Findings. */
#include "settlement/audit/finding.h"

#include "common/money/yen.h"
#include "common/text/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
findings_finish(struct findings *findings)
{
    free(findings->list);
    *findings = (struct findings){0};
}

/* The next free place, or NULL when no more are kept. */
static struct finding *
next_finding(struct findings *findings)
{
    findings->count++;
    if (findings->kept == FINDINGS_MAX) {
        return NULL;
    }
    if (findings->kept % 64 == 0) {
        struct finding *grown = realloc(findings->list, (findings->kept + 64) * sizeof *grown);
        if (grown == NULL) {
            findings->has_failed = true;
            return NULL;
        }
        findings->list = grown;
    }
    return &findings->list[findings->kept++];
}

/* Within what JSON carries: a damaged row can hold anything. */
static int64_t
bounded_yen(int64_t amount_yen)
{
    return amount_yen > YEN_LIMIT ? YEN_LIMIT : amount_yen < -YEN_LIMIT ? -YEN_LIMIT : amount_yen;
}

void
finding_add(struct findings *findings, const char *code, const char *terminal, int64_t sequence, int64_t expected_yen,
            int64_t found_yen, const char *format, ...)
{
    struct finding *finding = next_finding(findings);
    if (finding == NULL) {
        return;
    }
    *finding = (struct finding){
        .sequence = sequence, .expected_yen = bounded_yen(expected_yen), .found_yen = bounded_yen(found_yen)};
    snprintf(finding->code, sizeof finding->code, "%s", code);
    snprintf(finding->terminal, sizeof finding->terminal, "%s", terminal != NULL ? terminal : "");
    char message[2 * FINDING_MESSAGE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    size_t length = utf8_prefix(message, strlen(message), sizeof finding->message - 1);
    memcpy(finding->message, message, length);
    finding->message[length] = '\0';
}

void
findings_print(const struct findings *findings)
{
    for (size_t i = 0; i < findings->kept; i++) {
        const struct finding *finding = &findings->list[i];
        char expected[YEN_TEXT_SIZE];
        char found[YEN_TEXT_SIZE];
        char difference[YEN_TEXT_SIZE];
        if (finding->terminal[0] != '\0') {
            printf("%s", finding->terminal);
        }
        if (finding->sequence > 0) {
            printf(" 行%lld", (long long)finding->sequence);
        }
        printf("%s%s: %s", finding->terminal[0] != '\0' ? " " : "", finding->code, finding->message);
        if (finding->expected_yen != 0 || finding->found_yen != 0) {
            printf(" [記録 %s円、帳簿 %s円、差 %s円]", yen_format(expected, finding->expected_yen),
                   yen_format(found, finding->found_yen),
                   yen_format(difference, finding->found_yen - finding->expected_yen));
        }
        printf("\n");
    }
    if (findings->count > (int64_t)findings->kept) {
        printf("…ほか%lld件\n", (long long)(findings->count - (int64_t)findings->kept));
    }
}
