/* heed_clean_rows: tokens are joined on the thread of their row, and rows are handed out in order. */
#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"
#include "text/clean_pool.h"

/* A cleaned row: its tokens, whose texts are parts of the joined one. */
typedef struct cleaned_row {
    heed_token *tokens;
    size_t count, capacity;
    writer joined;
} cleaned_row;

typedef struct delivery {
    cleaned_row rows[ROW_SLOTS];
    heed_cleaned_sink sink;
    void *user;
} delivery;

/* The row and the list exchange their memory. */
static heed_status exchange_row(void *user, size_t slot, const heed_record *record, row_scratch *scratch,
                                heed_error *error)
{
    (void)record;
    (void)error;
    cleaned_row *row = &((delivery *)user)->rows[slot];
    heed_tokens *list = scratch->cleaned;
    cleaned_row before = *row;
    heed_bytes joined = heed_tokens_joined(list);
    *row = (cleaned_row){list->items, list->count, list->capacity, list->joined};
    row->joined.size = joined.size;
    const char *at = joined.data;
    for (size_t i = 0; i < row->count; i++) {
        row->tokens[i].text.data = at;
        at += row->tokens[i].text.size + 1; /* a space between them */
    }
    list->items = before.tokens;
    list->count = 0;
    list->capacity = before.capacity;
    list->joined = before.joined;
    return HEED_OK;
}

/* A rare long text does not keep its memory in every slot that it passes. */
static void shrink(cleaned_row *row)
{
    enum { KEPT = 1 << 16 };
    if (row->capacity > KEPT) {
        free(row->tokens);
        row->tokens = NULL;
        row->capacity = 0;
    }
    if (row->joined.capacity > 8 * KEPT)
        writer_release(&row->joined);
}

static heed_status deliver_row(void *user, size_t slot, const heed_record *record, heed_error *error)
{
    delivery *d = user;
    cleaned_row *row = &d->rows[slot];
    heed_tokens list = {.items = row->tokens, .count = row->count, .joined = row->joined, .is_joined = true};
    int stop = d->sink(d->user, record, &list);
    shrink(row);
    if (stop == 0)
        return HEED_OK;
    return fail(error, HEED_STOPPED, "stopped by the callback at row %llu of %s", (unsigned long long)record->row,
                record->file);
}

heed_status heed_clean_rows(heed_reader *reader, const heed_cleaner *cleaner, unsigned threads, heed_cleaned_sink sink,
                            void *user, heed_error *error)
{
    delivery *d = memory_array(1, sizeof *d);
    if (d == NULL)
        return fail_memory(error, "cleaning rows");
    d->sink = sink;
    d->user = user;
    clean_pool work = {.prepare = exchange_row, .take = deliver_row, .take_beside = true, .user = d};
    heed_status status = clean_pool_run(reader, cleaner, threads, &work, error);
    for (size_t i = 0; i < ROW_SLOTS; i++) {
        free(d->rows[i].tokens);
        writer_release(&d->rows[i].joined);
    }
    free(d);
    return status;
}
