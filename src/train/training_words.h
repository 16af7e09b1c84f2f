/* Ways to find the words of a training's vocabulary, for training_class. */
#ifndef TRAIN_TRAINING_WORDS_H
#define TRAIN_TRAINING_WORDS_H

#include "train/training_class.h"

/* The most frequent words of the training rows that occur at least min_count times, up to max_words ids. All
 * words of a model to start from come first. */
heed_status find_frequent_words(training_data *data, const heed_corpus *corpus, const split *parts,
                                const heed_train_options *options, heed_error *error);
/* All words that at least min_count training rows have. There is no start. */
heed_status find_words_by_rows(training_data *data, const heed_corpus *corpus, const split *parts,
                               const heed_train_options *options, heed_error *error);
/* The same by the min-count of a wide architecture. */
heed_status find_words_of_grams(training_data *data, const heed_corpus *corpus, const split *parts,
                                const heed_train_options *options, heed_error *error);
/* None, for what reads sub-words: only the mean length of the training rows in sub-words is found. */
heed_status find_no_words(training_data *data, const heed_corpus *corpus, const split *parts,
                          const heed_train_options *options, heed_error *error);

#endif
