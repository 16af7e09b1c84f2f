/* The text form of an architecture: layers in the order of the data, divided by '|'; poolings of the same sequence,
 * whose outputs are joined, by '+'. */
#ifndef NETWORK_ARCHITECTURE_H
#define NETWORK_ARCHITECTURE_H

#include "heed.h"
#include "network/layer_class.h"

/* Whether this is "linear", with or without numbers: the linear model (linear.h), not a network. */
bool architecture_is_linear(const char *text);
/* The same of "wide" with what follows it: the wide model (wide_spec.h). */
#define WIDE_KEYWORD "wide"
bool architecture_is_wide(const char *text);
/* A pretrained encoder as the first layer (model/encoder_spec.h). */
#define ENCODER_KEYWORD "encoder"
/* Whether a text has several parts, whose outputs are summed (sum_text.h). */
#define PART_SEPARATOR ';'
bool architecture_is_sum(const char *text);
/* A text that lets the training choose: "recipe", "recipe default": what held-out rows say is best, as far as its work
 * is bounded; "recipe fast": the wide part; "recipe network": with a network, whatever the rows say; "recipe best": as
 * the default, whatever its work is. */
typedef enum architecture_recipe {
    RECIPE_NONE,
    RECIPE_DEFAULT,
    RECIPE_FAST,
    RECIPE_NETWORK,
    RECIPE_BEST,
    RECIPE_UNKNOWN
} architecture_recipe;
/* Whether it leaves to the rows which parts there are. */
static inline bool recipe_asks_rows(architecture_recipe recipe)
{
    return recipe == RECIPE_DEFAULT || recipe == RECIPE_BEST;
}
/* Which; RECIPE_NONE for what does not begin with the word, RECIPE_UNKNOWN for another word after it. */
architecture_recipe architecture_recipe_of(const char *text);
/* The number of a linear model's text, C of the logistic regression, and its canonical text unless canonical is NULL;
 * free() releases it. */
heed_status architecture_parse_linear(double *strength, char **canonical, const char *text, heed_error *error);
/* The layers of a text, with those that are added automatically; free() releases them. */
heed_status architecture_parse(layer_spec **out, int *count, const char *text, heed_error *error);
/* The canonical text of layers; free() releases it. */
heed_status architecture_print(char **out, const layer_spec *layers, int count, heed_error *error);
/* The same text without attentions, with "mean" if no other pooling is left. NULL if it has no attention. free()
 * releases it. */
heed_status architecture_without_attention(char **out, const char *text, heed_error *error);

#endif
