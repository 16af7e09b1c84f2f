/* For tests: folders of small encoders with tokenizers. Weights are those of golden/encoders, words those of
 * golden/encoder_words: "vocab.txt" stands between [CLS] and [SEP], "static.json" alone. */
#ifndef UNIT_MADE_ENCODER_H
#define UNIT_MADE_ENCODER_H

#include <limits.h>

#include "unit/made_rows.h"

#include "features/shared_encoder.h"

typedef struct made_encoder {
    const char *weights, *words;
    char path[64];
} made_encoder;

static inline const char *encoder_file_of(const made_encoder *e, const char *name)
{
    static char path[100];
    snprintf(path, sizeof path, "%s/%s", e->path, name);
    return path;
}

static inline const char *tokenizer_name_of(const made_encoder *e)
{
    return strcmp(e->words, "vocab.txt") == 0 ? "vocab.txt" : "tokenizer.json";
}

static inline void encoder_link(const made_encoder *e, const char *name, const char *folder, const char *file)
{
    char from[200], full[PATH_MAX];
    snprintf(from, sizeof from, "golden/%s/%s", folder, file);
    assert_non_null(realpath(from, full));
    assert_int_equal(symlink(full, encoder_file_of(e, name)), 0);
}

static inline void made_encoder_open(made_encoder *e, const char *weights, const char *words)
{
    char folder[80];
    *e = (made_encoder){weights, words, "/tmp/heed-encoder-XXXXXX"};
    assert_non_null(mkdtemp(e->path));
    snprintf(folder, sizeof folder, "encoders/%s", weights);
    encoder_link(e, "config.json", folder, "config.json");
    encoder_link(e, "model.safetensors", folder, "model.safetensors");
    encoder_link(e, tokenizer_name_of(e), "encoder_words", words);
}

static inline void made_encoder_close(const made_encoder *e)
{
    unlink(encoder_file_of(e, "config.json"));
    unlink(encoder_file_of(e, "model.safetensors"));
    unlink(encoder_file_of(e, tokenizer_name_of(e)));
    assert_int_equal(rmdir(e->path), 0);
}

/* The usual text options with an encoder; of a text it reads at most so many tokens. */
static inline heed_text_options encoder_text_options(const made_encoder *e, uint32_t longest)
{
    heed_text_options text = made_text_options();
    text.encoder = e->path;
    text.max_length = longest;
    return text;
}

/* Trained on forty rows by all of them. */
static inline heed_model *made_encoder_model(const heed_text_options *text, const char *architecture)
{
    heed_train_options train = made_train_options();
    train.architecture = architecture;
    train.validation = HEED_VALIDATION_NONE;
    train.epochs = 1;
    char *rows = told_rows(40, 2);
    heed_model *m = trained_on(rows, text, &train, NULL);
    heed_free(rows);
    return m;
}

#endif
