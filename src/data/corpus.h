/* Labelled rows as interned words, from which any number of training sets can be made. */
#ifndef DATA_CORPUS_H
#define DATA_CORPUS_H

#include <xxhash.h>

#include "base/intern.h"
#include "features/feature_cache.h"
#include "features/state_table.h"
#include "base/writer.h"
#include "text/cleaner.h"
#include "text/vocabulary.h"
#include "vectors/vector_cache.h"

enum { LONGEST_LABEL = 1024 }; /* bytes */

typedef struct corpus_row {
    size_t first;         /* its words: corpus->words_of_rows[first] up to the next row's first */
    uint64_t group;       /* digest of its group: rows of one group are never split */
    uint64_t digest;      /* text_digest of its text */
    size_t first_subword; /* corpus->subwords[first_subword] up to the next row's; without an encoder 0 */
    size_t first_label;   /* corpus->labels_of_rows[first_label] up to the next row's */
    double weight;        /* how much it counts in training */
    uint32_t tokens;      /* len(text.split(" ")) of the cleaned text */
    heed_part part;       /* as set by its file or split column */
} corpus_row;

struct heed_corpus {
    heed_text_options options; /* stop_words is owned; NULL: there are none */
    char *stop_list;           /* if they come from a file: its text */
    size_t stop_list_size;
    heed_cleaner *cleaner;
    intern words; /* every distinct word, in order of first occurrence */
    uint32_t *words_of_rows;
    size_t word_count, word_capacity;
    shared_encoder *encoder; /* NULL: none, and the rows have no sub-words */
    uint32_t *subwords;      /* of all rows, as its tokenizer finds them, without those around a text */
    size_t subword_count, subword_capacity;
    feature_cache *features;  /* that trainings computed of its rows; NULL without an encoder */
    char *feature_folder;     /* where these are also kept; NULL: nowhere */
    state_table *states;      /* that trainings computed of its rows; NULL without an encoder */
    uint32_t *labels_of_rows; /* numbers in label_names; with one label per row, one each */
    size_t label_count, label_capacity;
    bool grouped; /* a group column says which rows belong together, not their texts */
    bool several; /* several labels per row: its readers have a label_separator */
    corpus_row *rows;
    size_t row_count, row_capacity;
    intern label_names;    /* in order of first occurrence */
    uint32_t learnable;    /* labels of rows that are not set to validate or test: a model has these */
    uint32_t *label_order; /* [labels]: label numbers: learnable ones first, each kind sorted by bytes */
    uint32_t *label_rank;  /* [labels]: place of a label number in that order */
    const char **labels;   /* [labels]: names in that order */
    uint64_t *label_rows;  /* [labels]: in that order */
    writer label_text;
    writer label_header;   /* the first row of the first file as the header of a numbered label column; empty: none */
    writer label_column;   /* the name of the first file's label column, for messages; empty: unknown */
    uint64_t leak_told[2]; /* of so many rows so many have the text of a training row: what was told last */
    size_t rows_judged;    /* how many rows the labels had when they were last judged (label_signs.h) */
    uint64_t skipped, unlabelled;
    XXH3_state_t *digest; /* over texts, labels and weights of all rows */
    bool restored;        /* from a file, complete; then their digest is */
    XXH128_hash_t restored_digest;
    heed_corpus_info info; /* the last one given out */
    vector_cache *learned; /* word vectors that trainings learned from its rows */
};

/* What a corpus has in place of what options name; borrowed. NULL: as they say. */
typedef struct corpus_source {
    cleaner_source text;
    const shared_encoder *encoder;
} corpus_source;

/* heed_corpus_new. */
heed_status corpus_new(heed_corpus **out, const heed_text_options *options, const corpus_source *source,
                       heed_error *error);
/* Sorts the current labels; call it before label_order and label_rank are used. */
heed_status corpus_sort_labels(heed_corpus *corpus, heed_error *error);
/* The words of a row. */
const uint32_t *corpus_words(const heed_corpus *corpus, size_t row, size_t *count);
/* The sub-words of a row; of a corpus without an encoder there are none. */
const uint32_t *corpus_subwords(const heed_corpus *corpus, size_t row, size_t *count);
/* The labels of a row, as numbers in label_names. */
const uint32_t *corpus_labels(const heed_corpus *corpus, size_t row, size_t *count);
/* Over texts, labels and weights of all rows. */
XXH128_hash_t corpus_digest(const heed_corpus *corpus);
/* Of a model of these rows; after corpus_sort_labels. */
heed_task corpus_task(const heed_corpus *corpus);

#endif
