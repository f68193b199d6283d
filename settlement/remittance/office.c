/* Two tables of the masters, walked: a city has some hundred rows of each. */
#include "settlement/remittance/office.h"

#include <string.h>

static const struct json_value *
row_of(const struct catalogue *catalogue, const char *table, const char *code)
{
    const char *found = NULL;
    const struct json_value *row = json_first(catalogue_table(catalogue, table));
    while (row != NULL && !(json_as_text(json_member(row, "code"), &found) && strcmp(found, code) == 0)) {
        row = json_next(row);
    }
    return row;
}

struct cash_office
cash_office_of_section(const struct catalogue *catalogue, const char *section)
{
    struct cash_office office = {.section = section, .officer = ""};
    office.name = section[0] != '\0' ? catalogue_name(catalogue, "sections", section) : "所属のない窓口";
    if (!json_as_text(json_member(row_of(catalogue, "sections", section), "cash_officer"), &office.officer)) {
        office.officer = "";
    }
    return office;
}

struct cash_office
cash_office_of_place(const struct catalogue *catalogue, const char *place)
{
    const char *section = NULL;
    bool is_known = json_as_text(json_member(row_of(catalogue, "places", place), "section"), &section);
    return cash_office_of_section(catalogue, is_known ? section : "");
}
