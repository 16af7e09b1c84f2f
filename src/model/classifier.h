/* The outputs of a model of any kind for rows of ids: probabilities and logits. */
#ifndef MODEL_CLASSIFIER_H
#define MODEL_CLASSIFIER_H

#include "data/examples.h"
#include "model/model.h"

/* Scratch for one caller at a time. */
typedef struct classifier classifier;

/* model and workers are borrowed. */
heed_status classifier_new(classifier **out, const heed_model *model, pool *workers, heed_error *error);
void classifier_free(classifier *c);
/* As heed_predictor_set_storage. */
heed_status classifier_set_storage(classifier *c, heed_precision storage, heed_error *error);
/* As heed_predictor_set_weights. */
heed_status classifier_set_weights(classifier *c, heed_precision weights, heed_error *error);
/* As heed_predictor_weights. */
heed_precision classifier_weights(const classifier *c);
/* Probabilities [count][labels] of rows whose ids come from text_encode or examples_make for this model: cut to its
 * window, or whole if its class reads whole texts. The result for a row does not depend on the other rows, nor on its
 * number and label. HEED_FAILED without memory; HEED_BAD_DATA if a probability is not a finite number, as the model's
 * weights are so large that sums of them overflow: classifier_finite_rows says which row it was. This and the next two:
 * HEED_STOPPED if the pool is stopped (pool_watch). */
heed_status classifier_run(classifier *c, const batch_row *rows, size_t count, float *probabilities, heed_error *error);
/* How many of the rows [count][labels] have finite probabilities, up to the first that has not. */
size_t classifier_finite_rows(const float *probabilities, size_t count, size_t labels);
/* What an error says of numbers that are not finite. */
#define OVERFLOW_TEXT                                                                                                  \
    "not a finite number, as the weights of the model overflow; train it again, perhaps with a lower --learning-rate"
/* Logits [count] of a label for such rows. */
heed_status classifier_logits(classifier *c, const batch_row *rows, size_t count, size_t label, double *logits,
                              heed_error *error);
/* Logits [count][K] of all outputs. */
heed_status classifier_outputs(classifier *c, const batch_row *rows, size_t count, double *logits, heed_error *error);
/* Probabilities of rows [count] of the corpus that the model was trained on, with the words that the model knows,
 * [count][labels]; free() releases them. */
heed_status classify_rows(float **out, const heed_model *model, const heed_corpus *corpus, const uint32_t *rows,
                          uint32_t count, pool *workers, heed_error *error);
/* Logits of examples made with the model's vocabulary, out [count][K]. */
heed_status example_logits(double *out, const heed_model *model, const examples *e, pool *workers, heed_error *error);

#endif
