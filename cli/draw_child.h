/* Drawing by librsvg and Graphviz in a child process: they have global state, and a label that makes them crash or run
 * without end must not take the command with it. */
#ifndef CLI_DRAW_CHILD_H
#define CLI_DRAW_CHILD_H

#include "base/writer.h"

/* Draws the text (from: "svg", "dot") as "png" or "pdf", of dot also as "svg". HEED_USAGE if the library is not here,
 * HEED_STOPPED if Ctrl-C came meanwhile, HEED_FAILED for a crash as well. */
heed_status draw_in_child(writer *out, const char *from, const char *to, const char *text, heed_error *error);
/* HEED_USAGE if librsvg, which draws SVG as PNG and PDF, is not here. */
heed_status draw_check(heed_error *error);

#endif
