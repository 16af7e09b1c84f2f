/* An SVG as PNG or PDF. Both draw in this process, which they may crash: only draw_worker.c calls them. */
#ifndef CLI_SVG_RENDER_H
#define CLI_SVG_RENDER_H

#include "base/writer.h"

/* HEED_USAGE if librsvg is not here. */
heed_status svg_render_check(heed_error *error);
/* format: "png" or "pdf". */
heed_status svg_render(writer *out, const char *svg, const char *format, heed_error *error);

#endif
