/* Days and years as Japanese papers write them. Pure. */
#pragma once

#include "common/clock/civil.h"

enum { WAREKI_TEXT_SIZE = 48 };

/* "令和8年11月22日"; the first year is 元年. Returns OUT. */
const char *wareki_day(char out[WAREKI_TEXT_SIZE], struct civil_date date);

/* "R8.11.22", for columns. Returns OUT. */
const char *wareki_short_day(char out[WAREKI_TEXT_SIZE], struct civil_date date);

/* 会計年度: "令和8年度", named by the era of its 1 April – but 2019 is 令和元年度 in most cities' books from May on,
 * and 平成31年度 before; as names must not change within a year, it is 令和元年度 here. Returns OUT. */
const char *wareki_fiscal_year(char out[WAREKI_TEXT_SIZE], int fiscal_year);
