/* The graph of a model: who reads what, with which shapes; names that could break the drawing. */
#include "unit/made_network.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/layer_graph.h"

/* Nodes as "name (class) output[; further]", edges as "from shape to", in their order. */
static const struct {
    const char *architecture;
    const char *nodes[12], *edges[16];
} cases[] = {
    {"embed 8 | bilstm 4 | bilstm 3 | attention additive 10 | dense 5", /* the tutorial's */
     {"input (InputLayer) (None, 30)", "embedding (Embedding) (None, 30, 8)", "bi_lstm_0 (Bidirectional) (None, 30, 8)",
      "bi_lstm_1 (Bidirectional) (None, 30, 6); 4 x (None, 3)", "state_h (Concatenate) (None, 6)",
      "attention (Attention) (None, 6); (None, 30, 1)", "dense (Dense) (None, 5)", "output (Dense) (None, 1)"},
     {"input (None, 30) embedding", "embedding (None, 30, 8) bi_lstm_0", "bi_lstm_0 (None, 30, 8) bi_lstm_1",
      "bi_lstm_1 (None, 3) state_h", "bi_lstm_1 (None, 3) state_h", "bi_lstm_1 (None, 30, 6) attention",
      "state_h (None, 6) attention", "attention (None, 6) dense", "dense (None, 5) output"}},
    {"embed 8 | gru 4 | attention general + max + last", /* its own state as the query, three joined */
     {"input (InputLayer) (None, 30)", "embedding (Embedding) (None, 30, 8)", "gru_0 (GRU) (None, 30, 4); (None, 4)",
      "attention (Attention) (None, 4); (None, 30, 1)", "max (GlobalMaxPooling1D) (None, 4)",
      "last (Identity) (None, 4)", "concatenate (Concatenate) (None, 12)", "output (Dense) (None, 1)"},
     {"input (None, 30) embedding", "embedding (None, 30, 8) gru_0", "gru_0 (None, 30, 4) attention",
      "gru_0 (None, 4) attention", "gru_0 (None, 30, 4) max", "gru_0 (None, 4) last", "attention (None, 4) concatenate",
      "max (None, 4) concatenate", "last (None, 4) concatenate", "concatenate (None, 12) output"}},
    {"embed 8 | transformer 2 16 | mean",
     {"input (InputLayer) (None, 30)", "embedding (Embedding) (None, 30, 8)",
      "position (PositionEmbedding) (None, 30, 8)", "transformer_0 (Transformer) (None, 30, 8)",
      "mean (GlobalAveragePooling1D) (None, 8)", "output (Dense) (None, 1)"},
     {"input (None, 30) embedding", "embedding (None, 30, 8) position", "position (None, 30, 8) transformer_0",
      "transformer_0 (None, 30, 8) mean", "mean (None, 8) output"}},
    {"embed 8 | conv 5 3 | attention dot", /* the query is the mean of what it reads */
     {"input (InputLayer) (None, 30)", "embedding (Embedding) (None, 30, 8)", "conv1d_0 (Conv1D) (None, 30, 5)",
      "attention (Attention) (None, 5); (None, 30, 1)", "output (Dense) (None, 1)"},
     {"input (None, 30) embedding", "embedding (None, 30, 8) conv1d_0", "conv1d_0 (None, 30, 5) attention",
      "attention (None, 5) output"}},
};
enum { CASES = sizeof cases / sizeof *cases };

static heed_model make_model(const char *architecture)
{
    return made_network(architecture, 20, 30);
}

static size_t count(const char *text, const char *part)
{
    size_t found = 0;
    for (; (text = strstr(text, part)) != NULL; text += strlen(part))
        found++;
    return found;
}

