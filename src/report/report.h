/* A report under construction: what is kept of the rows while a model is evaluated, and what is drawn and counted at
 * the end. */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "base/names.h"
#include "base/pool.h"
#include "base/writer.h"
#include "metrics/evaluation.h"
#include "model/encode.h"
#include "report/report_files.h"
#include "report/report_mistakes.h"
#include "report/report_sample.h"
#include "report/report_words.h"

enum {
    REPORT_BLOCK = 500,   /* rows read at a time */
    REPORT_FILE_NAME = 64 /* of a picture */
};

/* A text of the current block. */
typedef struct block_row {
    size_t begin, size; /* bytes of the block's text */
    uint64_t place;
    uint32_t label;
    uint32_t tokens, unknown; /* tokens, unknown tokens */
    bool sampled, cut;        /* cut: the model does not read all of it */
    encoded_text text;        /* of a sampled row */
    token_words words;        /* of a sampled row, if the model reads sub-words */
} block_row;

/* What a thread needs to read rows, and its first failure. */
typedef struct report_worker {
    token_map map; /* of a sampled row, if the model reads sub-words; else only its encoder is used */
    heed_status status;
    heed_error error;
} report_worker;

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
    char *model_name, digest[DIGEST_DIGITS]; /* of the model's file, "" if none was named */
    char **files;                            /* [file_count]: names without their folders */
    size_t file_count;

    pool *pool;
    report_worker *workers; /* [threads of the pool] */

    writer texts; /* of the block */
    block_row block[REPORT_BLOCK];
    size_t block_rows;

    size_t rows;
    uint32_t *lengths; /* [rows]: tokens */
    size_t length_capacity;
    uint64_t tokens, unknown, cut_rows;
    row_sample sample;
    mistake_list mistakes;

    writer pictures[REPORT_PICTURES]; /* SVG; empty if there is nothing to draw; only the graph is the caller's */

    /* what follows is made by heed_report_write, as the other pictures are */
    report_words words;
};

/* The name of a picture. */
extern const names report_picture_names;

/* The file of a picture within the report's folder: "pictures/roc.svg". */
void report_picture_file(char out[REPORT_FILE_NAME], unsigned picture);

#endif
