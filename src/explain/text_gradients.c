#include "explain/text_gradients.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "encoder/encoder_pass.h"
#include "model/encode.h"
#include "model/encoder_classifier.h"

/* Points are computed together up to so many tokens, as copies of the stretch one after the other: the weights are read
 * once for all of them. */
enum { TOKENS_AT_ONCE = 512 };

struct text_gradients {
    const encoder_head *head; /* NULL: it is this network: */
    saliency *network;
    const shared_encoder *encoder;
    pool *workers;
    size_t room; /* sub-words of a stretch */
    encoder_pass *pass;
    size_t width, capacity; /* E; tokens of all copies with those around them, at most */
    size_t before, around;
    uint32_t *ids;                   /* [capacity] */
    int *lengths;                    /* [capacity]: of the copies */
    real *own, *words;               /* [capacity][E]: word embeddings of the first copy, and those at the points */
    real *states, *dstates, *dwords; /* [capacity][E] */
    real *attention;                 /* [capacity] */
    int length;                      /* of a copy, with those around it */
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
                          .workers = workers,
                          .room = head != NULL ? head->key.rule.room : model_window(model).length,
                          .width = shared_encoder_width(model->encoder)};
    tokenizer_frame(model->encoder->words, &g->before);
    g->around = tokenizer_around(model->encoder->words);
    g->capacity = g->room + g->around > TOKENS_AT_ONCE ? g->room + g->around : TOKENS_AT_ONCE;
    size_t numbers = g->capacity * g->width;
    g->ids = memory_array(g->capacity, sizeof *g->ids);
    g->lengths = memory_array(g->capacity, sizeof *g->lengths);
    g->attention = memory_array(g->capacity, sizeof *g->attention);
    real **matrices[] = {&g->own, &g->words, &g->states, &g->dstates, &g->dwords};
    bool fine = g->ids != NULL && g->lengths != NULL && g->attention != NULL;
    for (size_t i = 0; i < sizeof matrices / sizeof *matrices; i++)
        fine = (*matrices[i] = memory_aligned(numbers, sizeof(real))) != NULL && fine;
    TRY(fine ? HEED_OK : fail_memory(error, "gradients"));
    TRY(encoder_pass_new(&g->pass, model->encoder->net, workers, (int)g->capacity, KEEP_BLOCKS, error));
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
    free(g->lengths);
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
    g->length = (int)shared_encoder_frame(g->encoder, row->ids + first, count, g->ids);
    for (int t = 0; t < g->length; t++)
        encoder_word(g->encoder->net, g->ids[t], g->own + (size_t)t * g->width);
    return count;
}

/* ---- copies of it */

/* Where the numbers [length][E] of a copy are. */
static size_t place_of(const text_gradients *g, size_t copy)
{
    return copy * (size_t)g->length * g->width;
}

/* The copy of a point: the word embeddings of its own tokens, `count` of them, are multiplied by a factor. */
static void make_copy(text_gradients *g, size_t copy, size_t count, double factor)
{
    real *words = g->words + place_of(g, copy);
    if (copy > 0)
        memcpy(g->ids + copy * (size_t)g->length, g->ids, (size_t)g->length * sizeof *g->ids);
    memcpy(words, g->own, (size_t)g->length * g->width * sizeof *words);
    for (size_t i = g->before * g->width; i < (g->before + count) * g->width; i++)
        words[i] = (real)factor * g->own[i];
    g->lengths[copy] = g->length;
}

static heed_status forward(text_gradients *g, size_t copies, heed_error *error)
{
    const encoder_texts texts = {.ids = g->ids, .lengths = g->lengths, .count = copies, .words = g->words};
    return encoder_pass_run(g->pass, &texts, g->states, error);
}

/* The token whose state a feature is pooled from: the first, or the one with the largest value. */
static size_t pooled_from(const text_gradients *g, const real *states, size_t feature)
{
    size_t best = 0;
    for (size_t t = 1; t < (size_t)g->length && g->head->spec.pooling == FEATURES_MAX; t++)
        if (states[t * g->width + feature] > states[best * g->width + feature])
            best = t;
    return best;
}

/* A copy's part of the logit; its dstates, which are zeros, become the gradient. share: of the stretch in the row's
 * features. */