static void nodes_and_edges_are_those_of_the_network(void **state)
{
    (void)state;
    for (size_t c = 0; c < CASES; c++) {
        heed_model model = make_model(cases[c].architecture);
        layer_graph g;
        char line[256];
        assert_int_equal(layer_graph_init(&g, &model, NULL), HEED_OK);
        for (size_t i = 0; i < g.node_count; i++) {
            const graph_node *node = &g.nodes[i];
            snprintf(line, sizeof line, "%s (%s) %s%s%s", node->name, node->type, node->output,
                     node->further[0] != '\0' ? "; " : "", node->further);
            assert_non_null(cases[c].nodes[i]);
            assert_string_equal(line, cases[c].nodes[i]);
        }
        assert_null(cases[c].nodes[g.node_count]);
        for (size_t i = 0; i < g.edge_count; i++) {
            const graph_edge *edge = &g.edges[i];
            snprintf(line, sizeof line, "%s %s %s", g.nodes[edge->from].name, edge->shape, g.nodes[edge->to].name);
            assert_non_null(cases[c].edges[i]);
            assert_string_equal(line, cases[c].edges[i]);
        }
        assert_null(cases[c].edges[g.edge_count]);
        layer_graph_release(&g);
        trained_network_free(model.trained);
    }
}

/* A node for each row of the summary's table, with its output shape; an edge for each name of "connected to". */
static void the_drawing_says_what_the_summary_says(void **state)
{
    (void)state;
    for (size_t c = 0; c < CASES; c++) {
        heed_model model = make_model(cases[c].architecture);
        char *dot = NULL, *summary = NULL, line[256], name[48], type[48];
        size_t nodes = 0;
        assert_int_equal(heed_model_dot(&dot, &model, NULL), HEED_OK);
        assert_int_equal(heed_model_summary(&summary, &model, NULL), HEED_OK);
        strstr(summary, "\nText\n")[0] = '\0'; /* behind the table */
        for (char *row = strtok(summary, "\n"); row != NULL; row = strtok(NULL, "\n")) {
            if (sscanf(row, "%47s (%47[^)])", name, type) != 2 || strcmp(name, "+") == 0 || strcmp(name, "Layer") == 0)
                continue;
            nodes++;
            char *shape = strstr(row, "(None");
            *strchr(shape, ')') = '\0';
            snprintf(line, sizeof line, "<font color=\"white\">%s (%s)</font>", name, type);
            const char *at = strstr(dot, line);
            if (at == NULL)
                fail_msg("no %s in:\n%s", line, dot);
            snprintf(line, sizeof line, "output</td><td align=\"left\">%s)", shape);
            const char *output = strstr(at, line), *end = strchr(at, '\n');
            assert_true(output != NULL && output < end);
        }
        assert_int_equal(nodes, count(dot, "[label=<<table"));
        size_t edges = 0;
        while (cases[c].edges[edges] != NULL)
            edges++;
        assert_int_equal(count(dot, " -> "), edges);
        free(dot);
        free(summary);
        trained_network_free(model.trained);
    }
}

static void names_cannot_break_the_drawing(void **state)
{
    (void)state;
    static const struct {
        const char *name, *drawn;
    } hostile[] = {
        {"</b></td><script>", "white\">&lt;/b&gt;&lt;/td&gt;&lt;script&gt; ("},
        {"a & \"b\" \\N", "white\">a &amp; &quot;b&quot; \\N ("},
        {"line\nbreak\x1B[1m\x7F", "white\">line\nbreak\xEF\xBF\xBD[1m\xEF\xBF\xBD ("},
        {"\xFF\xC3 broken \xE2\x82.", "white\">\xEF\xBF\xBD\xEF\xBF\xBD broken \xEF\xBF\xBD\xEF\xBF\xBD. ("},
        {"größer ŝ 字", "white\">größer ŝ 字 ("},
    };
    for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
        heed_model model = make_model("embed 8 | max");
        char *out = NULL;
        layer *first = model_network(&model)->net->layers;
        snprintf(first->name, sizeof first->name, "%s", hostile[i].name);
        assert_int_equal(heed_model_dot(&out, &model, NULL), HEED_OK);
        if (strstr(out, hostile[i].drawn) == NULL)
            fail_msg("no '%s' in:\n%s", hostile[i].drawn, out);
        heed_free(out);
        trained_network_free(model.trained);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nodes_and_edges_are_those_of_the_network),
        cmocka_unit_test(the_drawing_says_what_the_summary_says),
        cmocka_unit_test(names_cannot_break_the_drawing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
