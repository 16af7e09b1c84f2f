/* A kind of classifier: what a model computes from the ids of a text, and all that differs from kind to kind. A model
 * has its class, and what it has learnt, model->trained, which nobody but the class looks into. classifier_table.c
 * lists the kinds; training_table.c says how each is trained. */
#ifndef MODEL_CLASSIFIER_CLASS_H
#define MODEL_CLASSIFIER_CLASS_H

#include <jansson.h>

#include "base/pool.h"
#include "base/writer.h"
#include "model/tensor_reader.h"
#include "network/batch.h"

struct layer_graph;

/* Rows that a class is asked to answer at a time, at most. */
enum { CLASSIFIER_BLOCK = 500 };

typedef struct classifier_class {
    const char *name; /* "linear": what the model is, in messages */

    /* ---- architectures: the text that names a kind and its numbers */
    bool (*recognises)(const char *architecture);
    /* Refuses (HEED_USAGE) what is wrong in it; its canonical form, which free() releases. */
    heed_status (*canonical)(char **out, const char *architecture, heed_error *error);
    /* The same with its attentions taken out, or NULL where it has none; free() releases it. NULL: it cannot attend. */
    heed_status (*without_attention)(char **out, const char *architecture, heed_error *error);

    /* ---- properties */
    /* It reads them: the window is 0, and words that the vocabulary drops keep their places. */
    bool whole_texts;
    /* What finds the one best solution, which counts as a single epoch; NULL: epochs of the optimiser in the record. */
    const char *solver;
    /* The method for texts by the thousand: one pass each, and scores may be added up. */
    heed_method method_of_many;

    /* ---- what it has learnt */
    /* Fills model->trained from a file that fits so far; configuration, labels and words are there. */
    void (*read)(tensor_reader *r, heed_model *model);
    void (*list)(tensor_list *l, const heed_model *model);
    void (*free)(void *trained); /* NULL too */
    uint64_t (*parameters)(const heed_model *model);
    const char *(*architecture)(const heed_model *model); /* for people */
    /* The same with weights as training begins with; NULL: its training begins with nothing that is drawn. */
    heed_status (*randomise)(void **out, const heed_model *model, uint64_t seed, heed_error *error);

    /* ---- answers: scratch of one caller, to be freed in any case; rows as classifier_run has them, at most
     * CLASSIFIER_BLOCK; K outputs of the model */
    heed_status (*scratch_new)(void **out, const heed_model *model, pool *workers, heed_error *error);
    void (*scratch_free)(void *scratch); /* NULL too */
    /* probability [count][K] */
    heed_status (*score)(void *scratch, const batch_row *rows, size_t count, float *probability, heed_error *error);
    /* logits [count] of one output */
    heed_status (*logits)(void *scratch, const batch_row *rows, size_t count, uint32_t output, double *logits,
                          heed_error *error);
    /* HEED_USAGE for what the model has no use for, without a message. NULL: for everything but float32. */
    heed_status (*set_storage)(void *scratch, heed_precision storage, heed_error *error);
    heed_status (*set_weights)(void *scratch, heed_precision weights, heed_error *error);

    /* ---- explanations */
    heed_method (*default_method)(const heed_model *model); /* HEED_METHOD_AUTO, where none was measured */
    /* HEED_USAGE, naming those that it has, for a method that it has not. */
    heed_status (*check_method)(const heed_model *model, heed_method method, heed_error *error);
    /* HEED_METHOD_WEIGHTS: adds to scores [row->length], of zeros, what each token's features give to a label's logit;
     * the rest of the logit is *baseline. NULL: it has no such method. */
    heed_status (*weigh)(const heed_model *model, const batch_row *row, size_t label, double *scores, double *baseline,
                         heed_error *error);

    /* ---- descriptions */
    void (*print)(writer *out, const heed_model *model); /* its part of the summary */
    const char *json_key;                                /* and of the JSON object */
    json_t *(*json)(const heed_model *model);            /* NULL for want of memory */
    heed_status (*draw)(struct layer_graph *out, const heed_model *model, heed_error *error);
} classifier_class;

#endif
