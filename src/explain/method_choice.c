#include "explain/method_choice.h"

#include "encoder/encoder.h"
#include "explain/integrated.h"
#include "model/encoder_classifier.h"
#include "model/network_classifier.h"
#include "model/sum_classifier.h"
#include "network/network.h"

/* Whether the model itself does, as a whole or below a network. */
static bool reads_encoder(const heed_model *model)
{
    return model_encoder_head(model) != NULL || model_states_encoder(model) != NULL;
}

/* Whether it goes through the blocks of an encoder, itself or in a part that counts. */
static bool has_blocks(const heed_model *model)
{
    const model_sum *s = model_parts(model);
    if (s == NULL)
        return reads_encoder(model) && encoder_has_attention(model->encoder->net);
    for (uint32_t i = 0; i < s->count; i++)
        if (sum_part_counts(s, i) && has_blocks(s->parts[i].model))
            return true;
    return false;
}

/* Multiplications of one pass for each of so many tokens; words with weights have next to none. */
static uint64_t token_products(const heed_model *model, size_t tokens)
{
    const model_sum *s = model_parts(model);
    const trained_network *n = model_network(model);
    uint64_t sum = n == NULL ? 0 : network_token_products(n->net, tokens);
    if (s == NULL)
        return reads_encoder(model) ? sum + encoder_token_products(model->encoder->net, tokens) : sum;
    for (uint32_t i = 0; i < s->count; i++)
        if (sum_part_counts(s, i))
            sum += token_products(s->parts[i].model, tokens);
    return sum;
}

uint64_t integrated_work(const heed_model *model, unsigned steps, size_t tokens)
{
    return (uint64_t)tokens * path_steps(steps) * token_products(model, tokens);
}

heed_method method_for_text(const heed_model *model, unsigned steps, size_t tokens)
{
    const heed_method usual = model_default_method(model);
    const bool blocks = has_blocks(model);
    if (model_measured(model, usual) || usual != HEED_METHOD_INTEGRATED ||
        integrated_work(model, steps, tokens) <= (blocks ? MOST_ENCODER_WORK : MOST_WORK))
        return usual;
    return blocks && model_has_method(model, HEED_METHOD_ATTENTION) ? HEED_METHOD_ATTENTION : HEED_METHOD_GRADIENT;
}
