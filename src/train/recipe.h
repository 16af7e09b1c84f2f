/* What a recipe trains (architecture_recipe): by rows, their lengths and their labels, never by the clock. */
#ifndef TRAIN_RECIPE_H
#define TRAIN_RECIPE_H

#include "network/architecture.h"

/* The network of a sum, and what heed compare and heed tune begin with. */
#define RECIPE_NETWORK_TEXT "embed 64 | dropout 0.5 | bilstm 32 | attention additive 16 + max | dropout 0.5"

/* Below so many training rows cross-validation says that a network loses or gains nothing. */
enum { RECIPE_NETWORK_ROWS = 2000 };

/* The architecture for so many training rows; static text. */
const char *recipe_architecture(architecture_recipe recipe, uint32_t rows);
/* "default" */
const char *recipe_name(architecture_recipe recipe);

#endif
