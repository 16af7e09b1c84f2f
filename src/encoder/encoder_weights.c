#include "encoder/encoder_weights.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A size by its place in the config. */
#define SIZE(member) (int)offsetof(encoder_config, member)

typedef struct tensor_row {
    const char *name[ENCODER_LAYOUTS]; /* in each layout; %d: the block; NULL: it has none */
    size_t place;                      /* of its pointer, in encoder_weights or in the block's weights */
    int rows, columns;                 /* by their places in the config; NO_ROWS: a vector */
} tensor_row;

#define WHOLE(member) offsetof(encoder_weights, member)
#define BLOCK(member) offsetof(encoder_block_weights, member)
#define BERT_BLOCK "encoder.layer.%d."
#define DISTILBERT_BLOCK "transformer.layer.%d."

static const tensor_row whole_rows[] = {
    {{"embeddings.word_embeddings.weight", "embeddings.word_embeddings.weight"},
     WHOLE(words),
     SIZE(vocabulary),
     SIZE(width)},
    {{"embeddings.position_embeddings.weight", "embeddings.position_embeddings.weight"},
     WHOLE(positions),
     SIZE(positions),
     SIZE(width)},
    {{"embeddings.token_type_embeddings.weight", NULL}, WHOLE(types), SIZE(token_types), SIZE(width)},
    {{"embeddings.LayerNorm.weight", "embeddings.LayerNorm.weight"}, WHOLE(gamma), NO_ROWS, SIZE(width)},
    {{"embeddings.LayerNorm.bias", "embeddings.LayerNorm.bias"}, WHOLE(beta), NO_ROWS, SIZE(width)},
};

#define LINEAR(bert, distilbert, layer, rows, columns)                                                                 \
    {{BERT_BLOCK bert ".weight", DISTILBERT_BLOCK distilbert ".weight"},                                               \
     BLOCK(layer.kernel),                                                                                              \
     SIZE(rows),                                                                                                       \
     SIZE(columns)},                                                                                                   \
    {                                                                                                                  \
        {BERT_BLOCK bert ".bias", DISTILBERT_BLOCK distilbert ".bias"}, BLOCK(layer.bias), NO_ROWS, SIZE(rows)         \
    }
#define NORM(bert, distilbert, norm)                                                                                   \
    {{BERT_BLOCK bert ".weight", DISTILBERT_BLOCK distilbert ".weight"}, BLOCK(norm##_gamma), NO_ROWS, SIZE(width)},   \
    {                                                                                                                  \
        {BERT_BLOCK bert ".bias", DISTILBERT_BLOCK distilbert ".bias"}, BLOCK(norm##_beta), NO_ROWS, SIZE(width)       \
    }
static const tensor_row block_rows[] = {
    LINEAR("attention.self.query", "attention.q_lin", query, width, width),
    LINEAR("attention.self.key", "attention.k_lin", key, width, width),
    LINEAR("attention.self.value", "attention.v_lin", value, width, width),
    LINEAR("attention.output.dense", "attention.out_lin", output, width, width),
    NORM("attention.output.LayerNorm", "sa_layer_norm", attention),
    LINEAR("intermediate.dense", "ffn.lin1", feed_in, feed, width),
    LINEAR("output.dense", "ffn.lin2", feed_out, width, feed),
    NORM("output.LayerNorm", "output_layer_norm", feed),
};

enum { WHOLE_ROWS = sizeof whole_rows / sizeof *whole_rows, BLOCK_ROWS = sizeof block_rows / sizeof *block_rows };

const char *encoder_weights_prefix(encoder_family family)
{
    static const char *const prefix[ENCODER_STATIC] = {"bert.", "distilbert.", "roberta.", "roberta."};
    return prefix[family];
}

/* The row of a number among those that the family has; NULL: it has not as many. number: becomes what is left of it. */
static const tensor_row *whole_row(const encoder_config *c, size_t *number)
{
    for (const tensor_row *row = whole_rows; row < whole_rows + WHOLE_ROWS; row++)
        if (row->name[encoder_layout_of(c->family)] != NULL && (*number)-- == 0)
            return row;
    return NULL;
}

size_t encoder_weights_count(const encoder_config *c)
{
    size_t rest = SIZE_MAX;
    whole_row(c, &rest);
    return SIZE_MAX - rest + (size_t)c->layers * BLOCK_ROWS;
}

static int size_at(const encoder_config *c, int place)
{
    int size = NO_ROWS;
    if (place != NO_ROWS)
        memcpy(&size, (const char *)c + place, sizeof size);
    return size;
}

void encoder_weights_at(table_tensor *out, const encoder_config *c, size_t i)
{
    const tensor_row *row = whole_row(c, &i);
    *out = (table_tensor){.block = NO_BLOCK};
    if (row == NULL) {
        out->block = (int)(i / BLOCK_ROWS);
        row = &block_rows[i % BLOCK_ROWS];
    }
    const char *name = row->name[encoder_layout_of(c->family)], *number = strstr(name, "%d");
    if (number == NULL)
        snprintf(out->name, sizeof out->name, "%s", name);
    else
        snprintf(out->name, sizeof out->name, "%.*s%d%s", (int)(number - name), name, out->block, number + 2);
    out->rows = size_at(c, row->rows);
    out->columns = size_at(c, row->columns);
    out->place = row->place;
}

size_t encoder_weights_numbers(const encoder_config *c, size_t first)
{
    size_t numbers = 0;
    for (size_t i = first; i < encoder_weights_count(c); i++) {
        table_tensor t;
        encoder_weights_at(&t, c, i);
        numbers += table_tensor_numbers(&t);
    }
    return numbers;
}

/* Where the pointer is. */
static char *place_of(const encoder_weights *w, const table_tensor *t)
{
    char *begin = t->block == NO_BLOCK ? (char *)(uintptr_t)w : (char *)&w->blocks[t->block];
    return begin + t->place;
}

void encoder_weights_set(encoder_weights *w, const table_tensor *t, const real *numbers)
{
    memcpy(place_of(w, t), &numbers, sizeof numbers);
}

const real *encoder_weights_get(const encoder_weights *w, const table_tensor *t)
{
    const real *numbers;
    memcpy(&numbers, place_of(w, t), sizeof numbers);
    return numbers;
}

void encoder_weights_release(encoder_weights *w)
{
    for (size_t i = 0; i < w->copy_count; i++)
        free(w->copies[i]);
    free(w->copies);
    free(w->blocks);
    *w = (encoder_weights){0};
}
