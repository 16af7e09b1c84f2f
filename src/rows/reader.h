/* The reader beyond its public face. */
#ifndef ROWS_READER_H
#define ROWS_READER_H

#include "heed.h"

/* heed_reader_next for those who do not want to wait: *got is false where the next record has to be waited for. */
heed_status reader_poll(heed_reader *reader, bool *got, heed_record *out, heed_error *error);
/* Whether a row may have any number of labels: label_separator is set. */
bool reader_takes_multilabel(const heed_reader *reader);

#endif
