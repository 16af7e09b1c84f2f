/* Networks that start from word vectors: what is frozen, how it thaws, what is told and recorded. */
#include "unit/made_rows.h"

#include <limits.h>
#include <math.h>

#include "base/memory.h"
#include "model/network_classifier.h"
#include "network/initial_weights.h"

static heed_bytes text_bytes(const char *text)
{
    return (heed_bytes){text, strlen(text)};
}

static const char vectors_of_told_rows[] = "film 1 2 3 4\nawful -1 -1 -1 -1\nlovely 1 1 1 1\nelsewhere 9 9 9 9\n";

/* Trains on 60 rows, from vectors of three of their words. */
static heed_model *train_from(const char *vectors, const heed_train_options *named, const heed_listener *listener)
{
    char path[64], *rows = told_rows(60, 2);
    heed_corpus *c = made_corpus(NULL);
    heed_train_options o = *named;
    heed_model *m;
    must(add_rows(c, rows, HEED_PART_ANY, NULL));
    made_file(path, ".txt", vectors, strlen(vectors));
    o.vectors = path;
    must(heed_train(&m, c, &o, listener, &made_error));
    unlink(path);
    heed_corpus_free(c);
    free(rows);
    return m;
}

static heed_train_options frozen_options(unsigned epochs, unsigned frozen)
{
    heed_train_options o = made_train_options();
    o.epochs = epochs;
    o.frozen_epochs = frozen;
    o.validation = HEED_VALIDATION_NONE;
    o.keep = HEED_KEEP_LAST;
    o.patience = 0;
    return o;
}

/* What the embedding is before training: the vectors over the network's initial weights. */
static real *start_of(const heed_model *m)
{
    real *start = memory_aligned(model_network(m)->net->weight_count, sizeof *start);
    must(network_initialize(model_network(m)->net, start, m->config.training.options.seed, &made_error));
    static const struct {
        const char *word;
        real values[4];
    } known[] = {{"film", {1, 2, 3, 4}}, {"awful", {-1, -1, -1, -1}}, {"lovely", {1, 1, 1, 1}}};
    for (size_t i = 0; i < 3; i++)
        memcpy(start + vocabulary_id(&m->words, text_bytes(known[i].word)) * 4, known[i].values,
               sizeof known[i].values);
    return start;
}

static void a_frozen_embedding_keeps_its_start(void **state)
{
    (void)state;
    heed_train_options o = frozen_options(3, UINT_MAX);
    heed_model *m = train_from(vectors_of_told_rows, &o, NULL);
    real *start = start_of(m);
    size_t embedding = model_network(m)->net->embedding_count;
    assert_memory_equal(model_network(m)->weights, start, embedding * sizeof *start);
    assert_memory_not_equal(model_network(m)->weights + embedding, start + embedding,
                            (model_network(m)->net->weight_count - embedding) * sizeof *start);
    assert_int_equal(m->config.training.vector_words, 3);
    assert_int_equal(m->config.training.options.frozen_epochs, UINT_MAX);
    assert_int_equal(strlen(m->config.training.vectors_digest), 32);
    free(start);
    heed_model_free(m);
}

/* Adam's first step is as long as the learning rate, whatever the gradient: the moments begin when the embedding thaws.
 */
static void a_thawed_embedding_begins_with_adams_first_step(void **state)
{
    (void)state;
    heed_train_options o = frozen_options(9, 8);
    o.batch_size = 60;
    heed_model *m = train_from(vectors_of_told_rows, &o, NULL);
    real *start = start_of(m);
    double longest = 0;
    for (size_t i = 0; i < model_network(m)->net->embedding_count; i++)
        longest = fmax(longest, fabs((double)(model_network(m)->weights[i] - start[i])));
    if (!(fabs(longest / o.learning_rate - 1) < 1e-3))
        fail_msg("the longest step is %g, expected the learning rate %g", longest, o.learning_rate);
    free(start);
    heed_model_free(m);
}

