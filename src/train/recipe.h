/* What a recipe trains (architecture_recipe): by rows, their lengths and their labels, never by the clock. */
#ifndef TRAIN_RECIPE_H
#define TRAIN_RECIPE_H

#include "network/architecture.h"

/* The network of a sum, and what heed compare and heed tune begin with. */
#define RECIPE_NETWORK_TEXT "embed 64 | dropout 0.5 | bilstm 32 | attention additive 16 + max | dropout 0.5"

/* The network on the states of an encoder. */
#define RECIPE_STATES_TEXT ENCODER_KEYWORD " | attention additive 64 | dropout 0.3"

/* The encoder that learns. */
#define RECIPE_TRAINED_TEXT ENCODER_KEYWORD " trained | mean | dropout 0.1"

/* Below so many training rows cross-validation says that a network on words loses or gains nothing; and that beside an
 * encoder a sum does. */
enum { RECIPE_NETWORK_ROWS = 2000, RECIPE_SUM_ROWS = 100 };

/* The most multiplications of a training of the encoder (fine_tuning_work): about 20 minutes of two cores of 2026. */
#define RECIPE_MOST_WORK 2e14

/* What the choice depends on. */
typedef struct recipe_facts {
    uint32_t rows; /* training rows */
    bool encoder;  /* there is one, */
    bool states;   /* and the corpus keeps its states */
    bool learns;   /* it may learn: it has blocks, and the work is bounded */
} recipe_facts;

/* The architecture for the rows; static text. Where the encoder may learn, what held-out rows have to say is better than
 * the one without that. */
const char *recipe_architecture(architecture_recipe recipe, const recipe_facts *facts);
/* "default" */
const char *recipe_name(architecture_recipe recipe);

#endif
