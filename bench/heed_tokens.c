/* Tokens of texts by heed's tokenizers, for compare_tokenizers.py.
 *
 *     heed_tokens FOLDER TEXTS OUT THREADS PASSES
 *
 * FOLDER holds tokenizer.json or vocab.txt. TEXTS: of each text its size (uint32) and its bytes. OUT: of each text the
 * number of its tokens, then of each its id, begin and end (uint32). Prints the megabytes and the seconds of each pass
 * over all texts. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/pool.h"
#include "tokenizer/subwords.h"

enum { TEXTS_PER_TASK = 64, MOST_THREADS = 64 };

typedef struct tokens_run {
    heed_bytes *texts;
    size_t count;
    uint32_t **tokens; /* [count]; NULL: this pass is only timed */
    subwords *lists[MOST_THREADS];
} tokens_run;

static void need(heed_status status, const heed_error *error)
{
    if (status != HEED_OK) {
        fprintf(stderr, "heed_tokens: %s\n", error->message);
        exit(1);
    }
}

static uint32_t *packed(const subword *items, size_t count)
{
    uint32_t *out = memory_array(1 + 3 * count, sizeof *out);
    if (out == NULL)
        exit(1);
    out[0] = (uint32_t)count;
    for (size_t i = 0; i < count; i++) {
        out[1 + 3 * i] = items[i].id;
        out[2 + 3 * i] = (uint32_t)items[i].begin;
        out[3 + 3 * i] = (uint32_t)items[i].end;
    }
    return out;
}

static void run_task(void *context, size_t task, unsigned worker)
{
    const tokens_run *run = context;
    size_t first = task * TEXTS_PER_TASK,
           end = first + TEXTS_PER_TASK < run->count ? first + TEXTS_PER_TASK : run->count;
    heed_error error;
    for (size_t i = first; i < end; i++) {
        size_t count;
        need(subwords_find(run->lists[worker], run->texts[i], 0, true, &error), &error);
        const subword *items = subwords_items(run->lists[worker], &count);
        if (run->tokens != NULL)
            run->tokens[i] = packed(items, count);
    }
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void find_texts(tokens_run *run, const char *data, size_t size)
{
    size_t capacity = 0;
    for (size_t at = 0; at < size;) {
        uint32_t length;
        memcpy(&length, data + at, sizeof length);
        need(memory_grow(&run->texts, &capacity, run->count + 1, sizeof *run->texts, NULL), &(heed_error){"memory"});
        run->texts[run->count++] = (heed_bytes){data + at + sizeof length, length};
        at += sizeof length + length;
    }
}

static void write_tokens(const tokens_run *run, const char *path)
{
    FILE *out = fopen(path, "wb");
    for (size_t i = 0; i < run->count && out != NULL; i++)
        if (fwrite(run->tokens[i], sizeof(uint32_t), 1 + 3 * (size_t)run->tokens[i][0], out) == 0)
            exit(1);
    if (out == NULL || fclose(out) != 0) {
        perror(path);
        exit(1);
    }
}

int main(int argc, char **argv)
{
    if (argc != 6) {
        fprintf(stderr, "usage: heed_tokens FOLDER TEXTS OUT THREADS PASSES\n");
        return 2;
    }
    tokenizer *t;
    tokens_run run = {0};
    heed_error error;
    char *data;
    size_t size;
    pool *p;
    need(tokenizer_load(&t, argv[1], &error), &error);
    need(file_read(&data, &size, argv[2], (size_t)1 << 31, &error), &error);
    need(pool_new(&p, (unsigned)atoi(argv[4]), &error), &error);
    find_texts(&run, data, size);
    for (unsigned i = 0; i < pool_threads(p) && i < MOST_THREADS; i++)
        need(subwords_new(&run.lists[i], t, &error), &error);
    uint32_t **tokens = memory_array(run.count, sizeof *tokens);
    for (int pass = 0; pass <= atoi(argv[5]); pass++) {
        double began = now();
        run.tokens = pass == 0 ? tokens : NULL;
        pool_run(p, (run.count + TEXTS_PER_TASK - 1) / TEXTS_PER_TASK, run_task, &run);
        if (pass > 0)
            printf("%.3f MB %.6f s\n", 1e-6 * (double)(size - 4 * run.count), now() - began);
    }
    run.tokens = tokens;
    write_tokens(&run, argv[3]);
    pool_free(p);
    return 0;
}
