/* What a training sees of its rows: which texts, and which of the rows that it is judged by it trains on as well. */
#ifndef TRAIN_SEEN_ROWS_H
#define TRAIN_SEEN_ROWS_H

#include "data/digest_list.h"
#include "train/training_class.h"

/* How many rows to be judged by have the text of a training row. */
typedef struct leak {
    const char *part; /* "validation", "test" */
    uint64_t rows, of;
} leak;

typedef struct seen_rows {
    digest_list texts; /* for the model; empty if it is to have none */
    leak leak;
} seen_rows;

/* Reports leaks in one line, if there are some and they were not the last to be told of the corpus. HEED_STOPPED: by
 * the listener. */
heed_status leaks_tell(heed_corpus *corpus, const leak *leaks, size_t count, const heed_listener *listener,
                       heed_error *error);
/* Rows are held out in turn, by groups that a column says: rows of several groups may have the same text. */
heed_status shared_texts_tell(const heed_corpus *corpus, const uint32_t *rows, size_t count,
                              const heed_listener *listener, heed_error *error);
/* Finds both before a training, and reports a leak, and why a model that is to remember its texts cannot. Release it in
 * any case. */
heed_status seen_rows_find(seen_rows *out, heed_corpus *corpus, const training_data *data,
                           const heed_train_options *options, const heed_listener *listener, heed_error *error);
/* Moves them into a model of this training, if it is to remember. */
void seen_rows_give(seen_rows *seen, heed_model *model, const heed_train_options *options);
void seen_rows_release(seen_rows *seen);

#endif
