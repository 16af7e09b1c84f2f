/* Copies of consecutive records, to be processed together. */
#ifndef ROWS_RECORD_BATCH_H
#define ROWS_RECORD_BATCH_H

#include "heed.h"

typedef struct record_batch record_batch;

heed_status record_batch_new(record_batch **out, heed_error *error);
void record_batch_free(record_batch *batch);
/* Replaces the contents: waits for the first record, then goes on while no waiting is needed and there are fewer than
 * max_rows rows and max_bytes bytes. HEED_END after the last record. An error after some records comes with the next
 * fill. File names are borrowed from the reader. Memory is kept from fill to fill. */
heed_status record_batch_fill(record_batch *batch, heed_reader *reader, size_t max_rows, size_t max_bytes,
                              heed_error *error);
/* Call this before a fill that continues the last fill of another batch: that one's error comes with this fill. */
void record_batch_follow(record_batch *batch, record_batch *before);
/* Borrowed until the next fill. */
const heed_record *record_batch_items(const record_batch *batch, size_t *count);

#endif
