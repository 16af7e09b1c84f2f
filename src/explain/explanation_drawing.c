/* From explanations to bytes. */
#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"
#include "explain/pen.h"

static void draw(pen *p, const heed_explanation_info *infos, size_t count, heed_picture picture)
{
    if (picture == HEED_PICTURE_HTML) {
        draw_html(p, infos, count);
        return;
    }
    if (picture == HEED_PICTURE_SVG) {
        draw_svg(p, infos, count);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        if (picture == HEED_PICTURE_JSON)
            draw_json(p, &infos[i]);
        else
            draw_terminal(p, &infos[i], picture);
    }
}

heed_status heed_explanations_draw(char **out, size_t *size, const heed_explanation *const *items, size_t count,
                                   heed_picture picture, heed_error *error)
{
    pen p = {.status = HEED_OK, .error = error};
    *out = NULL;
    *size = 0;
    if ((int)picture < HEED_PICTURE_TEXT || picture > HEED_PICTURE_JSON)
        return fail(error, HEED_USAGE, "picture: found %d, expected one of heed_picture", (int)picture);
    heed_explanation_info *infos = memory_array(count, sizeof *infos);
    if (infos == NULL)
        return fail_memory(error, "a picture");
    for (size_t i = 0; i < count; i++)
        infos[i] = heed_explanation_describe(items[i]);
    draw(&p, infos, count, picture);
    free(infos);
    *size = p.out.size;
    if (p.status == HEED_OK)
        p.status = buffer_take(&p.out, out, error);
    buffer_release(&p.out);
    return p.status;
}
