#include "output.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/status.h"
#include "pictures.h"

output output_standard(void)
{
    return (output){.w = {.file = stdout, .filter = isatty(STDOUT_FILENO) == 1 ? escape_terminal : NULL},
                    .name = "standard output"};
}

heed_status output_create(output *o, const char *path, heed_error *error)
{
    *o = (output){.name = path};
    heed_status status = replacement_begin(&o->made, path, error);
    o->w.file = o->made.file;
    if (status == HEED_OK && output_is_terminal(o))
        o->w.filter = escape_terminal;
    return status;
}

void output_abandon(output *o)
{
    replacement_abandon(&o->made);
    *o = (output){.name = o->name};
}

void output_flush(output *o)
{
    if (fflush(o->w.file) != 0)
        writer_fail(&o->w, errno);
}

bool output_is_terminal(const output *o)
{
    return isatty(fileno(o->w.file)) == 1;
}

heed_status output_finish(output *o, heed_error *error)
{
    if (o->w.file == NULL)
        return HEED_OK;
    output_flush(o);
    int problem = o->w.problem;
    if (problem == 0 && o->made.file != NULL) {
        o->w.file = NULL;
        return replacement_commit(&o->made, error);
    }
    output_abandon(o);
    if (problem == 0)
        return HEED_OK;
    if (problem == EPIPE)
        return fail(error, HEED_FAILED, "%s", "");
    return fail(error, HEED_FAILED, "%s: cannot be written: %s", o->name, strerror(problem));
}

static void line_end(output *o, const char *text)
{
    size_t size = strlen(text);
    if (size == 0 || text[size - 1] != '\n')
        writer_byte(&o->w, '\n');
}

void output_take(output *o, char *text)
{
    writer_text(&o->w, text);
    line_end(o, text);
    heed_free(text);
}

void output_take_visible(output *o, char *text)
{
    escape_terminal(&o->w, bytes_of(text));
    line_end(o, text);
    heed_free(text);
}

heed_status output_print_made(heed_status made, char *text, bool visible, heed_error *error)
{
    output o = output_standard();
    if (made != HEED_OK)
        return made;
    (visible ? output_take_visible : output_take)(&o, text);
    return output_finish(&o, error);
}

heed_status output_write_made(heed_status made, char *text, const char *path, heed_error *error)
{
    output o;
    heed_status status = made;
    TRY(made);
    TRY(output_create(&o, path, error));
    output_take(&o, text);
    return output_finish(&o, error);
done:
    heed_free(text);
    return status;
}

heed_status output_draw_made(heed_status made, char *svg, const char *path, heed_error *error)
{
    heed_status status = made == HEED_OK ? picture_write(path, svg, error) : made;
    heed_free(svg);
    return status;
}

heed_status output_draw_model(const heed_model *model, const char *path, heed_error *error)
{
    char *svg = NULL;
    heed_status made = heed_model_picture(&svg, model, error);
    return output_draw_made(made, svg, path, error);
}

void score_write(writer *w, double score)
{
    writer_print(w, SCORE_FORMAT, score);
}
