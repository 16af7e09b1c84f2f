/* A kind of classifier: what a model computes from the ids of a text, and everything else that differs between kinds. A
 * model has its class and its parameters, model->trained, which only the class accesses. classifier_table.c lists the
 * kinds; training_table.c says how each is trained. */
#ifndef MODEL_CLASSIFIER_CLASS_H
#define MODEL_CLASSIFIER_CLASS_H

#include <jansson.h>

#include "base/pool.h"
#include "base/writer.h"
#include "model/tensor_reader.h"
#include "network/batch.h"
#include "text/vocabulary.h"

struct layer_graph;

/* Most rows for which a class is called at a time. */
enum { CLASSIFIER_BLOCK = 500 };

typedef struct classifier_class {
    const char *name; /* "linear": the name of the kind in messages */

    /* ---- architectures: the text that names a kind and its sizes */
    bool (*recognises)(const char *architecture);
    /* Refuses (HEED_USAGE) an invalid one; gives its canonical form, which free() releases. */
    heed_status (*canonical)(char **out, const char *architecture, heed_error *error);
    /* The same without its attentions, or NULL if it has none; free() releases it. NULL: the kind has no attention. */
    heed_status (*without_attention)(char **out, const char *architecture, heed_error *error);

    /* ---- properties */
    /* It has parts of other kinds: the window is that of those that need one. */
    bool has_parts;
    /* Of a model with parts and an encoder: what those read that count. */
    text_reading (*parts_read)(const heed_model *model);
    /* Of a model with parts: places of the row's tokens [row->length] that a part has beyond its window and no part
     * that counts reads become true, others false; scratch [2 * row->length]. */
    void (*find_cut)(bool *cut, const heed_model *model, const batch_row *row, uint32_t *scratch);
    /* It reads whole texts: its window is 0, and words that the vocabulary drops keep their places. */
    bool whole_texts;
    /* It reads the sub-words of an encoder, and no words. */
    bool reads_subwords;
    /* It reads the letters of words that the vocabulary does not have: they are spelled (text_window). */
    bool spells_words;
    /* The solver that finds the one best solution, which counts as a single epoch; NULL: epochs of the optimiser in the
     * record. */
    const char *solver;
    heed_method method_of_many; /* model_method_of_many, if the model has it; else it is the weights */

    /* ---- parameters */
    /* Fills model->trained from a file that is valid so far; configuration, labels and words are already read. */
    void (*read)(tensor_reader *r, heed_model *model);
    void (*list)(tensor_list *l, const heed_model *model);
    /* Those of one byte an element, which come last in the file. NULL: there are none. */
    void (*list_bytes)(tensor_list *l, const heed_model *model);
    void (*free)(void *trained); /* NULL too */
    uint64_t (*parameters)(const heed_model *model);
    const char *(*architecture)(const heed_model *model); /* as text */
    /* The same with random initial weights, and without parts whose training does not begin with random ones; *out
     * NULL: nothing is left. The function NULL: its training never does. */
    heed_status (*randomise)(void **out, const heed_model *model, uint64_t seed, heed_error *error);

    /* ---- outputs: scratch of one caller, to be freed in any case; rows as for classifier_run, at most
     * CLASSIFIER_BLOCK; K outputs of the model. HEED_STOPPED if the pool is stopped, and nothing is kept that was not
     * finished. */
    heed_status (*scratch_new)(void **out, const heed_model *model, pool *workers, heed_error *error);
    void (*scratch_free)(void *scratch); /* NULL too */
    /* probability [count][K] */
    heed_status (*score)(void *scratch, const batch_row *rows, size_t count, float *probability, heed_error *error);
    /* logits [count][K] */
    heed_status (*logits)(void *scratch, const batch_row *rows, size_t count, double *logits, heed_error *error);
    /* HEED_USAGE, without a message, for formats that the model cannot use. NULL: for everything but float32. */
    heed_status (*set_storage)(void *scratch, heed_precision storage, heed_error *error);
    heed_status (*set_weights)(void *scratch, heed_precision weights, heed_error *error);
    /* What HEED_PRECISION_AUTO is for the weights; NULL: float32. */
    heed_precision (*best_weights)(const heed_model *model);

    /* ---- explanations */
    /* Its tokens are explained by gradients of the logit, not by weights of their own. */
    bool has_gradients;
    heed_method (*default_method)(const heed_model *model); /* HEED_METHOD_AUTO, if none was measured */
    /* HEED_USAGE, naming its methods, for one that it does not have. */
    heed_status (*check_method)(const heed_model *model, heed_method method, heed_error *error);
    /* HEED_METHOD_WEIGHTS: adds to scores [row->length], which are zeros, how much the features of each token
     * contribute to a label's logit; the rest of the logit is *baseline. NULL: it does not have the method. */
    heed_status (*weigh)(const heed_model *model, const batch_row *row, size_t label, double *scores, double *baseline,
                         heed_error *error);

    /* ---- descriptions */
    void (*print)(writer *out, const heed_model *model); /* its part of the summary */
    const char *json_key;                                /* and of the JSON object */
    json_t *(*json)(const heed_model *model);            /* NULL without memory */
    heed_status (*draw)(struct layer_graph *out, const heed_model *model, heed_error *error);
} classifier_class;

#endif
