#include "train/recipe.h"

#define FEATURES ENCODER_KEYWORD " | mean | linear"

/* From few parts to many; the first part is what remains where held-out rows do not say that the others help. */
static const char *const without_encoder[] = {"wide", "wide ; " RECIPE_NETWORK_TEXT};
static const char *const with_encoder[] = {FEATURES, FEATURES " ; wide", FEATURES " ; wide ; " RECIPE_NETWORK_TEXT,
                                           FEATURES " ; wide ; " RECIPE_STATES_TEXT};

/* Beside an encoder, whose states make a small network that needs few rows. */
static const char *beside_encoder(architecture_recipe recipe, const recipe_facts *facts)
{
    bool asked = recipe == RECIPE_NETWORK, may = recipe_asks_rows(recipe);
    if (facts->learns && may && facts->rows >= RECIPE_SUM_ROWS)
        return RECIPE_TRAINED_TEXT " ; wide";
    if (facts->states)
        return with_encoder[asked || (may && facts->rows >= RECIPE_SUM_ROWS) ? 3 : 0];
    if (asked || (may && facts->rows >= RECIPE_NETWORK_ROWS))
        return with_encoder[2];
    return with_encoder[may && facts->rows >= RECIPE_SUM_ROWS];
}

const char *recipe_architecture(architecture_recipe recipe, const recipe_facts *facts)
{
    bool network = recipe == RECIPE_NETWORK || (recipe_asks_rows(recipe) && facts->rows >= RECIPE_NETWORK_ROWS);
    return facts->encoder ? beside_encoder(recipe, facts) : without_encoder[network];
}

const char *heed_recipe_network(void)
{
    return RECIPE_NETWORK_TEXT;
}

const char *heed_recipe_encoder(void)
{
    return FEATURES;
}

const char *recipe_name(architecture_recipe recipe)
{
    static const char *const names[] = {
        [RECIPE_DEFAULT] = "default", [RECIPE_FAST] = "fast", [RECIPE_NETWORK] = "network", [RECIPE_BEST] = "best"};
    return names[recipe];
}
