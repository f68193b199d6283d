/* Which fiscal year a counter fee belongs to (地方自治法施行令142条, 143条), and until when a year's books are open. */
#pragma once

#include "common/clock/civil.h"

/* 出納閉鎖: 31 May after the year's end. */
struct civil_date fiscal_year_closing_day(int fiscal_year);

/* The year of the day on which the citizen paid, whenever the money is handed over; but once that year's books are
 * closed on DRAFTED_ON, what is found only now is income of the year in which it is found. */
int assessment_fiscal_year(struct civil_date received_on, struct civil_date drafted_on);

/* Whether the record is made in the 出納整理期間 of the old year (1 April … 31 May): allowed for what was received in
 * time, but a person must judge that it is not a newly found omission, which may not go into the old year. */
bool assessment_is_in_adjustment_period(int fiscal_year, struct civil_date drafted_on);
