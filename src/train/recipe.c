#include "train/recipe.h"

const char *recipe_architecture(architecture_recipe recipe, uint32_t rows)
{
    bool network = recipe == RECIPE_NETWORK || (recipe == RECIPE_DEFAULT && rows >= RECIPE_NETWORK_ROWS);
    return network ? "wide ; " RECIPE_NETWORK_TEXT : "wide";
}

const char *heed_recipe_network(void)
{
    return RECIPE_NETWORK_TEXT;
}

const char *recipe_name(architecture_recipe recipe)
{
    static const char *const names[] = {
        [RECIPE_DEFAULT] = "default", [RECIPE_FAST] = "fast", [RECIPE_NETWORK] = "network"};
    return names[recipe];
}
