/* The document around a record: whose paper, which form, and the defaults for what is left out. */
#include "pos/receipt/document.h"

#include "pos/receipt/document_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    ISSUERS_MAX = 64,                /* a city's 会計 and the operators of its facilities */
    COPY_MAX = 9999,                 /* a sale that was printed more often is a mistake in the document */
    NOTE_MAX_BYTES = REASON_SIZE - 1 /* as the masters hold it */
};

/* INVARIANT: every text of `input` lies in `root`, in a record beside it, or is a literal. */
struct receipt_document {
    struct json_value *root;
    struct receipt_input input;
    struct sale sale;
    struct receipt_in_doubt in_doubt;
    struct receipt_day day;
    struct master_issuer issuers[ISSUERS_MAX];
    char terminal[RECEIPT_NUMBER_SIZE];
};

void
receipt_document_destroy(struct receipt_document *document)
{
    if (document != NULL) {
        json_free(document->root);
        free(document);
    }
}

struct receipt_input *
receipt_document_input(struct receipt_document *document)
{
    return &document->input;
}

static enum status
refuse_unknown_members(const struct json_value *root, struct error_detail *err)
{
    static const char *const known[] = {
        "sale",       "void",        "in_doubt",        "day",    "business_date", "terminal",          "at",
        "printed_at", "place_name",  "issuers",         "brands", "clerk_name",    "municipality_name", "brand_name",
        "note",       "is_training", "is_usage_titled", "copy",
    };
    for (const struct json_value *member = json_first(root); member != NULL; member = json_next(member)) {
        bool is_known = false;
        for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
            is_known = is_known || strcmp(json_key(member), known[i]) == 0;
        }
        if (!is_known) {
            error_set(err, "unknown_member", "\"%s\" is not a member of this document", json_key(member));
            return STATUS_INVALID;
        }
    }
    return STATUS_OK;
}

static enum status
read_issuers(struct receipt_document *document, const struct json_value *root, struct error_detail *err)
{
    const struct json_value *array = json_member(root, "issuers");
    if (json_is_null(array)) {
        return STATUS_OK;
    }
    if (!json_is_array(array) || json_count(array) > ISSUERS_MAX) {
        error_set(err, "wrong_member", "\"issuers\" must be an array of at most %d issuers", ISSUERS_MAX);
        return STATUS_INVALID;
    }
    enum status status = STATUS_OK;
    for (const struct json_value *item = json_first(array); item != NULL && status == STATUS_OK;
         item = json_next(item)) {
        struct master_issuer *issuer = &document->issuers[document->input.issuer_count++];
        const struct document_text texts[] = {
            {"code", issuer->code, sizeof issuer->code, .is_required = true},
            {"name", issuer->name, sizeof issuer->name, .is_required = true},
            {"registration_number", issuer->registration_number, sizeof issuer->registration_number,
             .is_required = false},
        };
        status = document_read_texts(item, texts, sizeof texts / sizeof texts[0], err);
        if (status != STATUS_OK) {
            error_prefix(err, "issuers[%zu]: ", document->input.issuer_count - 1);
        }
    }
    return status;
}

static enum status
read_names(struct receipt_input *input, const struct json_value *root, struct error_detail *err)
{
    const struct {
        const char *key;
        const char **out;
        size_t max_bytes;
    } texts[] = {
        {"municipality_name", &input->municipality_name, NAME_SIZE - 1},
        {"place_name", &input->place_name, NAME_SIZE - 1},
        {"terminal", &input->terminal, TERMINAL_ID_SIZE - 1},
        {"clerk_name", &input->clerk_name, NAME_SIZE - 1},
        {"brand_name", &input->brand_name, NAME_SIZE - 1},
        {"note", &input->note, NOTE_MAX_BYTES},
    };
    enum status status = STATUS_OK;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0] && status == STATUS_OK; i++) {
        status = json_get_text_or(root, texts[i].key, texts[i].max_bytes, "", texts[i].out, err);
    }
    if (status == STATUS_OK) {
        status = json_get_bool_or(root, "is_training", false, &input->is_training, err);
    }
    if (status == STATUS_OK) {
        status = json_get_bool_or(root, "is_usage_titled", false, &input->is_usage_titled, err);
    }
    if (status == STATUS_OK) {
        status = json_get_int_or(root, "copy", 0, COPY_MAX, 0, &input->copy, err);
    }
    if (status == STATUS_OK) {
        status = document_read_instant(root, "at", &input->at_ms, err);
    }
    return status == STATUS_OK ? document_read_instant(root, "printed_at", &input->printed_at_ms, err) : status;
}

static enum status
read_void(struct receipt_input *input, const struct json_value *voiding, struct error_detail *err)
{
    input->form = RECEIPT_VOID;
    enum status status = json_get_text_or(voiding, "reason", REASON_SIZE - 1, "", &input->void_reason, err);
    if (status == STATUS_OK) {
        status = document_read_instant(voiding, "at", &input->voided_at_ms, err);
    }
    if (status != STATUS_OK) {
        error_prefix(err, "void: ");
    }
    return status;
}

/* The terminal that a receipt number begins with: TERMINAL-YYYYMMDD-NNNN. */
static const char *
terminal_of(struct receipt_document *document, const char *receipt_number)
{
    snprintf(document->terminal, sizeof document->terminal, "%s", receipt_number);
    for (unsigned dashes = 0; dashes < 2; dashes++) {
        char *dash = strrchr(document->terminal, '-');
        if (dash == NULL) {
            return "";
        }
        *dash = '\0';
    }
    return document->terminal;
}

static const char *
or_else(const char *text, const char *fallback)
{
    return text[0] != '\0' ? text : fallback;
}

