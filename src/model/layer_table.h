/* A model's layers as the table of Keras's summary(). */
#ifndef MODEL_LAYER_TABLE_H
#define MODEL_LAYER_TABLE_H

#include "base/writer.h"
#include "model/layer_graph.h"

/* One row per layer, and the total number of trained parameters. */
void layer_table_print(writer *out, const layer_graph *g, size_t parameters);

#endif
