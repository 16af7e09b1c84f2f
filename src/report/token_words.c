#include "report/token_words.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"
#include "base/writer.h"

/* What the pieces of a word are read as: its words, with a space between them, or else its sub-words in one. */
static void write_word(writer *to, const token_map *map, const token_map_word *word, const heed_model *model)
{
    size_t count, end = word->first_piece + word->pieces;
    const heed_token *piece = tokens_items(map->pieces, &count);
    uint32_t number;
    writer_clear(to);
    for (size_t i = word->first_piece; i < end; i++) {
        if (token_map_subword(map, i, &number))
            continue;
        if (to->size > 0)
            writer_byte(to, ' ');
        writer_bytes(to, piece[i].text.data, piece[i].text.size);
    }
    bool words = to->size > 0;
    for (size_t i = word->first_piece; i < end && !words; i++) {
        if (!token_map_subword(map, i, &number) || map->trace.unknown[i])
            continue;
        tokenizer_write_text(to, model->encoder->words, number);
    }
}

heed_status token_words_find(token_words *out, const token_map *map, const heed_model *model, heed_error *error)
{
    writer text = {0};
    heed_status status;
    *out = (token_words){.number = memory_array(map->count, sizeof *out->number), .count = map->count};
    TRY(out->number == NULL ? fail_memory(error, "words of a report") : HEED_OK);
    TRY(intern_init(&out->words, error));
    for (size_t t = 0; t < map->count; t++)
        out->number[t] = INTERN_NONE;
    for (size_t i = 0; i < map->word_count; i++) {
        const token_map_word *word = &map->words[i];
        uint32_t number;
        if (word->status != HEED_TOKEN_READ || word->tokens == 0)
            continue;
        write_word(&text, map, word, model);
        TRY(writer_check(&text, error));
        TRY(intern_put(&number, &out->words, (heed_bytes){text.data, text.size}, error));
        for (size_t t = word->first_token; t < word->first_token + word->tokens; t++)
            out->number[t] = number;
    }
done:
    writer_release(&text);
    return status;
}

heed_status token_words_renumber(token_words *w, intern *table, heed_error *error)
{
    heed_status status = HEED_OK;
    for (size_t t = 0; t < w->count; t++)
        if (w->number[t] != INTERN_NONE)
            TRY(intern_put(&w->number[t], table, intern_word(&w->words, w->number[t]), error));
done:
    return status;
}

void token_words_release(token_words *w)
{
    free(w->number);
    intern_release(&w->words);
    *w = (token_words){0};
}
