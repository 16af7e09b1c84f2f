#include "model/layer_table.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"

enum { NAME, SHAPE, PARAMETERS, SOURCES, COLUMNS };
enum { MAX_CELL = 160 };

typedef struct table_row {
    char cell[COLUMNS][MAX_CELL];
} table_row;

/* The names of the nodes that node number `to` reads. */
static void write_sources(char cell[MAX_CELL], const layer_graph *g, size_t to)
{
    size_t at = 0;
    for (size_t i = 0; i < g->edge_count && at < MAX_CELL; i++)
        if (g->edges[i].to == to)
            at +=
                (size_t)snprintf(cell + at, MAX_CELL - at, "%s%s", at > 0 ? ", " : "", g->nodes[g->edges[i].from].name);
}

/* Keras's rows, below the headings. Further outputs of a layer have a line of their own, so that the table stays
 * narrow. Returns the number of lines: at most two per node, and the headings. */
static size_t fill_rows(table_row *rows, const layer_graph *g)
{
    size_t count = 0;
    rows[count++] = (table_row){{"Layer (type)", "Output Shape", "Param #", "Connected to"}};
    for (size_t i = 0; i < g->node_count; i++) {
        const graph_node *node = &g->nodes[i];
        table_row *row = &rows[count++];
        snprintf(row->cell[NAME], MAX_CELL, "%s (%s)", node->name, node->type);
        snprintf(row->cell[SHAPE], MAX_CELL, "%s", node->output);
        number_thousands(row->cell[PARAMETERS], node->parameters);
        write_sources(row->cell[SOURCES], g, i);
        if (node->further[0] != '\0')
            snprintf(rows[count++].cell[SHAPE], MAX_CELL, "+ %s", node->further);
    }
    return count;
}

static void print_rule(writer *out, char mark, size_t width)
{
    writer_repeat(out, mark, width);
    writer_byte(out, '\n');
}

static void print_row(writer *out, const table_row *row, const int *width)
{
    if (row->cell[NAME][0] == '\0') /* returned by the layer above */
        writer_print(out, "%*s   %s\n", width[NAME], "", row->cell[SHAPE]);
    else
        writer_print(out, "%-*s   %-*s   %*s   %s\n", width[NAME], row->cell[NAME], width[SHAPE], row->cell[SHAPE],
                     width[PARAMETERS], row->cell[PARAMETERS], row->cell[SOURCES]);
}

/* The widest cell of each column; returns the width of the table. */
static size_t measure(int width[COLUMNS], const table_row *rows, size_t count)
{
    size_t total = 0;
    for (int c = 0; c < COLUMNS; c++) {
        size_t widest = 0;
        for (size_t i = 0; i < count; i++)
            widest = strlen(rows[i].cell[c]) > widest ? strlen(rows[i].cell[c]) : widest;
        width[c] = (int)widest;
        total += widest + (c > 0 ? 3 : 0);
    }
    return total;
}

void layer_table_print(writer *out, const layer_graph *g, size_t parameters)
{
    int width[COLUMNS];
    char number[NUMBER_TEXT];
    table_row *rows = memory_array(2 * g->node_count + 1, sizeof *rows);
    if (rows == NULL) {
        writer_fail(out, ENOMEM);
        return;
    }
    size_t count = fill_rows(rows, g), total = measure(width, rows, count);
    print_rule(out, '_', total);
    print_row(out, &rows[0], width);
    print_rule(out, '=', total);
    for (size_t i = 1; i < count; i++)
        print_row(out, &rows[i], width);
    print_rule(out, '=', total);
    writer_print(out, "Total params: %s\n", number_thousands(number, parameters));
    free(rows);
}
