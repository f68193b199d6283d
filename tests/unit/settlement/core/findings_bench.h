/* Tests of the audit: a database in which one thing is broken must give exactly the findings that name it. */
#pragma once

#include "settlement/audit/audit.h"
#include "tests/unit/settlement/core/store_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* What a test demands of one finding. A row whose code is NULL ends the list. */
struct demand {
    const char *code;
    const char *terminal;
    int64_t sequence;
    int64_t expected_yen;
    int64_t found_yen;
};

static inline bool
finding_fits(const struct demand *demand, const struct finding *finding)
{
    return strcmp(demand->code, finding->code) == 0 && strcmp(demand->terminal, finding->terminal) == 0 &&
           demand->sequence == finding->sequence && demand->expected_yen == finding->expected_yen &&
           demand->found_yen == finding->found_yen;
}

/* The audit finds these, each once, and nothing else. */
static inline void
assert_findings(struct bench *bench, const struct demand *demands)
{
    struct error_detail err;
    struct audit_report report;
    size_t wanted = 0;
    if (audit_run(bench->store, NULL, &report, &err) != STATUS_OK) {
        fail_msg("the audit failed: %s", err.message);
    }
    bool is_right = true;
    for (; demands[wanted].code != NULL; wanted++) {
        size_t matches = 0;
        for (size_t i = 0; i < report.findings.kept; i++) {
            matches += finding_fits(&demands[wanted], &report.findings.list[i]);
        }
        is_right = is_right && matches == 1;
    }
    if (!is_right || report.findings.kept != wanted) {
        for (size_t i = 0; i < report.findings.kept; i++) {
            const struct finding *finding = &report.findings.list[i];
            print_message("found: %s %s %lld, %lld instead of %lld: %s\n", finding->code, finding->terminal,
                          (long long)finding->sequence, (long long)finding->found_yen, (long long)finding->expected_yen,
                          finding->message);
        }
        fail_msg("the audit found %zu differences where exactly %zu were made", report.findings.kept, wanted);
    }
    audit_report_finish(&report);
}

#define DEMANDS(...) ((const struct demand[]){__VA_ARGS__, {NULL, NULL, 0, 0, 0}})
#define DEMANDS_OF_NOTHING ((const struct demand[]){{NULL, NULL, 0, 0, 0}})