static double pool_backward(const text_gradients *g, size_t copy, uint32_t output, double share)
{
    const logistic *fit = &g->head->fit;
    const size_t length = (size_t)g->length, width = g->width;
    const real *states = g->states + place_of(g, copy);
    real *dstates = g->dstates + place_of(g, copy);
    const bool mean = g->head->spec.pooling == FEATURES_MEAN;
    double logit = 0;
    for (size_t j = 0; j < width && length > 0; j++) {
        double weight = share * (double)fit->weights[j * fit->outputs + output], sum = 0;
        size_t from = mean ? 0 : pooled_from(g, states, j), end = mean ? length : from + 1;
        for (size_t t = from; t < end; t++) {
            sum += (double)states[t * width + j];
            dstates[t * width + j] = (real)(mean ? weight / (double)length : weight);
        }
        logit += weight * (mean ? sum / (double)length : sum);
    }
    return logit;
}

/* The same of a network, which reads the states of the only stretch: of the text's own tokens and of the first. */
static double network_backward_to(const text_gradients *g, size_t copy, const batch_row *row, uint32_t output)
{
    const size_t first = place_of(g, copy), own = first + g->before * g->width;
    batch_row at = *row;
    at.states = (row_states){.of = g->states + own, .gradient = g->dstates + own};
    if (g->length > 0) {
        at.states.first = g->states + first;
        at.states.dfirst = g->dstates + first;
    }
    return saliency_of_states(g->network, &at, output);
}

/* products [count] of a copy's own tokens. */
static void multiply(const text_gradients *g, size_t copy, size_t count, double *products)
{
    const real *dwords = g->dwords + place_of(g, copy);
    for (size_t t = 0; t < count; t++) {
        const size_t at = (g->before + t) * g->width;
        products[t] = 0;
        for (size_t j = 0; j < g->width; j++)
            products[t] += (double)dwords[at + j] * (double)g->own[at + j];
    }
}

/* ---- points */

/* A logit of a row that is computed, and how far: its current stretch. */
typedef struct walk {
    const batch_row *row;
    uint32_t output;
    size_t first, size; /* its first token, and how many it has */
    double share;       /* of its features in the row's */
} walk;

/* Adds what points from ... from + count - 1 have of the stretch. */
static heed_status add_points(text_gradients *g, const walk *s, const line_points *p, size_t from, size_t count,
                              heed_error *error)
{
    heed_status status;
    for (size_t i = 0; i < count; i++)
        make_copy(g, i, s->size, p->shrink[from + i]);
    TRY(forward(g, count, error));
    memset(g->dstates, 0, place_of(g, count) * sizeof *g->dstates);
    for (size_t i = 0; i < count; i++)
        p->logits[from + i] +=
            g->head != NULL ? pool_backward(g, i, s->output, s->share) : network_backward_to(g, i, s->row, s->output);
    TRY(pool_check(g->workers, error));
    encoder_pass_backward(g->pass, g->dstates, g->dwords);
    TRY(pool_check(g->workers, error));
    for (size_t i = 0; i < count; i++)
        multiply(g, i, s->size, p->products + (from + i) * (size_t)s->row->length + s->first);
done:
    return status;
}

heed_status text_gradients_run(text_gradients *g, const batch_row *row, uint32_t output, const line_points *points,
                               heed_error *error)
{
    walk s = {.row = row, .output = output, .share = 1.0 / (double)stretches_of(g, row)};
    heed_status status = HEED_OK;
    for (size_t i = 0; i < points->count; i++)
        points->logits[i] = g->head != NULL ? (double)g->head->fit.bias[output] : 0;
    do {
        s.size = take_stretch(g, row, s.first);
        size_t most = g->length == 0 ? points->count : g->capacity / (size_t)g->length;
        for (size_t i = 0; i < points->count; i += most)
            TRY(add_points(g, &s, points, i, points->count - i < most ? points->count - i : most, error));
        s.first += s.size;
    } while (s.first < (size_t)row->length);
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
        make_copy(g, 0, size, 1);
        TRY(forward(g, 1, error));
        encoder_pass_attention(g->pass, g->attention);
        TRY(pool_check(g->workers, error));
        for (size_t t = 0; t < size; t++)
            *rest -= scores[first + t] = share * (double)g->attention[g->before + t];
        first += size;
    }
done:
    return status;
}
