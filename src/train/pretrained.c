#include "train/pretrained.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "base/status.h"
#include "vectors/vectors.h"

static uint64_t copy_rows(real *weights, const vectors *v, const vocabulary *words)
{
    uint64_t copied = 0;
    for (uint32_t i = 0; i < words->words.count; i++) {
        const float *row = vectors_row(v, i);
        real *to = weights + ((size_t)i + words->first) * v->dimensions;
        for (uint32_t j = 0; j < v->dimensions && row != NULL; j++)
            to[j] = (real)row[j];
        copied += row != NULL;
    }
    return copied;
}

static double token_share(const vectors *v, const vocabulary *words, const examples *train)
{
    size_t tokens = train->first[train->count], covered = 0;
    for (size_t i = 0; i < tokens; i++)
        covered += train->ids[i] >= words->first && vectors_row(v, train->ids[i] - words->first) != NULL;
    return tokens == 0 ? 0 : (double)covered / (double)tokens;
}

static void write_note(pretrained *p, const vectors *v, const vocabulary *words, const char *path)
{
    char found[NUMBER_TEXT], all[NUMBER_TEXT], part[NUMBER_TEXT], more[128] = "";
    uint64_t skipped = v->bad + v->not_utf8;
    if (v->composed > 0)
        snprintf(more, sizeof more, "; %s of them made up of sub-words", number_thousands(part, v->composed));
    if (skipped > 0)
        snprintf(more + strlen(more), sizeof more - strlen(more), "; %s rows of the file skipped",
                 number_thousands(part, skipped));
    snprintf(p->note, sizeof p->note, "vectors: %s of %s words (%.1f%%; %.1f%% of tokens) from %.300s, %u dimensions%s",
             number_thousands(found, p->words), number_thousands(all, words->words.count),
             words->words.count == 0 ? 0 : 100.0 * (double)p->words / words->words.count, 100 * p->token_share, path,
             v->dimensions, more);
}

heed_status pretrained_load(pretrained *out, const embedding_start *start, const char *path,
                            const heed_listener *listener, heed_error *error)
{
    const vocabulary *words = start->words;
    vectors v;
    *out = (pretrained){0};
    heed_status status = vectors_read(&v, path, &words->words, (uint32_t)start->net->embedded.width, listener, error);
    if (status != HEED_OK)
        return status;
    out->words = copy_rows(start->weights, &v, words);
    out->token_share = token_share(&v, words, start->train);
    snprintf(out->digest, sizeof out->digest, "%016" PRIx64 "%016" PRIx64, v.digest[0], v.digest[1]);
    write_note(out, &v, words, path);
    vectors_release(&v);
    return HEED_OK;
}
