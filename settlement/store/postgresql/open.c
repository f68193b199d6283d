/* The program's side: libpq and all it stands on come when a store is opened on PostgreSQL. */
#include "settlement/store/postgresql/postgresql.h"

#include "common/module/module.h"
#include "settlement/store/postgresql/part.h"

static struct module module = MODULE_INIT(POSTGRESQL_PART, struct postgresql_operations);

enum status
postgresql_open(struct database **out, const struct postgresql_place *place, struct error_detail *err)
{
    const void *found;
    enum status status = module_operations(&module, &found, err);
    if (status != STATUS_OK) {
        return status;
    }
    const struct postgresql_operations *operations = found;
    return operations->open(out, place, err);
}
