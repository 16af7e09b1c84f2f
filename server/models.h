/* The models that are served, each in a version that requests share and a reload replaces. */
#ifndef SERVER_MODELS_H
#define SERVER_MODELS_H

#include <pthread.h>
#include <stdatomic.h>

#include "heed.h"

/* How a model is made ready. */
typedef struct model_options {
    unsigned workers; /* each gets a predictor of its own */
    heed_precision storage;
    heed_precision weights;
} model_options;

/* One version of a model: read-only, but for counts, and for predictor[i], which worker i alone uses. */
typedef struct model_version {
    atomic_size_t users; /* it goes with the last of them */
    unsigned number;     /* from 1, one more with each reload */
    heed_model *model;
    heed_predictor **predictors; /* [workers] */
    size_t workers, label_count;
    heed_task task;
    const char *const *labels;
    atomic_ullong *answered; /* [labels]: texts that got the label */
} model_version;

typedef struct served_model {
    char *name;
    const char *path;
    pthread_mutex_t lock; /* of current */
    model_version *current;
    atomic_ullong reloads, failures;
    atomic_ullong texts, cut, tokens, unknown;
} served_model;

typedef struct model_set {
    served_model *items; /* the first one answers where a request names none */
    size_t count;
    model_options options;
} model_set;

/* Loads models from "FILE" or "NAME=FILE"; without a name it is FILE's, less folder and .safetensors. HEED_USAGE for a
 * name twice, or of other characters than letters, digits, _ . and -. Strings are borrowed. Release it in any case. */
heed_status models_init(model_set *set, const char *const *arguments, size_t count, const model_options *options,
                        heed_error *error);
void models_release(model_set *set);
/* NULL where there is none of this name; name.data NULL: the first. */
served_model *models_find(const model_set *set, heed_bytes name);
/* Loads the file again, and lets new requests have it when it is whole; otherwise the old version stays. */
heed_status model_reload(served_model *m, const model_options *options, heed_error *error);
/* The version of now, to be put back. */
model_version *model_take(served_model *m);
void model_put(model_version *v);

#endif
