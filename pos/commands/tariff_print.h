/* The price of a case on standard output. */
#pragma once

#include "pos/commands/tariff_case.h"

/* One line of JSON: {"tariff","name","on","lines":[…],"total_yen"}. */
enum status tariff_print_json(const struct tariff_case *example, struct error_detail *err) MUST_CHECK;

/* A table: each line with its unit price and quantity, the rows that explain it below. */
enum status tariff_print_table(const struct tariff_case *example, struct error_detail *err) MUST_CHECK;
