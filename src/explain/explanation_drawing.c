/* Explanations as bytes of a format. */
#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"
#include "explain/draw_html.h"
#include "explain/draw_json.h"
#include "explain/draw_svg.h"
#include "explain/draw_terminal.h"

static void draw(writer *w, const heed_explanation_info *infos, size_t count, heed_explanation_format picture)
{
    switch (picture) {
    case HEED_EXPLANATION_HTML:
        draw_html(w, infos, count);
        break;
    case HEED_EXPLANATION_SVG:
        draw_svg(w, infos, count);
        break;
    case HEED_EXPLANATION_JSON:
        for (size_t i = 0; i < count; i++)
            draw_json(w, &infos[i]);
        break;
    case HEED_EXPLANATION_TEXT:
    case HEED_EXPLANATION_COLOURS:
    case HEED_EXPLANATION_TRUECOLOUR:
        for (size_t i = 0; i < count; i++)
            draw_terminal(w, &infos[i], picture);
    }
}

heed_status heed_explanations_draw(char **out, size_t *size, const heed_explanation *const *items, size_t count,
                                   heed_explanation_format picture, heed_error *error)
{
    *out = NULL;
    *size = 0;
    if ((int)picture < HEED_EXPLANATION_TEXT || picture > HEED_EXPLANATION_JSON)
        return fail(error, HEED_USAGE, "picture: found %d, expected one of heed_explanation_format", (int)picture);
    heed_explanation_info *infos = memory_array(count, sizeof *infos);
    if (infos == NULL)
        return fail_memory(error, "a picture");
    for (size_t i = 0; i < count; i++)
        infos[i] = heed_explanation_describe(items[i]);
    writer drawn = {0};
    draw(&drawn, infos, count, picture);
    heed_status status = writer_take(&drawn, out, size, error);
    writer_release(&drawn);
    free(infos);
    return status;
}
