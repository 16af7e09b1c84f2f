#include "network/layers.h"

#include <stddef.h>

#define LAYER_ADDRESS(name) &name##_layer,
const layer_class *const layer_classes[] = {LAYERS(LAYER_ADDRESS) NULL};

const names layer_stage_names = NAMES("embedding", "position", "encoder", "pooling", "head", "output");
