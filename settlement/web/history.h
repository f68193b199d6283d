/* "history" of an object, from the access log. For this folder only. */
#pragma once

#include "common/json/writer.h"
#include "settlement/store/store.h"

/* The Japanese name of a deed's word; the word itself when it has none. */
const char *deed_name(const char *what);

/* Write member KEY: [{"at","by","what","what_name","before","after","reason"}], newest first, at most a screenful. */
enum status json_history(struct json_writer *writer, const char *key, struct store_txn *txn, const char *municipality,
                         const char *object, struct error_detail *err) MUST_CHECK;
