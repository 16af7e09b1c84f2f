/* Explanations as bytes of a format. */
#include "base/status.h"
#include "explain/draw_html.h"
#include "explain/draw_json.h"
#include "explain/draw_svg.h"
#include "explain/draw_terminal.h"

static void draw(writer *w, const heed_explanation *const *items, size_t count, heed_explanation_format picture)
{
    switch (picture) {
    case HEED_EXPLANATION_HTML:
        draw_html(w, items, count);
        break;
    case HEED_EXPLANATION_SVG:
        draw_svg(w, items, count);
        break;
    case HEED_EXPLANATION_JSON:
        for (size_t i = 0; i < count; i++)
            draw_json(w, items[i]);
        break;
    case HEED_EXPLANATION_TEXT:
    case HEED_EXPLANATION_COLOURS:
    case HEED_EXPLANATION_TRUECOLOUR:
        for (size_t i = 0; i < count; i++)
            draw_terminal(w, items[i], picture);
    }
}

heed_status heed_explanations_draw(char **out, size_t *size, const heed_explanation *const *items, size_t count,
                                   heed_explanation_format picture, heed_error *error)
{
    *out = NULL;
    *size = 0;
    if ((int)picture < HEED_EXPLANATION_TEXT || picture > HEED_EXPLANATION_JSON)
        return fail(error, HEED_USAGE, "picture: found %d, expected one of heed_explanation_format", (int)picture);
    writer drawn = {0};
    draw(&drawn, items, count, picture);
    heed_status status = writer_take(&drawn, out, size, error);
    writer_release(&drawn);
    return status;
}
