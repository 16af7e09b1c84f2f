/* The text form of an architecture: layers in the order of the data, divided by '|'; poolings of the same sequence,
 * whose outputs stand side by side, by '+'. */
#ifndef NETWORK_ARCHITECTURE_H
#define NETWORK_ARCHITECTURE_H

#include "network/network.h"

/* Layers with class and numbers filled in, the output layer behind them; free() releases them. */
heed_status architecture_parse(layer **out, int *count, const char *text, heed_error *error);
/* The canonical text of layers, without the output layer; free() releases it. */
heed_status architecture_print(char **out, const layer *layers, int count, heed_error *error);

#endif
