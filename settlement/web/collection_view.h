/* 収納 of a year or a period, read for an answer or a paper. For this folder only. */
#pragma once

#include "settlement/catalogue/catalogue.h"
#include "settlement/collection/collecting.h"
#include "settlement/collection/year_table.h"
#include "settlement/web/asked.h"

/* What was asked and what was found. Begin with collection_view_begin, end with collection_view_finish. */
struct collection_view {
    struct collecting found;
    struct year_table table; /* of a year */
    struct catalogue *catalogue;
    int fiscal_year;
    char today[CIVIL_DATE_TEXT_SIZE]; /* the day as of which it stands */
    char closing[CIVIL_DATE_TEXT_SIZE];
    char from[CIVIL_DATE_TEXT_SIZE];
    char to[CIVIL_DATE_TEXT_SIZE];
};

void collection_view_begin(struct collection_view *view);
void collection_view_finish(struct collection_view *view);

/* `fiscal_year` (default: the one of today) as of `to` (default: today). */
enum status collection_view_year(struct collection_view *view, const struct http_request *request,
                                 struct service *service, struct error_detail *err) MUST_CHECK;

/* `date`, or `from` and `to`; default today; at most COLLECTION_PERIOD_MAX_DAYS. */
enum { COLLECTION_PERIOD_MAX_DAYS = 400 /* a fiscal year, and a month beside it */ };
enum status collection_view_days(struct collection_view *view, const struct http_request *request,
                                 struct service *service, struct error_detail *err) MUST_CHECK;

/* "一般会計 ／ 使用料及び手数料 ／ …": names as of the masters, or the code. Returns OUT. */
enum { ACCOUNT_WORDS_SIZE = 400 };
const char *
collection_account_words(char out[ACCOUNT_WORDS_SIZE], const struct catalogue *catalogue, const char *account);

/* "現金", or a trustee's name. */
const char *collection_route_name(const struct catalogue *catalogue, const char *route);
