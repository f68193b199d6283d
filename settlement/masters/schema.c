/* docs/masters.md as tables. The limits are those that tills hold (a longer name would be cut on a receipt). */
#include "settlement/masters/schema.h"

enum {
    NAME_BYTES = 120,    /* 40 kanji */
    NOTE_BYTES = 240,    /* 80 kanji */
    PRICE_MAX = 9999999, /* what one payment can be */
    CATEGORIES_MAX = 16, /* tabs on a till's screen */
    REASONS_MAX = 8,     /* keys on a till's screen */
    PREFIXES_MAX = 8,
    PREFIX_BYTES = 16,
    QUICK_TENDERS_MAX = 6,
    PLACES_MAX = 2000,
    DAY_MINUTES_MAX = 719, /* a business day ends before noon of the next */
    IDLE_MINUTES_MAX = 480
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const char *const tax_words[] = {"exempt", "standard10", NULL};
static const char *const method_words[] = {"qr", "emoney", "credit", NULL};
static const char *const role_words[] = {"clerk", "supervisor", NULL};

#define CODE                                                                                                           \
    {                                                                                                                  \
        .key = "code", .kind = FIELD_CODE                                                                              \
    }
#define NAME                                                                                                           \
    {                                                                                                                  \
        .key = "name", .kind = FIELD_TEXT, .minimum = 1, .maximum = NAME_BYTES                                         \
    }
#define VALID_FROM                                                                                                     \
    {                                                                                                                  \
        .key = "valid_from", .kind = FIELD_DATE                                                                        \
    }
#define VALID_TO                                                                                                       \
    {                                                                                                                  \
        .key = "valid_to", .kind = FIELD_DATE, .is_optional = true                                                     \
    }

static const struct field issuer_fields[] = {
    CODE,
    NAME,
    {.key = "registration_number", .kind = FIELD_REGISTRATION_NUMBER},
};

static const struct field account_fields[] = {
    CODE,
    {.key = "fund", .kind = FIELD_CODE_NAME},
    {.key = "kan", .kind = FIELD_CODE_NAME},
    {.key = "kou", .kind = FIELD_CODE_NAME},
    {.key = "moku", .kind = FIELD_CODE_NAME},
    {.key = "setsu", .kind = FIELD_CODE_NAME},
    {.key = "saisetsu", .kind = FIELD_CODE_NAME, .is_optional = true},
};

static const struct field section_fields[] = {CODE, NAME};

static const struct field place_fields[] = {
    CODE,
    NAME,
    {.key = "section", .kind = FIELD_REFERENCE, .refers_to = "sections"},
    {.key = "categories", .kind = FIELD_TEXTS, .maximum = NAME_BYTES, .most = CATEGORIES_MAX},
    {.key = "receipt_note", .kind = FIELD_TEXT, .is_optional = true, .minimum = 0, .maximum = NOTE_BYTES},
};

static const struct field item_fields[] = {
    CODE,
    NAME,
    {.key = "kana", .kind = FIELD_TEXT, .minimum = 0, .maximum = NAME_BYTES},
    {.key = "category", .kind = FIELD_TEXT, .minimum = 1, .maximum = NAME_BYTES},
    {.key = "price_yen", .kind = FIELD_INTEGER, .minimum = 0, .maximum = PRICE_MAX},
    {.key = "tax", .kind = FIELD_WORD, .words = tax_words},
    {.key = "account", .kind = FIELD_REFERENCE, .refers_to = "accounts"},
    {.key = "section", .kind = FIELD_REFERENCE, .refers_to = "sections"},
    {.key = "issuer", .kind = FIELD_REFERENCE, .refers_to = "issuers"},
    VALID_FROM,
    VALID_TO,
    {.key = "favourite", .kind = FIELD_BOOLEAN, .is_optional = true},
};

static const struct field exemption_fields[] = {
    CODE,
    NAME,
    {.key = "reasons", .kind = FIELD_TEXTS, .maximum = NAME_BYTES, .most = REASONS_MAX},
    {.key = "places", .kind = FIELD_REFERENCES, .is_optional = true, .refers_to = "places", .most = PLACES_MAX},
};

static const struct field brand_fields[] = {
    CODE,
    NAME,
    {.key = "method", .kind = FIELD_WORD, .words = method_words},
    {.key = "trustee", .kind = FIELD_REFERENCE, .refers_to = "trustees"},
    {.key = "can_void", .kind = FIELD_BOOLEAN},
    {.key = "code_prefixes", .kind = FIELD_TEXTS, .is_optional = true, .maximum = PREFIX_BYTES, .most = PREFIXES_MAX},
    VALID_FROM,
    VALID_TO,
};

static const struct field trustee_fields[] = {
    CODE,
    NAME,
    {.key = "kana", .kind = FIELD_TEXT, .minimum = 1, .maximum = NAME_BYTES},
    {.key = "layout", .kind = FIELD_CODE},
};

static const struct field clerk_fields[] = {
    CODE,
    NAME,
    {.key = "pin_hash", .kind = FIELD_PIN_HASH},
    {.key = "role", .kind = FIELD_WORD, .words = role_words},
    {.key = "places", .kind = FIELD_REFERENCES, .refers_to = "places", .most = PLACES_MAX},
};

const struct table masters_tables[] = {
    {.key = "issuers", .fields = issuer_fields, .field_count = COUNT(issuer_fields), .rows_max = 100},
    {.key = "accounts", .fields = account_fields, .field_count = COUNT(account_fields), .rows_max = 2000},
    {.key = "sections", .fields = section_fields, .field_count = COUNT(section_fields), .rows_max = 2000},
    {.key = "places", .fields = place_fields, .field_count = COUNT(place_fields), .rows_max = PLACES_MAX},
    {.key = "items", .fields = item_fields, .field_count = COUNT(item_fields), .rows_max = 20000, .has_validity = true},
    {.key = "exemptions", .fields = exemption_fields, .field_count = COUNT(exemption_fields), .rows_max = 100},
    {.key = "brands",
     .fields = brand_fields,
     .field_count = COUNT(brand_fields),
     .rows_max = 200,
     .has_validity = true},
    {.key = "trustees", .fields = trustee_fields, .field_count = COUNT(trustee_fields), .rows_max = 100},
    {.key = "clerks", .fields = clerk_fields, .field_count = COUNT(clerk_fields), .rows_max = 2000},
};
const size_t masters_table_count = COUNT(masters_tables);

const struct field masters_root_fields[] = {
    {.key = "version", .kind = FIELD_INTEGER, .minimum = 1, .maximum = INT64_C(1000000000)},
    {.key = "quick_tender_yen", .kind = FIELD_INTEGERS, .minimum = 1, .maximum = PRICE_MAX, .most = QUICK_TENDERS_MAX},
};
const size_t masters_root_field_count = COUNT(masters_root_fields);

const struct field masters_municipality_fields[] = {CODE, NAME};
const size_t masters_municipality_field_count = COUNT(masters_municipality_fields);

const struct field masters_settings_fields[] = {
    {.key = "day_start_minutes", .kind = FIELD_INTEGER, .minimum = 0, .maximum = DAY_MINUTES_MAX},
    {.key = "idle_lock_minutes", .kind = FIELD_INTEGER, .minimum = 1, .maximum = IDLE_MINUTES_MAX},
};
const size_t masters_settings_field_count = COUNT(masters_settings_fields);
