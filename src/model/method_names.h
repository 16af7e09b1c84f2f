/* The names of the methods that explain a text, wherever one is read or written by name. */
#ifndef MODEL_METHOD_NAMES_H
#define MODEL_METHOD_NAMES_H

#include "base/names.h"

/* Of the values of heed_method. */
extern const names method_names;

#endif
