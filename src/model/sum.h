/* A sum of models, its parts: z = sum over the parts p of weights[p] z_p, logits [K]; p = sigmoid(z) of each output, or
 * softmax(z) over all of them.
 *
 * A text is read once, with the words of all parts that count, and as far as one of them reads it; each part reads what
 * it would have read by itself. */
#ifndef MODEL_SUM_H
#define MODEL_SUM_H

#include "model/model.h"

typedef struct sum_part {
    heed_model *model; /* with words and window of its own; of a part that spells words they are those of the sum */
    uint32_t *own_id;  /* [words]: the part's id of an id of the sum; NULL: it has the same ids, or reads sub-words */
    uint32_t words;    /* ids of the sum's vocabulary */
    float weight;
} sum_part;

typedef struct model_sum {
    sum_part *parts; /* [count] */
    uint32_t count;
} model_sum;

/* Room for parts, all zero. */
heed_status model_sum_new(model_sum **out, uint32_t count, heed_error *error);
void model_sum_free(void *sum); /* NULL too */
/* A part's model: configuration and labels of the whole, the architecture, and copies of these words; without what it
 * learned. */
heed_status sum_part_model(heed_model **out, const heed_model *whole, const char *architecture, const vocabulary *words,
                           heed_error *error);
/* Fills in own_id of a part for the ids of the sum's vocabulary, unless the part has the same ones. */
heed_status sum_part_map(sum_part *part, const vocabulary *words, heed_error *error);

/* Whether a part of this number counts. One of weight 0 adds nothing to the sum: it is neither computed nor read for.
 * (If all weights are 0, all count.) */
bool sum_part_counts(const model_sum *sum, uint32_t part);

/* The only part that counts on features of an encoder; NULL: there is none, or more than one. */
const sum_part *sum_part_on_features(const model_sum *sum);
/* The first part that counts on states of an encoder; NULL: there is none. All of them read alike, as all have the
 * sum's window. */
const sum_part *sum_part_on_states(const model_sum *sum);

/* What a part reads of a row of the sum: ids [row->length], and the place of each in the row, tokens [row->length],
 * unless it is NULL. Returns how many there are. */
size_t sum_part_read(uint32_t *ids, uint32_t *tokens, const sum_part *part, const batch_row *row);
/* Whether a part that counts reads whole texts. */
bool sum_reads_whole_texts(const model_sum *sum);
/* What the parts that count read, if the model has an encoder. */
text_reading sum_reads(const model_sum *sum);
/* classifier_class.find_cut */
void sum_find_cut(bool *cut, const model_sum *sum, const batch_row *row, uint32_t *scratch);
/* The row that a part reads, with these ids. */
batch_row sum_part_row(const sum_part *part, const batch_row *row, uint32_t *ids, uint32_t *tokens);

#endif
