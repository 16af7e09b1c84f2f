/* What is in a model file besides its classifier: the names, types and shapes of its tensors. docs/MODEL_FILE.md
 * describes it. */
#ifndef MODEL_MODEL_TENSORS_H
#define MODEL_MODEL_TENSORS_H

#include "metrics/keras_metrics.h"
#include "model/tensor_list.h"

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "model files are little-endian, and are read and written as they are in memory"
#endif

#define CONFIG_KEY "heed.config"
#define STOP_WORDS_TENSOR "heed.stop_words"
enum { MAX_CONFIG = 1 << 16 };

static const text_tensors vocabulary_tensors = {"heed.vocabulary.bytes", "heed.vocabulary.offsets"};
static const text_tensors label_tensors = {"heed.labels.bytes", "heed.labels.offsets"};

/* One row per epoch: metrics of the training rows, then of the validation rows. */
static inline tensor_spec history_tensor(uint32_t epochs)
{
    return tensor_matrix("heed.history", TENSOR_F32, epochs, 2 * KERAS_COLUMNS);
}

/* Of the texts of the rows that the model saw, increasing. */
static inline tensor_spec digest_tensor(uint32_t count)
{
    return tensor_vector("heed.seen.digests", TENSOR_U64, count);
}

static inline tensor_spec threshold_tensor(uint32_t count)
{
    return tensor_vector("heed.thresholds", TENSOR_F32, count);
}

#endif