static void the_same_bits_at_any_number_of_threads(void **state)
{
    (void)state;
    static const unsigned frozen[] = {0, 1, UINT_MAX};
    for (size_t i = 0; i < 3; i++) {
        heed_train_options o = frozen_options(2, frozen[i]);
        heed_model *one, *more;
        o.threads = 1;
        one = train_from(vectors_of_told_rows, &o, NULL);
        for (o.threads = 2; o.threads < 5; o.threads++) {
            more = train_from(vectors_of_told_rows, &o, NULL);
            assert_memory_equal(model_network(more)->weights, model_network(one)->weights,
                                model_network(one)->net->weight_count * sizeof(real));
            heed_model_free(more);
        }
        heed_model_free(one);
    }
}

static int remember_note(void *user, const heed_event *event)
{
    if (event->stage == HEED_STAGE_NOTE && strncmp(event->note, "vectors:", 8) == 0)
        snprintf(user, 512, "%s", event->note);
    return 0;
}

/* 60 texts of 7 tokens "the film nN was awful|lovely to D": film, awful and lovely are 120 of 420 tokens, and 3 of
 * 60 + 4 + 2 + 5 words. */
static void coverage_is_told_and_recorded(void **state)
{
    (void)state;
    char note[512] = "", path[64], *json;
    heed_listener listener = {remember_note, note};
    heed_train_options o = frozen_options(1, 0);
    heed_model *m = train_from(vectors_of_told_rows, &o, &listener), *again;
    assert_non_null(strstr(note, "vectors: 3 of 71 words (4.2%; 28.6% of tokens) from /tmp/"));
    assert_non_null(strstr(note, ", 4 dimensions"));
    assert_true(fabs(m->config.training.vector_tokens - 120.0 / 420) < 1e-12);
    made_file(path, ".safetensors", "", 0);
    must(heed_model_save(m, path, &made_error));
    must(heed_model_load(&again, path, &made_error));
    unlink(path);
    assert_string_equal(again->config.training.vectors_digest, m->config.training.vectors_digest);
    assert_int_equal(again->config.training.vector_words, 3);
    must(heed_model_json(&json, again, &made_error));
    assert_null(strstr(json, "/tmp/")); /* no path in a model */
    heed_free(json);
    heed_model_free(again);
    heed_model_free(m);
}

static void vectors_that_cannot_be_used_are_refused(void **state)
{
    (void)state;
    char path[64], *rows = told_rows(60, 2);
    heed_corpus *c = made_corpus(NULL);
    heed_train_options o = frozen_options(1, 1);
    heed_model *m;
    must(add_rows(c, rows, HEED_PART_ANY, NULL));
    must_refuse(heed_train(&m, c, &o, NULL, &made_error), HEED_USAGE, "--freeze: --vectors is missing", "freeze");
    made_file(path, ".txt", "film 1 2 3\nawful 1 2 3\n", 24);
    o.vectors = path;
    must_refuse(heed_train(&m, c, &o, NULL, &made_error), HEED_USAGE,
                "has 3 dimensions, but the architecture's embedding is 4 wide; begin it with embed 3",
                "text of another width");
    unlink(path);
    o.vectors = "golden/vectors/skipgram.bin";
    o.architecture = "embed 5 | bilstm 3 | attention additive 2";
    must_refuse(heed_train(&m, c, &o, NULL, &made_error), HEED_USAGE, "has 4 dimensions", ".bin of another width");
    o.vectors = "/no/such/file";
    must_refuse(heed_train(&m, c, &o, NULL, &made_error), HEED_BAD_DATA, "cannot be opened", "no file");
    assert_null(m);
    heed_corpus_free(c);
    free(rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_frozen_embedding_keeps_its_start),
        cmocka_unit_test(a_thawed_embedding_begins_with_adams_first_step),
        cmocka_unit_test(the_same_bits_at_any_number_of_threads),
        cmocka_unit_test(coverage_is_told_and_recorded),
        cmocka_unit_test(vectors_that_cannot_be_used_are_refused),
    };
    return cmocka_run_group_tests_name("pretrained", tests, NULL, NULL);
}
