/* What a model has besides its weights and words, and its JSON form in the model file. */
#ifndef MODEL_CONFIG_H
#define MODEL_CONFIG_H

#include <jansson.h>

#include "heed.h"

/* The format of a file: 1 is what version 0.1.0 wrote, 2 has something that 0.1.0 did not have. */
enum { MODEL_FORMAT_FIRST = 1, MODEL_FORMAT = 2 };

typedef struct network_config {
    char *architecture;
    bool mask;
    uint32_t window; /* 0: whole texts (linear) */
    uint32_t outputs, rows_per_chunk;
} network_config;

typedef struct label_config {
    heed_task task;
    uint32_t count, positive; /* positive: of a binary task, else count */
} label_config;

typedef struct training_record {
    uint64_t rows, rows_train, rows_validation;
    double mean_tokens;
    uint64_t distinct_words;
    char *data_digest;   /* XXH3-128 over all texts and labels, in order */
    char *validation;    /* such as "fraction 0.2", or RECORD_CROSS_FIT and the folds */
    char *class_weights; /* "balanced", "file" or NULL */
    uint32_t epochs_run, epoch_kept;
    bool keep_best, stopped;    /* stopped: by the user */
    char *vectors_digest;       /* XXH3-128 of the file of word vectors; NULL: there was none */
    uint64_t vector_words;      /* words of the vocabulary that started from it */
    double vector_tokens;       /* share of the training rows' tokens that are such words */
    heed_train_options options; /* recorded options that were used; the others are 0 */
} training_record;

/* The first word of training_record.validation if training rows were held out in turn: then no other rows validated,
 * and the validation metrics are theirs. */
#define RECORD_CROSS_FIT "cross-fit"
#define RECORD_GROUPED "grouped"
bool record_has_cross_fit(const training_record *t);

/* What a recipe chose, and by which figures: accuracies on rows that were held out, or that validate. */
typedef struct recipe_record {
    char *name; /* "default"; NULL: there was none, and the file does not have the section */
    uint32_t rows;
    double accuracy, wide_accuracy, linear_accuracy; /* of the model, of its first part by itself (wide, or the
                                                      encoder), and of linear */
} recipe_record;

/* The explanation method that was measured to be the most faithful. */
typedef struct explanation_record {
    heed_method method; /* HEED_METHOD_AUTO: none was, and the file does not have the section */
    heed_erase erase;
    uint32_t rows; /* of the sample */
    double gain, gain_low, gain_high, comprehensiveness, sufficiency;
} explanation_record;

/* The encoder that the file carries. */
typedef struct encoder_record {
    char *name;   /* family and sizes: "bert 6x384" */
    char *digest; /* of its weights and tokenizer; NULL: there is none, and the file does not have the section */
} encoder_record;

/* The rows that it was fitted on or chosen by. */
typedef struct seen_record {
    uint32_t digests; /* of their texts, in the model; 0: there are none, and what it saw is not known */
    uint64_t leaked;  /* rows that it was chosen by, and that have the text of a training row */
} seen_record;
enum { MOST_DIGESTS = 1000000 };

typedef struct model_config {
    heed_text_options text; /* stop_words: NULL, "english", or "list": the words are in the model */
    heed_rows_options rows;
    network_config network;
    label_config labels;
    training_record training;
    explanation_record explanation;
    recipe_record recipe;
    seen_record seen; /* zeros: the file does not have the section */
    encoder_record encoder;
} model_config;

/* Owns all strings. */
void config_release(model_config *config);
/* The format of a file with this: MODEL_FORMAT if it has anything that 0.1.0 did not have, so that 0.1.0 refuses what
 * it would understand otherwise, else MODEL_FORMAT_FIRST. */
uint32_t config_format(const model_config *config);
/* The JSON object, which json_decref releases; NULL without memory. */
json_t *config_json(const model_config *config);
/* Refuses (HEED_BAD_DATA) fields that are missing, unknown, of another type or out of range. */
heed_status config_parse(model_config *out, const char *text, heed_error *error);

#endif