static enum status
read_sale(struct receipt_document *document, const struct json_value *root, const struct json_value *body,
          struct error_detail *err)
{
    struct receipt_input *input = &document->input;
    enum status status = sale_read(&document->sale, body, err);
    if (status != STATUS_OK) {
        error_prefix(err, "sale: ");
        return status;
    }
    const char *brand = document->sale.payment.brand;
    input->form = RECEIPT_SALE;
    input->sale = &document->sale;
    input->clerk_name = or_else(input->clerk_name, document->sale.clerk);
    input->brand_name = or_else(input->brand_name, or_else(document_brand_name(root, brand), brand));
    input->terminal = or_else(input->terminal, terminal_of(document, document->sale.receipt_number));
    const struct json_value *voiding = json_member(root, "void");
    return json_is_null(voiding) ? STATUS_OK : read_void(input, voiding, err);
}

static enum status
read_in_doubt(struct receipt_document *document, const struct json_value *root, const struct json_value *body,
              struct error_detail *err)
{
    char brand[CODE_SIZE];
    enum status status = document_read_in_doubt(&document->in_doubt, brand, body, err);
    if (status != STATUS_OK) {
        error_prefix(err, "in_doubt: ");
        return status;
    }
    document->input.form = RECEIPT_IN_DOUBT;
    document->input.in_doubt = &document->in_doubt;
    document->input.brand_name = or_else(document->input.brand_name, document_brand_name(root, brand));
    return STATUS_OK;
}

static enum status
read_day(struct receipt_document *document, const struct json_value *root, const struct json_value *body,
         const struct json_value *dated, struct error_detail *err)
{
    struct receipt_input *input = &document->input;
    enum status status = document_read_date(dated, "business_date", &document->day.business_date, err);
    if (status == STATUS_OK && document->day.business_date.year == 0 && input->at_ms != 0) {
        document->day.business_date = civil_date_at(input->at_ms);
    }
    if (status == STATUS_OK && document->day.business_date.year == 0) {
        error_set(err, "missing_member", "\"business_date\" or \"at\" is needed with a day");
        return STATUS_INVALID;
    }
    const char *clerk = "";
    if (status == STATUS_OK) {
        status = document_read_day(&document->day, root, body, &clerk, err);
    }
    if (status != STATUS_OK) {
        error_prefix(err, "day: ");
        return status;
    }
    input->form = RECEIPT_DAY;
    input->day = &document->day;
    input->clerk_name = or_else(input->clerk_name, clerk);
    return STATUS_OK;
}

/* A line of the journal: the envelope says terminal and time. */
static enum status
read_journal_line(struct receipt_document *document, const struct json_value *root, struct error_detail *err)
{
    const struct json_value *body;
    const char *kind;
    enum status status = json_get_text(root, "kind", NAME_SIZE, &kind, err);
    if (status == STATUS_OK) {
        status = json_get_object(root, "body", &body, err);
    }
    if (status == STATUS_OK) {
        status = json_get_text_or(root, "terminal", TERMINAL_ID_SIZE - 1, "", &document->input.terminal, err);
    }
    if (status == STATUS_OK) {
        status = document_read_instant(root, "at", &document->input.at_ms, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    if (strcmp(kind, "sale.recorded") == 0) {
        return read_sale(document, NULL, body, err);
    }
    if (strcmp(kind, "day.closed") == 0) {
        return read_day(document, NULL, body, root, err);
    }
    error_set(err, "no_paper", "\"kind\" is \"%s\"; sale.recorded and day.closed can be printed by themselves", kind);
    return STATUS_INVALID;
}

static enum status
read_root(struct receipt_document *document, struct error_detail *err)
{
    const struct json_value *root = document->root;
    if (!json_is_null(json_member(root, "kind"))) {
        return read_journal_line(document, root, err);
    }
    if (!json_is_null(json_member(root, "lines"))) {
        return read_sale(document, NULL, root, err);
    }
    if (!json_is_null(json_member(root, "counted_cash_yen"))) {
        return read_day(document, NULL, root, root, err);
    }
    enum status status = refuse_unknown_members(root, err);
    if (status == STATUS_OK) {
        status = read_names(&document->input, root, err);
    }
    if (status == STATUS_OK) {
        status = read_issuers(document, root, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    if (!json_is_null(json_member(root, "sale"))) {
        return read_sale(document, root, json_member(root, "sale"), err);
    }
    if (!json_is_null(json_member(root, "in_doubt"))) {
        return read_in_doubt(document, root, json_member(root, "in_doubt"), err);
    }
    if (!json_is_null(json_member(root, "day"))) {
        return read_day(document, root, json_member(root, "day"), root, err);
    }
    error_set(err, "missing_member", "\"sale\", \"in_doubt\" or \"day\" is missing");
    return STATUS_INVALID;
}

enum status
receipt_document_read(struct receipt_document **out, const char *text, size_t length, struct error_detail *err)
{
    struct receipt_document *document = calloc(1, sizeof *document);
    if (document == NULL) {
        error_set(err, "no_memory", "no memory for a receipt");
        return STATUS_NO_MEMORY;
    }
    document->input = (struct receipt_input){.municipality_name = "",
                                             .place_name = "",
                                             .terminal = "",
                                             .clerk_name = "",
                                             .brand_name = "",
                                             .note = "",
                                             .void_reason = "",
                                             .issuers = document->issuers};
    enum status status = json_parse(&document->root, text, length, err);
    if (status == STATUS_OK && !json_is_object(document->root)) {
        error_set_at(err, 1, 1, "not_an_object", "line 1, column 1: the document must be an object");
        status = STATUS_INVALID;
    }
    if (status == STATUS_OK) {
        status = read_root(document, err);
    }
    if (status != STATUS_OK) {
        receipt_document_destroy(document);
        return status;
    }
    *out = document;
    return STATUS_OK;
}
