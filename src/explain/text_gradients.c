#include "explain/text_gradients.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "encoder/encoder_pass.h"
#include "model/encode.h"
#include "model/encoder_classifier.h"

struct text_gradients {
    const encoder_head *head; /* NULL: it is this network: */
    saliency *network;
    const shared_encoder *encoder;
    size_t room; /* sub-words of a stretch */
    encoder_pass *pass;
    size_t width, capacity; /* E; tokens of a stretch with those around it, at most */
    const uint32_t *frame;  /* those around it: */
    size_t before, around;
    uint32_t *ids;                   /* [capacity] */
    real *own, *words;               /* [capacity][E]: word embeddings, and those at a point */
    real *states, *dstates, *dwords; /* [capacity][E] */
    real *attention;                 /* [capacity] */
    int length;                      /* of the current stretch, with those around it */
};

heed_status text_gradients_new(text_gradients **out, const heed_model *model, saliency *network, pool *workers,
                               heed_error *error)
{
    text_gradients *g = memory_array(1, sizeof *g);
    heed_status status;
    *out = NULL;
    if (g == NULL)
        return fail_memory(error, "gradients");
    const encoder_head *head = model_encoder_head(model);
    *g = (text_gradients){.head = head,
                          .network = network,
                          .encoder = model->encoder,
                          .room = head != NULL ? head->key.rule.room : model_window(model).length,
                          .width = shared_encoder_width(model->encoder)};
    g->frame = tokenizer_frame(model->encoder->words, &g->before);
    g->around = tokenizer_around(model->encoder->words);
    g->capacity = g->room + g->around;
    size_t numbers = g->capacity * g->width;
    g->ids = memory_array(g->capacity, sizeof *g->ids);
    g->attention = memory_array(g->capacity, sizeof *g->attention);
    real **matrices[] = {&g->own, &g->words, &g->states, &g->dstates, &g->dwords};
    bool fine = g->ids != NULL && g->attention != NULL;
    for (size_t i = 0; i < sizeof matrices / sizeof *matrices; i++)
        fine = (*matrices[i] = memory_aligned(numbers, sizeof(real))) != NULL && fine;
    TRY(fine ? HEED_OK : fail_memory(error, "gradients"));
    TRY(encoder_pass_new(&g->pass, model->encoder->net, workers, (int)g->capacity, true, error));
    *out = g;
    return HEED_OK;
done:
    text_gradients_free(g);
    return status;
}

void text_gradients_free(text_gradients *g)
{
    if (g == NULL)
        return;
    encoder_pass_free(g->pass);
    free(g->ids);
    free(g->attention);
    free(g->own);
    free(g->words);
    free(g->states);
    free(g->dstates);
    free(g->dwords);
    free(g);
}

/* ---- a stretch of the row */

static size_t stretches_of(const text_gradients *g, const batch_row *row)
{
    size_t length = (size_t)row->length;
    return length == 0 ? 1 : (length + g->room - 1) / g->room;
}

/* Takes the stretch that begins at a token; returns how many tokens of the row it has. */
static size_t take_stretch(text_gradients *g, const batch_row *row, size_t first)
{
    size_t rest = (size_t)row->length - first, count = rest < g->room ? rest : g->room;
    memcpy(g->ids, g->frame, g->before * sizeof *g->ids);
    for (size_t t = 0; t < count; t++)
        g->ids[g->before + t] = row->ids[first + t] & ~SUBWORD_BIT;
    memcpy(g->ids + g->before + count, g->frame + g->before, (g->around - g->before) * sizeof *g->ids);
    g->length = (int)(count + g->around);
    for (int t = 0; t < g->length; t++)
        encoder_word(g->encoder->net, g->ids[t], g->own + (size_t)t * g->width);
    memcpy(g->words, g->own, (size_t)g->length * g->width * sizeof *g->words);
    return count;
}

