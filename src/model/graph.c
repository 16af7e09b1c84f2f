/* A model's layers as a graph in the DOT language of Graphviz. Names may hold anything. */
#include "base/escape.h"
#include "base/status.h"
#include "model/layer_graph.h"

/* Dark on white, whatever the page around it. */
static const char head[] =
    "digraph heed {\n"
    "    graph [bgcolor=\"white\", nodesep=0.4, ranksep=0.35];\n"
    "    node [shape=plain, fontname=\"Helvetica,Arial,sans-serif\", fontsize=12, fontcolor=\"#1a1a1a\"];\n"
    "    edge [color=\"#4d4d4d\", arrowsize=0.8];\n";

static void print_row(writer *out, const char *name, const char *shapes)
{
    writer_print(out, "<tr><td align=\"left\">%s</td><td align=\"left\">%s</td></tr>", name, shapes);
}

/* The shapes of what a node reads. */
static void print_inputs(writer *out, const layer_graph *g, size_t node)
{
    bool first = true;
    writer_text(out, "<tr><td align=\"left\">input</td><td align=\"left\">");
    for (size_t i = 0; i < g->edge_count; i++)
        if (g->edges[i].to == node) {
            writer_print(out, "%s%s", first ? "" : ", ", g->edges[i].shape);
            first = false;
        }
    writer_text(out, first ? g->nodes[node].output : ""); /* the input itself reads nothing */
    writer_text(out, "</td></tr>");
}

/* A table: name and class above, in one run of text whatever the width of its letters, the shapes of input and output
 * below. */
static void print_node(writer *out, const layer_graph *g, size_t number)
{
    const graph_node *node = &g->nodes[number];
    char shapes[sizeof node->output + sizeof node->further + 2];
    snprintf(shapes, sizeof shapes, "%s%s%s", node->output, node->further[0] != '\0' ? ", " : "", node->further);
    writer_print(out,
                 "    n%zu [label=<<table border=\"0\" cellborder=\"1\" cellspacing=\"0\" cellpadding=\"5\" "
                 "color=\"#4d4d4d\" bgcolor=\"white\"><tr><td colspan=\"2\" bgcolor=\"#1f4e79\">"
                 "<font color=\"white\">",
                 number);
    escape_markup(out, bytes_of(node->name));
    writer_text(out, " (");
    escape_markup(out, bytes_of(node->type));
    writer_text(out, ")</font></td></tr>");
    print_inputs(out, g, number);
    print_row(out, "output", shapes);
    writer_text(out, "</table>>];\n");
}

static void print_graph(writer *out, const layer_graph *g)
{
    writer_text(out, head);
    for (size_t i = 0; i < g->node_count; i++)
        print_node(out, g, i);
    for (size_t i = 0; i < g->edge_count; i++)
        writer_print(out, "    n%zu -> n%zu;\n", g->edges[i].from, g->edges[i].to);
    writer_text(out, "}\n");
}

heed_status heed_model_dot(char **out, const heed_model *model, heed_error *error)
{
    layer_graph g;
    writer dot = {0};
    heed_status status;
    *out = NULL;
    TRY(layer_graph_init(&g, model, error));
    print_graph(&dot, &g);
    status = writer_take(&dot, out, NULL, error);
done:
    layer_graph_release(&g);
    writer_release(&dot);
    return status;
}
