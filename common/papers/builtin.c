/* The templates and samples that are compiled in. */
#include "common/papers/papers.h"

#include "common/bytes/embedded.h"

#include <assert.h>
#include <string.h>

extern const struct embedded_file papers_templates[];
extern const size_t papers_templates_count;
extern const struct embedded_file papers_samples[];
extern const size_t papers_samples_count;

static const struct embedded_file *
find(const struct embedded_file *files, size_t count, enum papers_form form)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(files[i].name, papers_form_word(form)) == 0) {
            return &files[i];
        }
    }
    assert(!"every form has its files");
    return NULL;
}

const char *
papers_template(enum papers_form form, size_t *out_length)
{
    const struct embedded_file *file = find(papers_templates, papers_templates_count, form);
    *out_length = file->length;
    return file->text;
}

const char *
papers_sample(enum papers_form form, size_t *out_length)
{
    const struct embedded_file *file = find(papers_samples, papers_samples_count, form);
    *out_length = file->length;
    return file->text;
}
