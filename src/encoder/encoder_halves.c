#include "encoder/encoder_halves.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "math/bfloat16.h"

/* Pairs of a kernel [out][in] at `to`: neighbours in a row, the last of an odd number with 0. Returns what follows. */
static uint32_t *round_kernel(linear_weights *w, int out, int in, uint32_t *to)
{
    w->pairs = to;
    for (int i = 0; i < out; i++)
        for (int k = 0; k < in; k += 2) {
            const real *x = w->kernel + (size_t)i * (size_t)in + k;
            *to++ = bfloat16_pair(x[0], k + 1 < in ? x[1] : 0);
        }
    return to;
}

static uint32_t *round_block(encoder_block_weights *b, const encoder_config *c, uint32_t *to)
{
    to = round_kernel(&b->query, c->width, c->width, to);
    to = round_kernel(&b->key, c->width, c->width, to);
    to = round_kernel(&b->value, c->width, c->width, to);
    to = round_kernel(&b->output, c->width, c->width, to);
    to = round_kernel(&b->feed_in, c->feed, c->width, to);
    return round_kernel(&b->feed_out, c->width, c->feed, to);
}

static size_t pairs_of_block(const encoder_config *c)
{
    size_t width = (size_t)c->width, feed = (size_t)c->feed;
    return (4 * width + feed) * ((width + 1) / 2) + width * ((feed + 1) / 2);
}

heed_status encoder_halves_new(encoder_halves **out, const encoder *e, heed_error *error)
{
    const size_t layers = (size_t)e->config.layers;
    encoder_halves *h = *out = memory_array(1, sizeof *h);
    if (h != NULL) {
        h->blocks = memory_array(layers, sizeof *h->blocks);
        h->pairs = memory_scratch(layers * pairs_of_block(&e->config), sizeof *h->pairs);
    }
    if (h == NULL || h->blocks == NULL || h->pairs == NULL) {
        encoder_halves_free(h);
        *out = NULL;
        return fail_memory(error, "the weights in bfloat16");
    }
    memcpy(h->blocks, e->weights.blocks, layers * sizeof *h->blocks);
    uint32_t *to = h->pairs;
    for (size_t i = 0; i < layers; i++)
        to = round_block(&h->blocks[i], &e->config, to);
    return HEED_OK;
}

void encoder_halves_free(encoder_halves *h)
{
    if (h == NULL)
        return;
    free(h->blocks);
    free(h->pairs);
    free(h);
}
