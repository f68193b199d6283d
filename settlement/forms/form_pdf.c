/* The document around the pages. Its dates are those of the forms, so that the bytes do not tell when it was printed.
 */
#include "settlement/forms/form_pdf.h"

#include "common/clock/civil.h"
#include "settlement/forms/form_page.h"

#include <cairo-pdf.h>

static cairo_status_t
append(void *closure, const unsigned char *data, unsigned length)
{
    struct buffer *out = closure;
    buffer_append(out, data, length);
    return out->has_failed ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

static void
describe(cairo_surface_t *surface, const struct form *form)
{
    char made_at[INSTANT_TEXT_SIZE];
    instant_format(made_at, form->made_at_ms);
    made_at[19] = '\0'; /* cairo reads no fractions: "2026-11-22T10:03:11" */
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, form->title);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_AUTHOR, form->issuer);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "Madoguchi " MADOGUCHI_VERSION);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, made_at);
}

static enum status
draw_all(const struct form *const *forms, size_t count, cairo_surface_t *surface, cairo_t *cairo,
         struct error_detail *err)
{
    struct pen pen;
    enum status status = pen_begin(&pen, cairo, err);
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        const double width = forms[i]->is_landscape ? FORM_PAGE_LONG : FORM_PAGE_SHORT;
        cairo_pdf_surface_set_size(surface, width, FORM_PAGE_LONG + FORM_PAGE_SHORT - width);
        status = form_draw(forms[i], &pen, err);
    }
    pen_finish(&pen);
    return status;
}

enum status
forms_write_pdf(const struct form *const *forms, size_t count, struct buffer *out, struct error_detail *err)
{
    cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(append, out, FORM_PAGE_SHORT, FORM_PAGE_LONG);
    if (count > 0) {
        describe(surface, forms[0]);
    }
    cairo_t *cairo = cairo_create(surface);
    enum status status = draw_all(forms, count, surface, cairo, err);
    cairo_surface_finish(surface);
    const cairo_status_t drawn = cairo_status(cairo), written = cairo_surface_status(surface);
    cairo_destroy(cairo);
    cairo_surface_destroy(surface);
    if (status == STATUS_OK) {
        status = buffer_check(out, err);
    }
    if (status == STATUS_OK && (drawn != CAIRO_STATUS_SUCCESS || written != CAIRO_STATUS_SUCCESS)) {
        error_set(err, "no_paper", "帳票を描けませんでした: %s",
                  cairo_status_to_string(drawn != CAIRO_STATUS_SUCCESS ? drawn : written));
        status = STATUS_IO;
    }
    return status;
}
