/* heed vectors: what is in a file of word vectors, and which words are near each other in it; vectors_train.c makes
 * one. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/status.h"
#include "command_options.h"
#include "output.h"
#include "progress.h"
#include "settings.h"
#include "vectors_train.h"

/* ---------------------------------------------------------------- info */

static void info_print(writer *o, const heed_vectors_info *info, bool json)
{
    const struct {
        const char *name, *key;
        uint64_t value;
    } facts[] = {{"dimensions", "dimensions", info->dimensions},
                 {"rows", "rows", info->rows},
                 {"rows by its header", "declared", info->declared},
                 {"bad rows, skipped", "bad", info->bad},
                 {"not UTF-8, skipped", "not_utf8", info->not_utf8}};
    writer_print(o, json ? "{\"format\": \"%s\"" : "format: %s\n", info->format);
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        bool none = strcmp(facts[i].key, "declared") == 0 && facts[i].value == 0;
        if (json && none)
            writer_print(o, ", \"%s\": null", facts[i].key);
        else if (json)
            writer_print(o, ", \"%s\": %" PRIu64, facts[i].key, facts[i].value);
        else if (!none)
            writer_print(o, "%s: %" PRIu64 "\n", facts[i].name, facts[i].value);
    }
    writer_text(o, json ? "}\n" : "");
}

static heed_status info_run(const settings *s, progress *p, heed_error *error)
{
    if (s->operands.count != 2 || s->train.vectors != NULL)
        return fail(error, HEED_USAGE, "vectors: expected heed vectors info FILE");
    heed_vectors *vectors = NULL;
    heed_bytes none = {0};
    output out = output_standard();
    heed_status status;
    TRY(heed_vectors_load(&vectors, s->operands.items[1], &none, 0, &p->listener, error));
    progress_clear(p);
    info_print(&out.w, heed_vectors_describe(vectors), s->json);
    status = output_finish(&out, error);
done:
    progress_clear(p);
    heed_vectors_free(vectors);
    return status;
}

/* ---------------------------------------------------------------- near */

typedef struct near_search {
    const settings *settings;
    heed_bytes *words;
    size_t word_count;
    heed_vectors *asked; /* the words' own vectors: a fastText .bin has vectors for unknown words too */
    heed_vectors *all;
} near_search;

static void neighbours_print(writer *o, heed_bytes word, const heed_neighbours *found)
{
    for (size_t i = 0; i < heed_neighbours_count(found); i++) {
        const heed_neighbour *near = heed_neighbours_item(found, i);
        escape_label(o, word);
        writer_byte(o, '\t');
        escape_label(o, near->word);
        writer_print(o, "\t%.6f\n", near->cosine);
    }
}

static void neighbours_json(writer *o, heed_bytes word, const heed_neighbours *found)
{
    writer_text(o, "{\"word\": ");
    escape_json(o, word);
    writer_text(o, ", \"near\": [");
    for (size_t i = 0; i < heed_neighbours_count(found); i++) {
        const heed_neighbour *near = heed_neighbours_item(found, i);
        writer_text(o, i == 0 ? "{\"word\": " : ", {\"word\": ");
        escape_json(o, near->word);
        writer_print(o, ", \"cosine\": %.6f}", near->cosine);
    }
    writer_text(o, "]}\n");
}

static heed_status words_find(near_search *n, progress *p, heed_error *error)
{
    const settings *s = n->settings;
    heed_status status;
    TRY(heed_vectors_load(&n->asked, s->train.vectors, n->words, n->word_count, &p->listener, error));
    for (size_t i = 0; i < n->word_count; i++)
        if (heed_vectors_of(n->asked, n->words[i]) == NULL)
            TRY(fail(
                error, HEED_USAGE,
                "vectors: %s has no vector of '%.60s'; words are looked up exactly, so upper and lower case differ",
                s->train.vectors, n->words[i].data));
    TRY(heed_vectors_load(&n->all, s->train.vectors, NULL, 0, &p->listener, error));
done:
    progress_clear(p);
    return status;
}

