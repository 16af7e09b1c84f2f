/* heed's encoder as a worker of bench/encoder.py and bench/fine_tuning.py:
 *
 *   encoder_steps FOLDER IDS THREADS WEIGHTS [STATES]
 *   encoder_steps FOLDER IDS THREADS train HIDDEN ATTENTION
 *
 * WEIGHTS: float32 or bfloat16, which "backward" does not read. HIDDEN, ATTENTION: rates of dropout.
 * IDS: a safetensors file with "ids" (U32) of all texts, one after the other, and their "lengths" (I32). Commands:
 * "forward N": N batches of 32 texts; "one N", "backward N": N texts, each by itself; "states N": the states of the
 * first N texts go to the file STATES as floats. Where it trains: "train N": N steps of 16 texts through the mean of
 * the states and one output, which is to be 1 for every other text; "losses N": their mean losses, from the first
 * weights on, the output having those of fine_tuning.py. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "base/safetensors.h"
#include "encoder/encoder_pass.h"
#include "math/kernels.h"
#include "train/encoder_trainer.h"
#include "train/trainer.h"

enum { BATCH = 32, STEP = 16, GROUP = 2048, LARGEST_FILE = 1 << 30 };

typedef struct bench {
    encoder *e;
    encoder_halves *halves;
    pool *workers;
    encoder_pass *forward, *keeping;
    char *data;
    safetensors file;
    const uint32_t *ids;
    const int *lengths;
    size_t *first; /* of each text */
    size_t count, next;
    float *states, *dwords;
    /* training: */
    shared_encoder *whole;
    network *net;
    trainer *trainer;
    encoder_trainer *learner;
    batch_row *rows;
} bench;

static void must(heed_status status, const heed_error *error)
{
    if (status == HEED_OK)
        return;
    fprintf(stderr, "encoder_steps: %s\n", error->message);
    exit(1);
}

