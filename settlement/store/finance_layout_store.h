/* Layouts of files for the finance system: versions, and which is in use. What they say is in handover/. */
#pragma once

#include "settlement/store/store.h"

/* Texts are borrowed. */
struct finance_layout_row {
    int64_t id;
    const char *layout; /* its name */
    int64_t version;
    const char *descriptor;
    const char *state; /* "proposed", "done", "refused" */
    const char *proposed_by;
    const char *proposed_by_name; /* only when read */
    int64_t proposed_at_ms;
    const char *reason;
    const char *decided_by;      /* "" while nobody decided */
    const char *decided_by_name; /* only when read */
    int64_t decided_at_ms;
    const char *decided_reason;
    bool is_in_use; /* only when read: the newest of its name that is done */
};

/* Propose the next version of ROW's name; gives id and version. STATUS_CONFLICT when another one waits. */
enum status finance_layout_add(struct store_txn *txn, const char *municipality, struct finance_layout_row *row,
                               struct error_detail *err) MUST_CHECK;
/* STATE: "done" or "refused". */
enum status finance_layout_decide(struct store_txn *txn, int64_t id, const char *state, const char *login,
                                  int64_t at_ms, const char *reason, struct error_detail *err) MUST_CHECK;

/* ROW is borrowed for the visit; anything but STATUS_OK ends the walk and is returned. */
typedef enum status (*finance_layout_visitor)(const struct finance_layout_row *row, void *context);

/* Newest first: only ID unless 0, only NAME unless NULL; with IN_USE only the version of each name that is in use. */
enum status
finance_layout_each(struct store_txn *txn, const char *municipality, int64_t id, const char *name, bool in_use,
                    int64_t limit, finance_layout_visitor visit, void *context, struct error_detail *err) MUST_CHECK;
