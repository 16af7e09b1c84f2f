/* Features of a corpus's rows as a file of a folder, named by a digest of all that they depend on: sub-words, encoder,
 * the rule, and the processor's kernels. */
#ifndef DATA_FEATURE_FILE_H
#define DATA_FEATURE_FILE_H

#include "data/corpus.h"

/* Fills a new table from the corpus's folder, if it has one and the file is there and whole. What is amiss is computed
 * again. */
void feature_file_read(feature_table *table, const heed_corpus *corpus, const feature_key *key);
/* Writes the table there, unless that fails: then it is computed again next time. */
void feature_file_write(const feature_table *table, const heed_corpus *corpus, const feature_key *key);

#endif
