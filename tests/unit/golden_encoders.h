/* For tests: the encoders of golden/encoders, and passes through them. */
#ifndef UNIT_GOLDEN_ENCODERS_H
#define UNIT_GOLDEN_ENCODERS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/safetensors.h"
#include "encoder/encoder_pass.h"
#include "unit/kernel_tables.h"

/* Those with attention come first. */
static const char *const golden_folders[] = {
    "bert",         "bert-gelu-new", "bert-tanh",      "bert-relu",  "bert-classifier",
    "bert-float16", "bert-bfloat16", "bert-two-files", "distilbert", "distilbert-relu",
    "bert-gamma",   "roberta",       "xlm-roberta",    "roberta-classifier",
    "static",       "static-int8"};
enum { GOLDEN_FOLDERS = sizeof golden_folders / sizeof *golden_folders, WITH_ATTENTION = GOLDEN_FOLDERS - 2 };

static heed_error encoder_error;

static inline void encoder_must(heed_status status)
{
    if (status != HEED_OK)
        fail_msg("%s", encoder_error.message);
}

typedef struct golden_encoder {
    encoder *e;
    pool *workers;
    char *data;
    safetensors file;
    const uint32_t *ids;
    const int *lengths;
    size_t count, tokens, width;
    const float *states; /* [tokens][width] */
} golden_encoder;

static inline const void *golden_tensor(const golden_encoder *g, const char *name)
{
    const stored_tensor *t = safetensors_find(&g->file, name);
    assert_non_null(t);
    return t->data;
}

static inline golden_encoder golden_encoder_open(const char *name, unsigned threads)
{
    golden_encoder g = {0};
    char path[200];
    size_t size;
    snprintf(path, sizeof path, "golden/encoders/%s", name);
    encoder_must(encoder_open(&g.e, path, &encoder_error));
    strcat(path, "/states.safetensors");
    encoder_must(file_read(&g.data, &size, path, 1 << 20, &encoder_error));
    encoder_must(safetensors_parse(&g.file, g.data, size, &encoder_error));
    encoder_must(pool_new(&g.workers, threads, &encoder_error));
    g.ids = golden_tensor(&g, "ids");
    g.lengths = golden_tensor(&g, "lengths");
    g.states = golden_tensor(&g, "states");
    g.count = safetensors_find(&g.file, "lengths")->shape[0];
    g.tokens = safetensors_find(&g.file, "ids")->shape[0];
    g.width = safetensors_find(&g.file, "states")->shape[1];
    assert_int_equal(g.e->config.width, g.width);
    return g;
}

static inline void golden_encoder_close(golden_encoder *g)
{
    pool_free(g->workers);
    encoder_free(g->e);
    safetensors_release(&g->file);
    free(g->data);
}

static inline encoder_texts golden_texts(const golden_encoder *g)
{
    return (encoder_texts){.ids = g->ids, .lengths = g->lengths, .count = g->count};
}

/* The states of texts, from a pass of its own; free() releases them. */
static inline real *golden_states(const golden_encoder *g, encoder_texts texts, int tokens, bool keeps)
{
    encoder_pass *p;
    real *states = calloc(g->tokens * g->width, sizeof *states);
    assert_non_null(states);
    encoder_must(encoder_pass_new(&p, g->e, g->workers, tokens, keeps, &encoder_error));
    encoder_must(encoder_pass_run(p, &texts, states, &encoder_error));
    encoder_pass_free(p);
    return states;
}

/* Checks the first of the golden folders with every table of kernels that this processor can run. */
static inline void check_with_all_kernels(void (*check)(const char *folder, const char *kernels_name), int folders)
{
    for (int i = 0; i < TABLES; i++) {
        if (table(i) == NULL)
            continue;
        assert_int_equal(setenv("HEED_ISA", table_names[i], 1), 0);
        for (int f = 0; f < folders; f++)
            check(golden_folders[f], table_names[i]);
    }
    unsetenv("HEED_ISA");
}

#endif
