#include "train/word_spool.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/status.h"
#include "base/temporary.h"
#include "rows/reader.h"
#include "text/tokens.h"
#include "text/vocabulary.h"

typedef struct spooling {
    word_spool *spool;
    heed_vocabulary kind;
    heed_tokens *pieces;
    uint32_t *numbers; /* of one row */
    size_t capacity;
    heed_reader *reader;
    const heed_listener *listener;
    stopwatch watch;
    heed_status status; /* what went wrong in take_row, */
    heed_error error;   /* of which the cleaner only knows that it was stopped */
} spooling;

static const char file_of[] = "the words";

static heed_status count_word(uint32_t *out, word_spool *s, heed_bytes word, heed_error *error)
{
    uint32_t known = s->words.count;
    heed_status status;
    TRY(intern_put(out, &s->words, word, error));
    if (s->words.count > known) {
        TRY(memory_grow(&s->counts, &s->count_capacity, s->words.count, sizeof *s->counts, error));
        s->counts[known] = 0;
    }
    s->counts[*out]++;
done:
    return status;
}

/* Counts the words of a row and writes their numbers. */
static heed_status add_row(spooling *f, const heed_token *tokens, size_t count)
{
    word_spool *s = f->spool;
    size_t pieces;
    heed_status status;
    TRY(vocabulary_pieces(f->pieces, f->kind, tokens, count, &f->error));
    const heed_token *piece = tokens_items(f->pieces, &pieces);
    TRY(memory_grow(&f->numbers, &f->capacity, pieces + 1, sizeof *f->numbers, &f->error));
    for (size_t i = 0; i < pieces; i++)
        TRY(count_word(&f->numbers[i], s, piece[i].text, &f->error));
    f->numbers[pieces] = SPOOL_ROW_END;
    s->tokens += pieces;
    if (fwrite(f->numbers, sizeof *f->numbers, pieces + 1, s->file) != pieces + 1)
        status = temporary_fail(file_of, "written", &f->error);
    else
        status = reader_tell(f->reader, HEED_STAGE_READ, f->listener, &f->watch, "stopped while reading", &f->error);
done:
    return status;
}

static int take_row(void *user, const heed_record *record, heed_tokens *tokens)
{
    spooling *f = user;
    (void)record;
    f->status = add_row(f, tokens->items, tokens->count);
    return f->status != HEED_OK;
}

heed_status word_spool_fill(word_spool *out, heed_reader *reader, const heed_text_options *text, unsigned threads,
                            const heed_listener *listener, heed_error *error)
{
    *out = (word_spool){0};
    spooling f = {.spool = out, .kind = text->vocabulary, .reader = reader, .listener = listener};
    f.watch = stopwatch_start();
    heed_cleaner *cleaner = NULL;
    heed_status status;
    TRY(heed_cleaner_new(&cleaner, text, error));
    TRY(heed_tokens_new(&f.pieces, error));
    TRY(intern_init(&out->words, error));
    TRY(temporary_open(&out->file, file_of, error));
    status = heed_clean_rows(reader, cleaner, threads, take_row, &f, error);
    if (status == HEED_STOPPED && f.status != HEED_OK)
        status = fail(error, f.status, "%s", f.error.message);
done:
    heed_cleaner_free(cleaner);
    heed_tokens_free(f.pieces);
    free(f.numbers);
    return status;
}

heed_status word_spool_rewind(word_spool *spool, heed_error *error)
{
    if (fflush(spool->file) != 0)
        return temporary_fail(file_of, "written", error);
    rewind(spool->file);
    return HEED_OK;
}

heed_status word_spool_next(uint32_t *out, size_t *count, size_t room, word_spool *spool, heed_error *error)
{
    *count = fread(out, sizeof *out, room, spool->file);
    return *count < room && ferror(spool->file) ? temporary_fail(file_of, "read", error) : HEED_OK;
}

void word_spool_release(word_spool *spool)
{
    if (spool->file != NULL)
        fclose(spool->file);
    intern_release(&spool->words);
    free(spool->counts);
    *spool = (word_spool){0};
}
