/* What the module gives: form_pdf.c and form_xlsx.c. */
#include "common/module/provide.h"
#include "settlement/forms/form_pdf.h"
#include "settlement/forms/form_xlsx.h"
#include "settlement/forms/printer.h"

static const struct form_printer printer = {
    .to_pdf = forms_write_pdf,
    .to_xlsx = forms_write_xlsx,
};

const struct module_provides madoguchi_module = {
    .version = MADOGUCHI_VERSION,
    .operations_size = sizeof printer,
    .operations = &printer,
};
