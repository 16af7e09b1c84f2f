/* Labels that people take for the same one: they differ by capitals, blanks, Unicode form or invisible characters. */
#ifndef DATA_LABELS_ALIKE_H
#define DATA_LABELS_ALIKE_H

#include "data/corpus.h"

/* Writes a line for people, or nothing if there are no such labels. The corpus's labels are sorted. */
heed_status labels_alike_find(writer *out, const heed_corpus *corpus, heed_error *error);

#endif
