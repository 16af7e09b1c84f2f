#include "pictures.h"

#include <string.h>
#include <strings.h>

#include "base/file.h"
#include "base/status.h"
#include "draw_child.h"

typedef enum kind { KIND_DOT, KIND_SVG, KIND_PNG, KIND_PDF, KIND_NONE } kind;

static const char *const kinds[KIND_NONE] = {"dot", "svg", "png", "pdf"};

static kind kind_of(const char *path)
{
    const char *end = strrchr(path, '.');
    for (int k = 0; k < KIND_NONE && end != NULL; k++)
        if (strcasecmp(end + 1, kinds[k]) == 0)
            return (kind)k;
    return KIND_NONE;
}

/* ---- pictures */

static heed_status ending_check(const char *path, heed_error *error)
{
    kind to = kind_of(path);
    if (strlen(path) > strlen(".svg") && to != KIND_DOT && to != KIND_NONE)
        return HEED_OK;
    return fail(error, HEED_USAGE, "%s: found no file extension of a picture, expected .svg, .png or .pdf", path);
}

heed_status picture_check(const char *path, heed_error *error)
{
    heed_status status = ending_check(path, error);
    return status == HEED_OK && kind_of(path) != KIND_SVG ? draw_check(error) : status;
}

heed_status picture_write(const char *path, const char *svg, heed_error *error)
{
    kind to = kind_of(path);
    writer drawn = {0};
    heed_status status;
    TRY(ending_check(path, error));
    if (to == KIND_SVG)
        return file_write(path, svg, strlen(svg), error);
    TRY(draw_in_child(&drawn, "svg", kinds[to], svg, error));
    TRY(file_write(path, drawn.data, drawn.size, error));
done:
    writer_release(&drawn);
    return status;
}

/* ---- graphs */

heed_status graph_check(const char *path, heed_error *error)
{
    if (kind_of(path) != KIND_NONE)
        return HEED_OK;
    return fail(error, HEED_USAGE, "--graph: found '%.200s', expected a name that ends in .dot, .svg, .png or .pdf",
                path);
}

static heed_status graph_draw(writer *out, const char *dot, kind to, heed_error *error)
{
    heed_status status;
    if (to == KIND_DOT)
        writer_text(out, dot);
    else
        TRY(draw_in_child(out, "dot", kinds[to], dot, error));
    status = writer_check(out, error);
done:
    return status;
}

heed_status graph_write_made(heed_status made, char *dot, const char *path, heed_error *error)
{
    writer drawn = {0};
    heed_status status = made;
    TRY(made);
    TRY(graph_check(path, error));
    TRY(graph_draw(&drawn, dot, kind_of(path), error));
    TRY(file_write(path, drawn.data, drawn.size, error));
done:
    writer_release(&drawn);
    heed_free(dot);
    return status;
}

heed_status graph_svg(char **out, const heed_model *model, heed_error *error)
{
    writer drawn = {0};
    char *dot = NULL;
    heed_status status;
    *out = NULL;
    TRY(heed_model_dot(&dot, model, error));
    TRY(graph_draw(&drawn, dot, KIND_SVG, error));
    TRY(writer_take(&drawn, out, NULL, error));
done:
    writer_release(&drawn);
    heed_free(dot);
    return status;
}
