/* The picture of a model's layers. */
#ifndef REPORT_GRAPH_H
#define REPORT_GRAPH_H

#include "base/buffer.h"
#include "report/layer_graph.h"

/* A graph in the DOT language of Graphviz. Names may hold anything. */
heed_status graph_print(buffer *out, const layer_graph *g, heed_error *error);
/* Draws DOT as "svg", "png" or "pdf" (graph_render.c). HEED_USAGE where Graphviz is not there. */
heed_status graph_render(buffer *out, const char *dot, const char *format, heed_error *error);

#endif
