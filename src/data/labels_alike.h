/* Labels that people take for the same one: they differ by capitals, blanks, Unicode form, invisible characters
 * or the spelling of a number (5, 5.0, 05). */
#ifndef DATA_LABELS_ALIKE_H
#define DATA_LABELS_ALIKE_H

#include "data/corpus.h"

/* Writes a line for people, or nothing if there are no such labels. The corpus's labels are sorted. */
heed_status labels_alike_find(writer *out, const heed_corpus *corpus, heed_error *error);

#endif