static void refuse(const char *what)
{
    fprintf(stderr, "encoder_steps: %s\n", what);
    exit(2);
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static const void *numbers_named(const bench *b, const char *name, tensor_type type, size_t *count)
{
    const stored_tensor *t = safetensors_find(&b->file, name);
    if (t == NULL || t->type != type || (uintptr_t)t->data % 4 != 0)
        refuse(name);
    *count = t->size / 4;
    return t->data;
}

static void read_ids(bench *b, const char *path)
{
    heed_error error;
    size_t size, tokens, at = 0;
    must(file_read(&b->data, &size, path, LARGEST_FILE, &error), &error);
    must(safetensors_parse(&b->file, b->data, size, &error), &error);
    b->ids = numbers_named(b, "ids", TENSOR_U32, &tokens);
    b->lengths = numbers_named(b, "lengths", TENSOR_I32, &b->count);
    b->first = calloc(b->count, sizeof *b->first);
    b->states = calloc(tokens * (size_t)b->e->config.width, sizeof *b->states);
    b->dwords = calloc(tokens * (size_t)b->e->config.width, sizeof *b->dwords);
    if (b->first == NULL || b->states == NULL || b->dwords == NULL)
        refuse("no memory");
    for (size_t i = 0; i < b->count; at += (size_t)b->lengths[i++])
        b->first[i] = at;
    if (at != tokens)
        refuse("lengths that do not add up");
}

/* Texts from `first` on. */
static void encode(bench *b, encoder_pass *p, size_t first, size_t count)
{
    heed_error error;
    encoder_texts texts = {.ids = b->ids + b->first[first], .lengths = b->lengths + first, .count = count};
    must(encoder_pass_run(p, &texts, b->states + b->first[first] * (size_t)b->e->config.width, &error), &error);
}

static void run(bench *b, const char *command, int count)
{
    size_t batch = strcmp(command, "forward") == 0 ? BATCH : 1, width = (size_t)b->e->config.width;
    bool back = strcmp(command, "backward") == 0;
    double begin = seconds();
    for (int i = 0; i < count; i++, b->next += batch) {
        if (b->next + batch > b->count)
            b->next = 0;
        encode(b, back ? b->keeping : b->forward, b->next, batch);
        if (back)
            encoder_pass_backward(b->keeping, b->states + b->first[b->next] * width,
                                  b->dwords + b->first[b->next] * width);
    }
    printf("{\"seconds\": %.9f, \"rows\": %zu}\n", seconds() - begin, (size_t)count * batch);
}

/* ---- training */

static const double encoder_rate = 1e-4, head_rate = 1e-3;

/* Texts without what stands around them, which the trainer puts there. */
static void make_rows(bench *b)
{
    b->rows = calloc(b->count, sizeof *b->rows);
    if (b->rows == NULL)
        refuse("no memory");
    for (size_t i = 0; i < b->count; i++)
        b->rows[i] = (batch_row){.ids = b->ids + b->first[i] + 1,
                                 .length = b->lengths[i] - 2,
                                 .number = (uint32_t)i,
                                 .label = (uint32_t)(i % 2)};
}

static size_t largest_step(const bench *b)
{
    int longest = 0;
    for (size_t i = 0; i < b->count; i++)
        longest = b->lengths[i] > longest ? b->lengths[i] : longest;
    return (size_t)longest * STEP;
}

static void open_training(bench *b, const char *folder, double hidden, double attention)
{
    heed_error error;
    const optimizer_options adamw = {HEED_OPTIMIZER_ADAMW, 0.01, 0, 1};
    const encoder_steps how = {
        .optimizer = adamw, .layer_decay = 1, .dropout = {.hidden = hidden, .attention = attention, .seed = 1}};
    const trainer_options options = {.batch_rows = STEP, .seed = 1, .optimizer = adamw};
    must(shared_encoder_open(&b->whole, folder, HEED_PRECISION_FLOAT32, &error), &error);
    network_spec spec = {.architecture = "encoder trained | mean",
                         .window = (uint32_t)b->e->config.window,
                         .outputs = 1,
                         .mask = true,
                         .pad_behind = true,
                         .task = HEED_TASK_BINARY,
                         .encoder_width = (uint32_t)b->e->config.width};
    make_rows(b);
    must(network_new(&b->net, &spec, &error), &error);
    must(trainer_new(&b->trainer, b->net, b->workers, &options, &error), &error);
    must(encoder_trainer_new(&b->learner, b->whole, largest_step(b), b->workers, &how, &error), &error);
}

/* Its mean loss. */
static double step(bench *b)
{
    heed_error error;
    double loss;
    if (b->next + STEP > b->count)
        b->next = 0;
    must(encoder_trainer_forward(b->learner, b->rows + b->next, STEP, &error), &error);
    trainer_gradient(b->trainer, b->rows + b->next, STEP, 1, &loss, NULL);
    trainer_add_norm(b->trainer, encoder_trainer_backward(b->learner));
    encoder_trainer_update(b->learner, encoder_rate, trainer_square_norm(b->trainer));
    trainer_update(b->trainer, head_rate);
    b->next += STEP;
    return loss / STEP;
}

static void train(bench *b, int count)
{
    double begin = seconds();
    for (int i = 0; i < count; i++)
        step(b);
    printf("{\"seconds\": %.9f, \"rows\": %d}\n", seconds() - begin, count * STEP);
}

static void losses(bench *b, int count)
{
    real *weights = trainer_weights(b->trainer);
    for (size_t i = 0; i < b->net->weight_count; i++)
        weights[i] = i + 1 < b->net->weight_count ? (real)(0.1 * cos((double)i)) : 0;
    trainer_restart(b->trainer);
    printf("{\"losses\": [");
    for (int i = 0; i < count; i++)
        printf("%s%.9g", i > 0 ? ", " : "", step(b));
    printf("]}\n");
}

static void write_states(bench *b, const char *path, size_t count)
{
    FILE *file = path == NULL ? NULL : fopen(path, "wb");
    if (file == NULL || count > b->count)
        refuse("states: no file to write, or more texts than there are");
    encode(b, b->forward, 0, count);
    size_t numbers = (b->first[count - 1] + (size_t)b->lengths[count - 1]) * (size_t)b->e->config.width;
    if (fwrite(b->states, sizeof *b->states, numbers, file) != numbers || fclose(file) != 0)
        refuse("states: cannot be written");
    printf("{\"numbers\": %zu}\n", numbers);
}

static void open_passes(bench *b, bool halves)
{
    heed_error error;
    must(encoder_pass_new(&b->forward, b->e, b->workers, GROUP, false, &error), &error);
    if (halves) {
        must(encoder_halves_new(&b->halves, b->e, &error), &error);
        encoder_pass_round(b->forward, b->halves);
    }
    must(encoder_pass_new(&b->keeping, b->e, b->workers, b->e->config.window, true, &error), &error);
}

int main(int words, char **word)
{
    bench b = {0};
    heed_error error;
    char line[64], command[32], family[64];
    int count;
    if (words < 5)
        refuse("usage: encoder_steps FOLDER IDS THREADS float32|bfloat16 [STATES]");
    must(encoder_open(&b.e, word[1], &error), &error);
    read_ids(&b, word[2]);
    must(pool_new(&b.workers, (unsigned)atoi(word[3]), &error), &error);
    if (strcmp(word[4], "train") == 0 && words > 6)
        open_training(&b, word[1], atof(word[5]), atof(word[6]));
    else
        open_passes(&b, strcmp(word[4], "bfloat16") == 0);
    encoder_describe(b.e, family, sizeof family);
    printf("{\"ready\": true, \"encoder\": \"%s\", \"kernels\": \"%s\"}\n", family, kernels_choose()->name);
    fflush(stdout);
    while (fgets(line, sizeof line, stdin) != NULL && sscanf(line, "%31s %d", command, &count) == 2) {
        if (strcmp(command, "states") == 0)
            write_states(&b, words > 5 ? word[5] : NULL, (size_t)count);
        else if (b.learner != NULL)
            (strcmp(command, "losses") == 0 ? losses : train)(&b, count);
        else
            run(&b, command, count);
        fflush(stdout);
    }
    return 0;
}
