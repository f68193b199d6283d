/* A refund as the finance API tells it. For this folder only. */
#pragma once

#include "common/json/writer.h"
#include "settlement/catalogue/catalogue.h"
#include "settlement/store/refund_query_store.h"

/* "口座振込"; "未払い", "承認待ち" …. Static. */
const char *refund_means_name(const char *means);
const char *refund_state_name(const struct refund_view *view);

/* Append the object of VIEW to the open array. TODAY counts its age. */
void json_refund(struct json_writer *writer, const struct refund_view *view, const struct catalogue *catalogue,
                 struct civil_date today);
