/* camt.053 beyond the plain file: several accounts in one document, entries that are not booked yet, batches with
 * details, reversals, balances, both forms of names, and XML that is made to harm. */
#include "statement_support.h"

#include "settlement/statements/reader.h"

#include <stdio.h>
#include <string.h>

#define DOCUMENT(version, inside)                                                                                      \
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001." version \
    "\"><BkToCstmrStmt>" inside "</BkToCstmrStmt></Document>"
#define STATEMENT(inside) "<Stmt><Acct><Id><Othr><Id>1234567</Id></Othr></Id></Acct>" inside "</Stmt>"
#define BALANCE(kind, yen, sign)                                                                                       \
    "<Bal><Tp><CdOrPrtry><Cd>" kind "</Cd></CdOrPrtry></Tp><Amt Ccy=\"JPY\">" yen "</Amt><CdtDbtInd>" sign             \
    "</CdtDbtInd></Bal>"
#define ENTRY(yen, sign, state, more)                                                                                  \
    "<Ntry><Amt Ccy=\"JPY\">" yen "</Amt><CdtDbtInd>" sign "</CdtDbtInd>" state                                        \
    "<BookgDt><Dt>2026-11-25</Dt></BookgDt>" more "</Ntry>"
#define BOOKED "<Sts><Cd>BOOK</Cd></Sts>"
#define DETAIL(yen, id) "<TxDtls><Refs><EndToEndId>" id "</EndToEndId></Refs><Amt Ccy=\"JPY\">" yen "</Amt></TxDtls>"

/* One line for each entry that was given: account, sign, yen, EDI; "!" and the sentence's code for one that was not. */
static const struct {
    const char *file;
    const char *found; /* NULL: the file is refused */
    const char *word;  /* in the sentence of what was refused */
} cases[] = {
    /* Two accounts, each with its own sums. */
    {DOCUMENT(
         "08",
         STATEMENT(BALANCE("OPBD", "100", "CRDT") BALANCE("CLBD", "400", "CRDT") ENTRY("300", "CRDT", BOOKED, ""))
             STATEMENT(BALANCE("OPBD", "50", "CRDT") BALANCE("CLBD", "10", "CRDT") ENTRY("40", "DBIT", BOOKED, ""))),
     "+300 \n-40 \n", ""},
    /* The older version: its names of states and banks. */
    {DOCUMENT("02", STATEMENT(ENTRY("300", "CRDT", "<Sts>BOOK</Sts>", "") ENTRY("7", "CRDT", "<Sts>PDNG</Sts>", ""))),
     "+300 \n", ""},
    /* Pending, announced and future entries are no money yet, and are not held against balances. */
    {DOCUMENT("08", STATEMENT(BALANCE("OPBD", "0", "CRDT") BALANCE("CLBD", "300", "CRDT")
                                  ENTRY("9999", "CRDT", "<Sts><Cd>PDNG</Cd></Sts>", "") ENTRY("300", "CRDT", BOOKED, "")
                                      ENTRY("8", "DBIT", "<Sts><Cd>INFO</Cd></Sts>", "")
                                          ENTRY("8", "DBIT", "<Sts><Cd>FUTR</Cd></Sts>", ""))),
     "+300 \n", ""},
    /* A reversal says its own direction: a credit taken back leaves the account. */
    {DOCUMENT("08", STATEMENT(BALANCE("PRCD", "1000", "CRDT") BALANCE("CLBD", "700", "CRDT")
                                  ENTRY("300", "DBIT", "<RvslInd>true</RvslInd>" BOOKED, ""))),
     "-300 \n", ""},
    /* Overdrawn on both sides. */
    {DOCUMENT("08", STATEMENT(BALANCE("OPBD", "500", "DBIT") BALANCE("CLBD", "200", "DBIT")
                                  ENTRY("300", "CRDT", BOOKED, ""))),
     "+300 \n", ""},
    /* One detail speaks for its entry; several do not, and must come to it. */
    {DOCUMENT("08", STATEMENT(ENTRY("300", "CRDT", BOOKED, "<NtryDtls>" DETAIL("300", "P1") "</NtryDtls>"))),
     "+300 P1\n", ""},
    {DOCUMENT("08", STATEMENT(ENTRY("300", "CRDT", BOOKED,
                                    "<NtryDtls><Btch><NbOfTxs>2</NbOfTxs></Btch>" DETAIL("100", "P1")
                                        DETAIL("200", "P2") "</NtryDtls>"))),
     "+300 \n", ""},
    {DOCUMENT("08",
              STATEMENT(ENTRY("300", "CRDT", BOOKED, "<NtryDtls>" DETAIL("100", "P1") DETAIL("201", "P2") "</NtryDtls>")
                            ENTRY("5", "CRDT", BOOKED, ""))),
     "!statement_field\n+5 \n", "301"},
    {DOCUMENT("08", STATEMENT(ENTRY("300", "CRDT", BOOKED,
                                    "<NtryDtls><TxDtls><Amt Ccy=\"JPY\">400</Amt><CdtDbtInd>CRDT"
                                    "</CdtDbtInd></TxDtls><TxDtls><Amt Ccy=\"JPY\">100</Amt>"
                                    "<CdtDbtInd>DBIT</CdtDbtInd></TxDtls></NtryDtls>"))),
     "+300 \n", ""},
    {DOCUMENT("02", STATEMENT(ENTRY("300", "DBIT", "<Sts>BOOK</Sts>",
                                    "<NtryDtls><TxDtls><AmtDtls><TxAmt><Amt Ccy=\"JPY\">300</Amt></TxAmt></AmtDtls>"
                                    "</TxDtls></NtryDtls>"))),
     "-300 \n", ""},
    /* A page of several has an interim balance: there is nothing to hold it against. */
    {DOCUMENT("08",
              STATEMENT(BALANCE("OPBD", "100", "CRDT") BALANCE("ITBD", "7", "CRDT") ENTRY("300", "CRDT", BOOKED, ""))),
     "+300 \n", ""},
    /* Balances that the entries do not explain, that are no number, that a line which cannot be read leaves unproved.
     */
    {DOCUMENT("08", STATEMENT(BALANCE("OPBD", "100", "CRDT") BALANCE("CLBD", "401", "CRDT")
                                  ENTRY("300", "CRDT", BOOKED, ""))),
     NULL, "401"},
    {DOCUMENT("08", STATEMENT(BALANCE("OPBD", "1OO", "CRDT") ENTRY("300", "CRDT", BOOKED, ""))), NULL, "1OO"},
    {DOCUMENT("08", STATEMENT(BALANCE("OPBD", "0", "CRDT") BALANCE("CLBD", "300", "CRDT")
                                  ENTRY("300", "CRDT", BOOKED, "") ENTRY("4x", "CRDT", BOOKED, ""))),
     NULL, "読めない行"},
    {DOCUMENT("08", STATEMENT("<TxsSummry><TtlNtries><NbOfNtries>2</NbOfNtries></TtlNtries></TxsSummry>" ENTRY(
                        "300", "CRDT", BOOKED, ""))),
     NULL, "件数"},
    /* Not yen; a fraction; no booking day; nothing at all; another kind of document. */
    {DOCUMENT("08", STATEMENT("<Ntry><Amt Ccy=\"USD\">3</Amt><CdtDbtInd>CRDT</CdtDbtInd><BookgDt><Dt>2026-11-25</Dt>"
                              "</BookgDt></Ntry>" ENTRY("5", "CRDT", BOOKED, ""))),
     "!statement_field\n+5 \n", "USD"},
    {DOCUMENT("08", STATEMENT(ENTRY("300.50", "CRDT", BOOKED, "") ENTRY("5.00000", "CRDT", BOOKED, ""))),
     "!statement_field\n+5 \n", ""},
    {"", NULL, ""},
    {"<?xml version=\"1.0\"?><Document><BkToCstmrDbtCdtNtfctn><Ntfctn/></BkToCstmrDbtCdtNtfctn></Document>", NULL, ""},
    /* Entities: files of the machine, and a billion of laughs. */
    {"<?xml version=\"1.0\"?><!DOCTYPE D [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><Document>&x;</Document>", NULL,
     "DOCTYPE"},
    {"<!DOCTYPE D [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\"><!ENTITY c "
     "\"&b;&b;&b;&b;\">]><Document>&c;</Document>",
     NULL, "DOCTYPE"},
    {"<?xml version=\"1.0\"?><!DOCTYPE Document SYSTEM \"http://127.0.0.1/x.dtd\"><Document/>", NULL, "DOCTYPE"},
    {"<?xml version=\"1.0\"?><Document>&undefined;</Document>", NULL, ""},
};