/* Its states with the row's word embeddings times a factor. */
static heed_status forward(text_gradients *g, size_t count, double factor, heed_error *error)
{
    const encoder_texts text = {.ids = g->ids, .lengths = &g->length, .count = 1, .words = g->words};
    size_t first = g->before * g->width;
    for (size_t i = first; i < first + count * g->width; i++)
        g->words[i] = (real)factor * g->own[i];
    return encoder_pass_run(g->pass, &text, g->states, error);
}

/* The token whose state a feature is pooled from: the first, or the one with the largest value. */
static size_t pooled_from(const text_gradients *g, size_t feature)
{
    size_t best = 0;
    for (size_t t = 1; t < (size_t)g->length && g->head->spec.pooling == FEATURES_MAX; t++)
        if (g->states[t * g->width + feature] > g->states[best * g->width + feature])
            best = t;
    return best;
}

/* This stretch's part of the logit; dstates become its gradient. share: of the stretch in the row's features. */
static double pool_backward(text_gradients *g, uint32_t output, double share)
{
    const logistic *fit = &g->head->fit;
    const size_t length = (size_t)g->length, width = g->width;
    double logit = 0;
    memset(g->dstates, 0, length * width * sizeof *g->dstates);
    for (size_t j = 0; j < width && length > 0; j++) {
        double weight = share * (double)fit->weights[j * fit->outputs + output], sum = 0;
        size_t from = pooled_from(g, j);
        bool mean = g->head->spec.pooling == FEATURES_MEAN;
        for (size_t t = mean ? 0 : from; t < (mean ? length : from + 1); t++) {
            sum += (double)g->states[t * width + j];
            g->dstates[t * width + j] = (real)(mean ? weight / (double)length : weight);
        }
        logit += weight * (mean ? sum / (double)length : sum);
    }
    return logit;
}

/* The same of a network, which reads the states of the text's own tokens: the only stretch. */
static double network_backward_to(text_gradients *g, const batch_row *row, uint32_t output)
{
    const size_t first = g->before * g->width;
    batch_row own = *row;
    own.states = g->states + first;
    memset(g->dstates, 0, (size_t)g->length * g->width * sizeof *g->dstates);
    return saliency_of_states(g->network, &own, output, g->dstates + first);
}

/* products [count] of the stretch's own tokens. */
static void multiply(const text_gradients *g, size_t count, double *products)
{
    for (size_t t = 0; t < count; t++) {
        const size_t at = (g->before + t) * g->width;
        products[t] = 0;
        for (size_t j = 0; j < g->width; j++)
            products[t] += (double)g->dwords[at + j] * (double)g->own[at + j];
    }
}

heed_status text_gradients_run(text_gradients *g, const batch_row *row, uint32_t output, const line_points *points,
                               heed_error *error)
{
    const size_t length = (size_t)row->length;
    const double share = 1.0 / (double)stretches_of(g, row);
    heed_status status = HEED_OK;
    for (size_t i = 0; i < points->count; i++)
        points->logits[i] = g->head != NULL ? (double)g->head->fit.bias[output] : 0;
    for (size_t first = 0, size = 0; first == 0 || first < length; first += size) {
        size = take_stretch(g, row, first);
        for (size_t i = 0; i < points->count; i++) {
            TRY(forward(g, size, points->shrink[i], error));
            points->logits[i] +=
                g->head != NULL ? pool_backward(g, output, share) : network_backward_to(g, row, output);
            encoder_pass_backward(g->pass, g->dstates, g->dwords);
            multiply(g, size, points->products + i * length + first);
        }
        if (size == 0)
            break;
    }
done:
    return status;
}

heed_status text_gradients_attention(text_gradients *g, const batch_row *row, double *scores, double *rest,
                                     heed_error *error)
{
    const double share = 1.0 / (double)stretches_of(g, row);
    heed_status status = HEED_OK;
    *rest = 1;
    for (size_t first = 0; first < (size_t)row->length;) {
        size_t size = take_stretch(g, row, first);
        TRY(forward(g, size, 1, error));
        encoder_pass_attention(g->pass, g->attention);
        for (size_t t = 0; t < size; t++)
            *rest -= scores[first + t] = share * (double)g->attention[g->before + t];
        first += size;
    }
done:
    return status;
}
