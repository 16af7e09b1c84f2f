/* The words of a row, read again from the spool. */
#ifndef CHECK_ROW_WORDS_H
#define CHECK_ROW_WORDS_H

#include "check/check_state.h"

/* Memory of a thread. */
typedef struct row_words {
    writer text; /* of the last row */
    heed_tokens *words;
} row_words;

heed_status row_words_init(row_words *out, heed_error *error);
void row_words_release(row_words *w);
/* The text of a row, without its words. */
heed_status row_words_text(heed_bytes *out, row_words *w, const heed_check *check, size_t row, heed_error *error);
/* And its words [count], borrowed until the next call. */
heed_status row_words_read(const heed_token **out, size_t *count, row_words *w, const heed_check *check, size_t row,
                           heed_error *error);

/* One for each thread of a pool; free them all. */
heed_status row_words_all(row_words **out, unsigned threads, heed_error *error);
void row_words_free_all(row_words *all, unsigned threads);

#endif