struct seen {
    struct buffer text;
    struct error_detail fault;
};

static void
keep_fault(const struct error_detail *fault, struct text_view raw, void *context)
{
    (void)raw;
    struct seen *seen = context;
    seen->fault = *fault;
    buffer_printf(&seen->text, "!%s\n", fault->code);
}

static enum status
read_all(struct seen *seen, const struct layout *layout, const char *bytes, struct error_detail *err)
{
    struct reader *reader = NULL;
    struct bank_line line;
    bool has_line = true;
    enum status status = reader_create(&reader, layout, bytes, strlen(bytes), TEST_NOT_AFTER, err);
    if (status == STATUS_OK) {
        reader_keep_faults(reader, keep_fault, seen);
    }
    while (status == STATUS_OK && (status = reader_next_bank(reader, &line, &has_line, err)) == STATUS_OK && has_line) {
        buffer_printf(&seen->text, "%c%lld %.*s\n", line.direction == BANK_IN ? '+' : '-', (long long)line.amount_yen,
                      (int)line.edi.length, line.edi.at);
        support_expect_text(line.account_number, "1234567");
        reader_forget_texts(reader);
    }
    reader_destroy(reader);
    return status;
}

static void
what_banks_send_in_camt_053_is_counted_once_or_refused_in_words(void **state)
{
    (void)state;
    struct layout *layout = support_layout("settlement/statements/layouts/camt-053.json");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct seen seen = {0};
        struct error_detail err = {0};
        buffer_init(&seen.text, 65536);

        enum status status = read_all(&seen, layout, cases[i].file, &err);

        const char *sentence = cases[i].found == NULL ? err.message : seen.fault.message;
        if ((status == STATUS_OK) != (cases[i].found != NULL) ||
            (status == STATUS_OK && strcmp(buffer_text(&seen.text), cases[i].found) != 0) ||
            strstr(sentence, cases[i].word) == NULL || (status != STATUS_OK && err.line == 0)) {
            fail_msg("%zu: status %d, found\n%s\n%u:%u %s / %s", i, status, buffer_text(&seen.text), err.line,
                     err.column, err.message, seen.fault.message);
        }
        buffer_finish(&seen.text);
    }
    layout_destroy(layout);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_banks_send_in_camt_053_is_counted_once_or_refused_in_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
