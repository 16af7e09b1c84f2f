#include "report/graph.h"

#include <string.h>

#include "base/status.h"
#include "base/utf8.h"

/* Dark on white whatever the page behind is. */
static const char head[] =
    "digraph heed {\n"
    "    graph [bgcolor=\"white\", nodesep=0.4, ranksep=0.35];\n"
    "    node [shape=plain, fontname=\"Helvetica,Arial,sans-serif\", fontsize=12, fontcolor=\"#1a1a1a\"];\n"
    "    edge [color=\"#4d4d4d\", arrowsize=0.8];\n";

/* Text of an HTML-like label: no mark-up, no control characters, no bytes that are not UTF-8. */
static heed_status print_text(buffer *out, const char *text, heed_error *error)
{
    static const char *const escapes[128] = {['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;", ['"'] = "&quot;"};
    heed_status status = HEED_OK;
    for (size_t i = 0, size = strlen(text), width; i < size && status == HEED_OK; i += width) {
        unsigned char first = (unsigned char)text[i];
        uint32_t point = first;
        width = first < 128 ? 1 : utf8_decode(text + i, size - i, &point);
        if (width == 0 || point < ' ' || point == 0x7F) {
            status = buffer_byte(out, '?', error);
            width = width == 0 ? 1 : width;
        } else if (point < 128 && escapes[point] != NULL) {
            status = buffer_print(out, error, "%s", escapes[point]);
        } else {
            status = buffer_append(out, text + i, width, error);
        }
    }
    return status;
}

static heed_status print_row(buffer *out, const char *name, const char *shapes, heed_error *error)
{
    return buffer_print(out, error, "<tr><td align=\"left\">%s</td><td align=\"left\">%s</td></tr>", name, shapes);
}

/* The shapes of what a node reads. */
static heed_status print_inputs(buffer *out, const layer_graph *g, size_t node, heed_error *error)
{
    heed_status status = buffer_print(out, error, "<tr><td align=\"left\">input</td><td align=\"left\">");
    bool first = true;
    for (size_t i = 0; i < g->edge_count && status == HEED_OK; i++)
        if (g->edges[i].to == node) {
            status = buffer_print(out, error, "%s%s", first ? "" : ", ", g->edges[i].shape);
            first = false;
        }
    if (status == HEED_OK && first) /* the input itself */
        status = buffer_print(out, error, "%s", g->nodes[node].output);
    return status == HEED_OK ? buffer_print(out, error, "</td></tr>") : status;
}

/* A table: name and class above, in one run of text whatever the width of its letters, the shapes of input and output
 * below. */
static heed_status print_node(buffer *out, const layer_graph *g, size_t number, heed_error *error)
{
    const graph_node *node = &g->nodes[number];
    heed_status status =
        buffer_print(out, error,
                     "    n%zu [label=<<table border=\"0\" cellborder=\"1\" cellspacing=\"0\" cellpadding=\"5\" "
                     "color=\"#4d4d4d\" bgcolor=\"white\"><tr><td colspan=\"2\" bgcolor=\"#1f4e79\">"
                     "<font color=\"white\">",
                     number);
    if (status == HEED_OK)
        status = print_text(out, node->name, error);
    if (status == HEED_OK)
        status = buffer_print(out, error, " (");
    if (status == HEED_OK)
        status = print_text(out, node->type, error);
    if (status == HEED_OK)
        status = buffer_print(out, error, ")</font></td></tr>");
    if (status == HEED_OK)
        status = print_inputs(out, g, number, error);
    char shapes[sizeof node->output + sizeof node->further + 2];
    strcpy(shapes, node->output);
    if (node->further[0] != '\0')
        strcat(strcat(shapes, ", "), node->further);
    if (status == HEED_OK)
        status = print_row(out, "output", shapes, error);
    return status == HEED_OK ? buffer_print(out, error, "</table>>];\n") : status;
}

heed_status graph_print(buffer *out, const layer_graph *g, heed_error *error)
{
    heed_status status = buffer_append(out, head, sizeof head - 1, error);
    for (size_t i = 0; i < g->node_count && status == HEED_OK; i++)
        status = print_node(out, g, i, error);
    for (size_t i = 0; i < g->edge_count && status == HEED_OK; i++)
        status = buffer_print(out, error, "    n%zu -> n%zu;\n", g->edges[i].from, g->edges[i].to);
    return status == HEED_OK ? buffer_append(out, "}\n", 2, error) : status;
}

/* HEED_USAGE for a format that is none. */
static heed_status check_format(const char *format, heed_error *error)
{
    static const char *const formats[] = {"dot", "svg", "png", "pdf"};
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (strcmp(format, formats[i]) == 0)
            return HEED_OK;
    return fail(error, HEED_USAGE, "graph: found the format '%.40s', expected dot, svg, png or pdf", format);
}

heed_status heed_model_graph(const heed_model *model, const char *format, char **out, size_t *size, heed_error *error)
{
    *out = NULL;
    *size = 0;
    heed_status status = check_format(format, error);
    if (status != HEED_OK)
        return status;
    bool drawn = strcmp(format, "dot") != 0;
    layer_graph g;
    buffer dot = {0}, picture = {0}, *result = drawn ? &picture : &dot;
    status = layer_graph_init(&g, model, error);
    if (status == HEED_OK)
        status = graph_print(&dot, &g, error);
    if (status == HEED_OK && drawn)
        status = buffer_byte(&dot, '\0', error);
    if (status == HEED_OK && drawn)
        status = graph_render(&picture, dot.data, format, error);
    size_t written = result->size;
    if (status == HEED_OK)
        status = buffer_take(result, out, error);
    if (status == HEED_OK)
        *size = written;
    layer_graph_release(&g);
    buffer_release(&dot);
    buffer_release(&picture);
    return status;
}
