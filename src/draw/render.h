/* An SVG as a file of the kind that its name ends in. */
#ifndef DRAW_RENDER_H
#define DRAW_RENDER_H

#include "heed.h"

/* HEED_USAGE for an ending that is none of .svg, .png, .pdf, and for the last two where librsvg is not here. */
heed_status render_check(const char *path, heed_error *error);
/* Writes the file: the old one stays until the new one is complete. */
heed_status render_write(const char *path, const char *svg, heed_error *error);

#endif