static heed_status neighbours_find(near_search *n, heed_error *error)
{
    output out = output_standard();
    heed_status status;
    for (size_t i = 0; i < n->word_count; i++) {
        heed_neighbours *found;
        const float *vector = heed_vectors_of(n->asked, n->words[i]);
        TRY(heed_vectors_near(&found, n->all, n->words[i], vector, n->settings->top_k, error));
        (n->settings->json ? neighbours_json : neighbours_print)(&out.w, n->words[i], found);
        heed_neighbours_free(found);
    }
    status = output_finish(&out, error);
done:
    return status;
}

static heed_status near_run(const settings *s, progress *p, heed_error *error)
{
    if (s->train.vectors == NULL)
        return fail(error, HEED_USAGE,
                    "vectors: --vectors is missing, expected heed vectors near WORD... --vectors FILE");
    near_search n = {.settings = s, .word_count = s->operands.count - 1};
    n.words = calloc(n.word_count, sizeof *n.words);
    heed_status status;
    if (n.words == NULL)
        TRY(fail_memory(error, "the words"));
    for (size_t i = 0; i < n.word_count; i++)
        n.words[i] = bytes_of(s->operands.items[i + 1]);
    TRY(words_find(&n, p, error));
    status = neighbours_find(&n, error);
done:
    heed_vectors_free(n.asked);
    heed_vectors_free(n.all);
    free(n.words);
    return status;
}

/* All subcommands share one list of options, of which near and info take few. */
static heed_status options_check(const settings *s, const char *what, heed_error *error)
{
    static const char *const taken[] = {"vectors", "top-k", "json", "quiet", "help"};
    for (size_t i = 0; i < s->naming_count; i++) {
        bool fine = false;
        for (size_t j = 0; j < sizeof taken / sizeof *taken; j++)
            fine = fine || strcmp(s->namings[i].option->name, taken[j]) == 0;
        if (!fine)
            return fail(error, HEED_USAGE, "vectors %s does not take option --%s; vectors train does", what,
                        s->namings[i].option->name);
    }
    return HEED_OK;
}

static heed_status run(settings *s, heed_error *error)
{
    progress p;
    const char *what = s->operands.items[0];
    bool near = strcmp(what, "near") == 0;
    if (strcmp(what, "train") == 0)
        return vectors_train(s, error);
    if (!near && strcmp(what, "info") != 0)
        return fail(error, HEED_USAGE, "vectors: found '%s', expected train, near or info: heed vectors %s", what,
                    s->command->arguments);
    heed_status status = options_check(s, what, error);
    if (status != HEED_OK)
        return status;
    progress_init(&p, "reading", s->quiet, true);
    progress_watch_signals();
    return near ? near_run(s, &p, error) : info_run(s, &p, error);
}

const command vectors_command = {
    .name = "vectors",
    .run = run,
    .touches = TOUCHES_READING | TOUCHES_CLEANING | TOUCHES_COUNTING | TOUCHES_VECTORS | TOUCHES_SEED | TOUCHES_THREADS,
    .min_arguments = 2,
    .max_arguments = ANY_NUMBER,
    .arguments = "train FILE... | near WORD... | info FILE [OPTION]...",
    .summary = "learn word vectors, or look at a file of them",
    .about =
        "train learns vectors of the words in the files' texts by word2vec (skip-gram or CBOW, with negative "
        "sampling). Labels are not needed. Texts are cleaned as heed train cleans them, so that heed train finds its "
        "words in the file. Ctrl-C ends the training without writing a file.\n\n"
        "near prints the words with the most similar vectors, one per line: the word, the similar word and the cosine, "
        "separated by tabs. With a fastText .bin, WORD need not be in the file. info prints what is in a file.\n\n"
        "Files may be of GloVe (text), word2vec (text or binary) or fastText (.vec or .bin), which are recognised by "
        "their content; gzip and zstd are unpacked.",
    .examples = "heed vectors train reviews.csv more.txt --output vectors.bin --dimensions 64\n"
                "heed vectors info glove.6B.100d.txt\n"
                "heed vectors near film actor --vectors glove.6B.100d.txt --top-k 5",
};
