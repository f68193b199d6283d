/* The functions as the program has them: each loads the module when it is first needed, and calls it. */
#include "settlement/forms/form_files.h"

#include "common/module/module.h"
#include "settlement/forms/printer.h"

static struct module module = MODULE_INIT(FORM_PRINTER_MODULE, struct form_printer);

/* Pango keeps what it knows of fonts for a thread, and a paper of hundreds of pages takes much memory: one at a time.
 */
static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;

static enum status
check_all(const struct form *const *forms, size_t count, struct error_detail *err)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        status = form_check(forms[i], err);
    }
    return status;
}

static enum status
make(const struct form *const *forms, size_t count, bool is_pdf, struct buffer *out, struct error_detail *err)
{
    const void *operations;
    enum status status = check_all(forms, count, err);
    if (status == STATUS_OK) {
        status = module_operations(&module, &operations, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    const struct form_printer *printer = operations;
    pthread_mutex_lock(&one_at_a_time);
    status = (is_pdf ? printer->to_pdf : printer->to_xlsx)(forms, count, out, err);
    pthread_mutex_unlock(&one_at_a_time);
    return status;
}

enum status
form_to_pdf(const struct form *const *forms, size_t count, struct buffer *out, struct error_detail *err)
{
    return make(forms, count, /* is_pdf= */ true, out, err);
}

enum status
form_to_xlsx(const struct form *const *forms, size_t count, struct buffer *out, struct error_detail *err)
{
    return make(forms, count, /* is_pdf= */ false, out, err);
}
