/* A graph in the DOT language as a picture by Graphviz, in this process, which it may crash: only draw_worker.c calls
 * it. */
#ifndef CLI_GRAPH_RENDER_H
#define CLI_GRAPH_RENDER_H

#include "base/writer.h"

/* format: "svg", "png" or "pdf". HEED_USAGE if Graphviz is not here. */
heed_status graph_render(writer *out, const char *dot, const char *format, heed_error *error);

#endif
