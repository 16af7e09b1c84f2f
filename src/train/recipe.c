#include "train/recipe.h"

#define FEATURES ENCODER_KEYWORD " | mean | linear"

/* From few parts to many; the first part is what remains where held-out rows do not say that the others help. */
static const char *const without_encoder[] = {"wide", "wide ; " RECIPE_NETWORK_TEXT};
static const char *const with_encoder[] = {FEATURES, FEATURES " ; wide", FEATURES " ; wide ; " RECIPE_NETWORK_TEXT};

const char *recipe_architecture(architecture_recipe recipe, const recipe_facts *facts)
{
    bool network = recipe == RECIPE_NETWORK || (recipe == RECIPE_DEFAULT && facts->rows >= RECIPE_NETWORK_ROWS);
    bool wide = recipe == RECIPE_DEFAULT && facts->rows >= RECIPE_WIDE_ROWS;
    return facts->encoder ? with_encoder[network ? 2 : wide] : without_encoder[network];
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
        [RECIPE_DEFAULT] = "default", [RECIPE_FAST] = "fast", [RECIPE_NETWORK] = "network"};
    return names[recipe];
}
