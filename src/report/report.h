/* What a report is made of: rows kept while a model is evaluated, and what is drawn and counted from them at its end.
 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "base/buffer.h"
#include "base/pool.h"
#include "explain/explanation.h"
#include "explain/pen.h"
#include "model/encode.h"
#include "metrics/evaluation.h"

enum {
    REPORT_MISTAKES = 10,
    REPORT_SAMPLE = 2000, /* rows that the words with the most pull are counted in */
    REPORT_WORDS = 15,    /* of them, for each label */
    REPORT_BLOCK = 500,   /* rows read at a time */
    REPORT_LENGTHS = 40   /* bars of lengths at most */
};

/* A text that the report shows. */
typedef struct kept_row {
    char *text, *id; /* id NULL: the row has none */
    size_t size;
    uint32_t row;   /* from 0 */
    uint32_t label; /* the answer that is wrong: given though it is not true, or, where rows have several labels, not
                       given though it is */
    bool given;
    float sure; /* the probability of the wrong answer */
} kept_row;

/* A row that words are counted in. */
typedef struct sampled_row {
    uint64_t place; /* a random number, and the row below it: the smallest are taken */
    uint32_t *ids;  /* [length], as text_encode gives them */
    uint32_t length, label;
} sampled_row;

/* A text of the block at hand. */
typedef struct block_row {
    size_t begin, size; /* bytes of the block's text */
    uint64_t place;
    uint32_t label;
    uint32_t tokens, unknown, length; /* tokens, those that no word of the model is, those that it reads */
    bool sampled;
    uint32_t *ids; /* of a sampled row */
} block_row;

/* A word and what it does to a label's logit: the mean over the sampled rows that have it. */
typedef struct report_word {
    uint32_t id, rows;
    double mean;
} report_word;

/* The words with the most pull towards a label, most first. */
typedef struct label_words {
    report_word words[REPORT_WORDS];
    size_t count;
} label_words;

typedef enum report_picture {
    PICTURE_CONFUSION,
    PICTURE_ROC,
    PICTURE_PRECISION_RECALL,
    PICTURE_RELIABILITY,
    PICTURE_SCORES,
    PICTURE_LABELS,
    PICTURE_LENGTHS,
    PICTURE_TRAINING,
    PICTURE_GRAPH,
    REPORT_PICTURES
} report_picture;

struct heed_report {
    const heed_model *model;
    const heed_evaluation *evaluation;
    char *folder;
    char *model_name, digest[33]; /* of its file, "" where none was named */
    char **files;                 /* names without their folders */
    size_t file_count;
    uint64_t seed;

    pool *workers;
    text_encoder *encoders; /* [threads] */
    heed_status *status;    /* [threads]: the first failure of each */
    heed_error *errors;     /* [threads] */

    buffer texts; /* of the block */
    block_row block[REPORT_BLOCK];
    size_t block_rows;

    size_t rows;
    uint32_t *lengths; /* [rows]: tokens */
    size_t length_capacity;
    uint64_t tokens, unknown, cut_rows;
    sampled_row sample[2 * REPORT_SAMPLE];
    size_t sampled;
    uint64_t place_limit;               /* a row at or behind it is not among the sample */
    kept_row mistakes[REPORT_MISTAKES]; /* surest first */
    size_t mistake_count;
    uint64_t wrong; /* rows, or with several labels a row answers */

    /* what follows is made by heed_report_write */
    buffer pictures[REPORT_PICTURES]; /* SVG; empty where there is nothing to draw */
    heed_explanation *explanations[REPORT_MISTAKES];
    label_words *words;  /* [labels] */
    uint32_t word_least; /* a word stands in at least as many sampled rows */
};

/* Reads the rows of the block (report_rows.c). */
heed_status report_flush(heed_report *r, heed_error *error);
/* Leaves the REPORT_SAMPLE rows of the smallest places, in the order of those. */
void report_trim_sample(heed_report *r);

/* Fills words from the sample (report_words.c). */
heed_status report_count_words(heed_report *r, const heed_listener *listener, heed_error *error);
/* What is added up: gradient times input, or weights of a linear model. */
heed_method report_word_method(const heed_report *r);
/* Fills explanations, of the mistakes. */
heed_status report_explain(heed_report *r, heed_error *error);

/* Draws all the pictures (report_pictures.c). */
heed_status report_draw(heed_report *r, heed_error *error);
/* The name of a picture's file, without its ending. */
const char *report_picture_name(report_picture picture);
/* Width of the bars of lengths, and their rows [REPORT_LENGTHS]; returns how many there are. */
size_t report_length_bins(const heed_report *r, uint64_t bins[REPORT_LENGTHS], uint32_t *step);

/* The page, and the same as JSON. */
heed_status report_page(buffer *out, const heed_report *r, heed_error *error);
heed_status report_json(char **out, const heed_report *r, heed_error *error);
/* What the figures cannot say: sentences, NULL behind the last. */
const char *const *report_limits(void);

#endif
