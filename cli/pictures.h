/* Files of pictures: SVG as the library draws it, PNG and PDF by librsvg, graphs of models by Graphviz. */
#ifndef CLI_PICTURES_H
#define CLI_PICTURES_H

#include "base/writer.h"

/* Whether a picture can be written to a file of this name, to be known before long work. HEED_USAGE for an ending that
 * is not .svg, .png or .pdf, and for the last two if librsvg is not here. */
heed_status picture_check(const char *path, heed_error *error);
/* Writes an SVG as the name of the file ends: the old file stays until the new one is complete. */
heed_status picture_write(const char *path, const char *svg, heed_error *error);

/* HEED_USAGE for an ending that is not .dot, .svg, .png or .pdf. */
heed_status graph_check(const char *path, heed_error *error);
/* Takes the result and status of a library call that makes a graph in DOT: passes a failure on; otherwise writes it as
 * the name of the file ends, and releases it. HEED_USAGE, but for .dot, if Graphviz is not here. */
heed_status graph_write_made(heed_status made, char *dot, const char *path, heed_error *error);
/* The graph of a model as SVG. HEED_USAGE if Graphviz is not here. */
heed_status graph_svg(char **out, const heed_model *model, heed_error *error);

#endif
