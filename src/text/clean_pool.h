/* Cleans rows on several threads, which also do the caller's own work on each row. */
#ifndef TEXT_CLEAN_POOL_H
#define TEXT_CLEAN_POOL_H

#include "text/cleaner.h"

enum { ROW_SLOTS = 256 }; /* two batches of rows: one is prepared while the other is read or taken */

/* What a thread keeps from row to row. */
typedef struct row_scratch {
    heed_tokens *cleaned; /* the row's tokens */
    heed_tokens *spare;   /* for the caller */
    void *own;            /* the caller's; NULL at first, and in the end clean_pool.free_own gets it */
} row_scratch;

typedef struct clean_pool {
    /* On any thread: stores what the caller needs of a cleaned row in the caller's slot, 0 to ROW_SLOTS - 1, which
     * belongs to this row until it is taken. */
    heed_status (*prepare)(void *user, size_t slot, const heed_record *record, row_scratch *scratch, heed_error *error);
    /* On the calling thread, in the order of the input. */
    heed_status (*take)(void *user, size_t slot, const heed_record *record, heed_error *error);
    void (*free_own)(void *own); /* NULL: there is none */
    bool take_beside; /* take may run while later rows are being prepared in other slots; else it never does */
    void *user;
} clean_pool;

/* Prepares and takes all rows of a reader, in bounded memory, until one of the two functions does not return HEED_OK.
 */
heed_status clean_pool_run(heed_reader *reader, const heed_cleaner *cleaner, unsigned threads, const clean_pool *work,
                           heed_error *error);

#endif
