#include "train/pretrained.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/number.h"
#include "base/status.h"
#include "model/model.h"
#include "options/option_checks.h"
#include "train/own_vectors.h"
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

/* "889 of 7,204 words (12.3%; 50.2% of tokens)" */
static void write_share(char out[160], const pretrained *p, const vocabulary *words)
{
    char found[NUMBER_TEXT], all[NUMBER_TEXT];
    uint32_t count = words->words.count;
    snprintf(out, 160, "%s of %s words (%.1f%%; %.1f%% of tokens)", number_thousands(found, p->words),
             number_thousands(all, count), count == 0 ? 0 : 100.0 * (double)p->words / count, 100 * p->token_share);
}

static void write_file_note(pretrained *p, const vectors *v, const vocabulary *words, const char *path)
{
    char share[160], part[NUMBER_TEXT], more[128] = "";
    uint64_t skipped = v->bad + v->not_utf8;
    if (v->composed > 0)
        snprintf(more, sizeof more, "; %s of them made up of sub-words", number_thousands(part, v->composed));
    if (skipped > 0)
        snprintf(more + strlen(more), sizeof more - strlen(more), "; %s rows of the file skipped",
                 number_thousands(part, skipped));
    write_share(share, p, words);
    snprintf(p->note, sizeof p->note, "vectors: %s from %.300s, %u dimensions%s", share, path, v->dimensions, more);
}

static void write_own_note(pretrained *p, const vectors *v, const embedding_start *start, double seconds)
{
    char share[160], rows[NUMBER_TEXT];
    write_share(share, p, start->words);
    snprintf(p->note, sizeof p->note, "vectors: learned from the %s training rows: %s, %u dimensions, %.1f s",
             number_thousands(rows, start->train->count), share, v->dimensions, seconds);
}

/* Copies them, and tells what they cover. */
static void take(pretrained *out, const embedding_start *start, const vectors *v)
{
    out->words = copy_rows(start->weights, v, start->words);
    out->token_share = token_share(v, start->words, start->train);
    digest_digits(out->digest, (XXH128_hash_t){.high64 = v->digest[0], .low64 = v->digest[1]});
}

/* ---- learned from the training rows */

/* Whether there is something to learn, and from enough rows; a note says if not. */
static bool is_learnable(pretrained *out, const embedding_start *start, uint32_t known)
{
    out->few_rows = start->train->count < FEWEST_ROWS_TO_LEARN_FROM;
    if (known == start->words->words.count)
        snprintf(out->note, sizeof out->note, "vectors: none are learned, the model of --init-from has all %u words",
                 known);
    else if (out->few_rows)
        snprintf(out->note, sizeof out->note,
                 "vectors: %u training rows are too few to learn word vectors from, expected at least %d; %s start at "
                 "random, as without --vectors self",
                 start->train->count, FEWEST_ROWS_TO_LEARN_FROM, known > 0 ? "new words" : "all words");
    return out->note[0] == '\0';
}

static heed_status learn(pretrained *out, const embedding_start *start, const heed_train_options *o,
                         const heed_listener *listener, heed_error *error)
{
    const own_text text = {.corpus = start->corpus,
                           .rows = start->train,
                           .words = start->words,
                           .width = (uint32_t)start->net->embedded.width,
                           .seed = o->seed,
                           .threads = o->threads};
    uint32_t known = o->init_from == NULL ? 0 : o->init_from->words.words.count;
    stopwatch watch = stopwatch_start();
    vectors v;
    if (!is_learnable(out, start, known))
        return HEED_OK;
    heed_status status = own_vectors_learn(&v, &text, listener, error);
    if (status != HEED_OK)
        return status;
    for (uint32_t i = 0; i < known; i++)
        v.place[i] = VECTORS_NONE;
    take(out, start, &v);
    write_own_note(out, &v, start, stopwatch_seconds(&watch));
    vectors_release(&v);
    return HEED_OK;
}

/* ---- of a file */

static heed_status load(pretrained *out, const embedding_start *start, const char *path, const heed_listener *listener,
                        heed_error *error)
{
    vectors v;
    heed_status status =
        vectors_read(&v, path, &start->words->words, (uint32_t)start->net->embedded.width, listener, error);
    if (status != HEED_OK)
        return status;
    take(out, start, &v);
    write_file_note(out, &v, start->words, path);
    vectors_release(&v);
    return HEED_OK;
}

heed_status pretrained_load(pretrained *out, const embedding_start *start, const heed_train_options *options,
                            const heed_listener *listener, heed_error *error)
{
    const char *path = vectors_file(options->vectors);
    *out = (pretrained){0};
    return path == NULL ? learn(out, start, options, listener, error) : load(out, start, path, listener, error);
}
