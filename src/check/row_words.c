#include "check/row_words.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"

heed_status row_words_init(row_words *out, heed_error *error)
{
    *out = (row_words){0};
    return heed_tokens_new(&out->words, error);
}

void row_words_release(row_words *w)
{
    writer_release(&w->text);
    heed_tokens_free(w->words);
}

heed_status row_words_text(heed_bytes *out, row_words *w, const heed_check *check, size_t row, heed_error *error)
{
    const checked *r = &check->rows[row];
    heed_status status = text_spool_read(&w->text, &check->texts, r->at, r->size, error);
    *out = status == HEED_OK ? (heed_bytes){w->text.data, r->size} : (heed_bytes){0};
    return status;
}

heed_status row_words_read(const heed_token **out, size_t *count, row_words *w, const heed_check *check, size_t row,
                           heed_error *error)
{
    heed_bytes text;
    heed_status status = row_words_text(&text, w, check, row, error);
    if (status == HEED_OK)
        status = heed_cleaner_run(w->words, check->cleaner, text, error);
    if (status == HEED_OK)
        *out = tokens_items(w->words, count);
    return status;
}

heed_status row_words_all(row_words **out, unsigned threads, heed_error *error)
{
    heed_status status = HEED_OK;
    *out = memory_array(threads, sizeof **out);
    if (*out == NULL)
        return fail_memory(error, "texts");
    for (unsigned i = 0; i < threads && status == HEED_OK; i++)
        status = row_words_init(&(*out)[i], error);
    return status;
}

void row_words_free_all(row_words *all, unsigned threads)
{
    for (unsigned i = 0; all != NULL && i < threads; i++)
        row_words_release(&all[i]);
    free(all);
}
