/* Fuzz entry over what a text goes through: the first byte chooses a model, and so how texts are cleaned; the rest is
 * the text. It is cleaned, explained by every method that the model has, compared with another one, and drawn in all
 * formats. Tokens lie in the text and segments join without a gap; what is not UTF-8 is refused, and nothing else is.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/status.h"
#include "base/writer.h"
#include "model/encode.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MODELS = 5, METHODS = HEED_METHOD_WEIGHTS + 1, MOST_TEXT = 400 };

static struct {
    heed_model *model;
    heed_cleaner *cleaner;
} made[MODELS];
static heed_tokens *tokens;

static void require(bool fine)
{
    if (!fine)
        abort();
}

static heed_error problem;

static void must(heed_status status)
{
    if (status != HEED_OK)
        fprintf(stderr, "%s: %s\n", heed_status_name(status), problem.message);
    require(status == HEED_OK);
}

/* ---- models: small ones, trained once */

static const char rows_of_all[] =
    "label\ttext\naa\tup cat no\nbb\tno dog, the best\naa\tcat <b>up</b>\nbb\tno running dogs\n";

static void read_rows(heed_corpus *corpus)
{
    char path[] = "/tmp/heed-fuzz-XXXXXX.tsv";
    heed_rows_options options;
    heed_reader *reader = NULL;
    int file = mkstemps(path, 4);
    heed_rows_options_init(&options);
    require(file >= 0 && write(file, rows_of_all, sizeof rows_of_all - 1) == (ssize_t)sizeof rows_of_all - 1);
    must(heed_reader_open(&reader, &(const char *){path}, 1, &options, &problem));
    must(heed_corpus_add(corpus, reader, HEED_PART_ANY, 1, NULL, &problem));
    heed_reader_free(reader);
    close(file);
    unlink(path);
}

static void train(size_t number, const heed_text_options *text, const char *architecture)
{
    heed_corpus *corpus = NULL;
    heed_train_options options;
    heed_train_options_init(&options, HEED_PRESET_DEFAULT);
    options.architecture = architecture;
    options.validation = HEED_VALIDATION_NONE;
    options.epochs = 1;
    options.threads = 1;
    options.mask = number != 1;
    must(heed_corpus_new(&corpus, text, &problem));
    read_rows(corpus);
    must(heed_train(&made[number].model, corpus, &options, NULL, &problem));
    heed_corpus_free(corpus);
    must(heed_cleaner_new(&made[number].cleaner, text, &problem));
}

static heed_text_options text_options(heed_preset preset)
{
    heed_text_options text;
    heed_text_options_init(&text, preset);
    text.min_count = 1;
    text.max_length = 6;
    return text;
}

static void make_all(void)
{
    heed_text_options usual = text_options(HEED_PRESET_DEFAULT), off = text_options(HEED_PRESET_OFF),
                      keras = text_options(HEED_PRESET_TUTORIAL), words = text_options(HEED_PRESET_DEFAULT);
    words.stop_words = "english";
    words.stem = HEED_STEM_ENGLISH;
    train(0, &usual, "embed 2 | bilstm 2 | attention additive 2");
    train(1, &off, "embed 2 | transformer 1 2 | conv 2 2 | max");
    train(2, &keras, "embed 2 | gru 2 | attention dot");
    train(3, &words, "linear");
    train(4, &usual, "wide words 1-2 letters 2-3 C 3 ; embed 2 | mean");
    must(heed_tokens_new(&tokens, &problem));
}

/* ---- a text */

static void check_tokens(const heed_cleaner *cleaner, heed_bytes text)
{
    must(heed_cleaner_run(tokens, cleaner, text, &problem));
    for (size_t i = 0; i < heed_tokens_count(tokens); i++) {
        const heed_token *t = heed_tokens_item(tokens, i);
        require(t->begin <= t->end && t->end <= text.size);
    }
}

static void check_segments(const heed_explanation *e)
{
    const heed_explanation_info *info = heed_explanation_describe(e);
    size_t end = 0, token = 0;
    for (size_t i = 0; i < info->segment_count; i++) {
        const heed_segment *s = heed_explanation_segment(e, i);
        require(s->begin == end && s->end > s->begin);
        require(s->tokens == 0 || s->first_token == token);
        end = s->end;
        token += s->tokens;
    }
    require(end == info->text.size && token == info->token_count);
    for (size_t i = 0; i < info->token_count; i++)
        require(heed_explanation_token(e, i)->segment < info->segment_count);
}

/* Only colours and lines are control characters. */
static void check_drawings(const heed_explanation *e)
{
    for (int format = HEED_EXPLANATION_TEXT; format <= HEED_EXPLANATION_JSON; format++) {
        char *drawn = NULL;
        size_t size = 0;
        require(heed_explanations_draw(&drawn, &size, &e, 1, (heed_explanation_format)format, NULL) == HEED_OK);
        require(size > 0 && strlen(drawn) == size);
        for (size_t i = 0; i < size && format != HEED_EXPLANATION_COLOURS && format != HEED_EXPLANATION_TRUECOLOUR; i++)
            require((unsigned char)drawn[i] >= ' ' || drawn[i] == '\n' || drawn[i] == '\t');
        heed_free(drawn);
    }
}

static void explain(heed_explainer *x, heed_bytes text, bool fine)
{
    heed_explanation *e, *other;
    heed_error error;
    require(heed_explainer_run(&e, x, text, &error) == (fine ? HEED_OK : HEED_BAD_DATA));
    require(fine == (e != NULL));
    if (!fine)
        return;
    check_segments(e);
    check_drawings(e);
    heed_explanation_free(e);
    require(heed_explainer_compare(&e, &other, x, text, bytes_of("the cat, up"), &error) == HEED_OK);
    check_segments(e);
    check_drawings(other);
    heed_explanation_free(e);
    heed_explanation_free(other);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    heed_error error;
    heed_explain_options options;
    if (made[0].model == NULL)
        make_all();
    if (size == 0 || size > MOST_TEXT)
        return 0;
    const size_t number = data[0] % MODELS;
    const heed_bytes text = {(const char *)data + 1, size - 1};
    const bool fine = text_check(text, "seed", 0, &error) == HEED_OK;
    if (fine)
        check_tokens(made[number].cleaner, text);
    heed_explain_options_init(&options);
    options.steps = 8;
    options.threads = 1;
    for (int method = HEED_METHOD_AUTO; method < METHODS;
         method++) { /* each by memory of its own, which is small at first */
        heed_explainer *x = NULL;
        options.method = (heed_method)method;
        if (heed_explainer_new(&x, made[number].model, &options, &error) == HEED_OK)
            explain(x, text, fine);
        heed_explainer_free(x);
    }
    return 0;
}
