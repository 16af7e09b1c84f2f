/* The served models. Requests share the current version of a model; a reload replaces it. */
#ifndef SERVER_MODELS_H
#define SERVER_MODELS_H

#include <pthread.h>
#include <stdatomic.h>

#include "heed.h"

/* How models are loaded. */
typedef struct model_options {
    unsigned workers;    /* each gets a predictor of its own */
    unsigned explainers; /* workers that explain */
    heed_precision storage;
    heed_precision weights;
} model_options;

/* One version of a model: read-only, except for counts and for predictors[i] and explainers[i], which only worker i
 * uses. */
typedef struct model_version {
    atomic_size_t references; /* the last one frees it */
    unsigned number;          /* 1, and one more after each reload */
    heed_model *model;
    heed_predictor **predictors; /* [workers] */
    heed_explainer **explainers; /* [explainer_count]; NULL until worker i explains a text */
    size_t workers, explainer_count, label_count;
    uint64_t window; /* the most tokens of a text; 0: any number */
    heed_task task;
    heed_precision weights; /* of the predictors: never auto */
    const char *const *labels;
    atomic_ullong *predicted; /* [labels]: texts that got the label */
} model_version;

/* How often something was done, and how long it took in all. */
typedef struct duration_count {
    atomic_ullong count, nanoseconds;
} duration_count;

static inline void duration_add(duration_count *d, double seconds)
{
    d->count++;
    d->nanoseconds += (unsigned long long)(1e9 * seconds);
}

typedef struct served_model {
    char *name;
    const char *path;
    pthread_mutex_t lock; /* of current */
    model_version *current;
    atomic_ullong reloads, failures;
    atomic_ullong texts, cut, tokens, unknown;
    duration_count success, failed; /* requests, from head to answer */
    duration_count compute;         /* batches of predictions */
    atomic_ullong last_inference;   /* milliseconds since 1970; 0: none yet */
} served_model;

typedef struct model_set {
    served_model *items; /* the first one answers if a request names none */
    size_t count;
    model_options options;
} model_set;

/* Loads models from "FILE" or "NAME=FILE"; without a name it is FILE's, without folder and .safetensors. HEED_USAGE for
 * two equal names, or characters other than letters, digits, _ . and -. Strings are borrowed. Release it in any case.
 */
heed_status models_init(model_set *set, const char *const *arguments, size_t count, const model_options *options,
                        heed_error *error);
void models_release(model_set *set);
/* NULL if there is none of this name; name.data NULL: the first one. */
served_model *models_find(const model_set *set, heed_bytes name);
/* Loads the file again for new requests; if it cannot be loaded, the old version stays. */
heed_status model_reload(served_model *m, const model_options *options, heed_error *error);
/* The current version, to be given back by model_put, which may free it. */
model_version *model_get(served_model *m);
void model_put(model_version *v);

#endif
