/* --vectors self: which rows the vectors are learned from, which trainings share them, what is told and recorded. */
#include "unit/made_comparison.h"

#include <limits.h>

#include "model/network_classifier.h"

enum { ROWS = 520, FEW_ROWS = 499 };

static const char other_texts[] = "label\ttext\nbad\tnothing like it\ngood\tquite another text\n";
static const char more_texts[] = "label\ttext\nbad\tfilm film film lovely to awful\ngood\tn1 n2 n3 unheard\n"
                                 "good\tthe the the\n";

static heed_train_options self_options(unsigned frozen)
{
    heed_train_options o = made_train_options();
    o.vectors = "self";
    o.frozen_epochs = frozen;
    o.epochs = 1;
    o.batch_size = 64;
    return o;
}

/* So many told rows to train on, and others to validate on. */
static heed_corpus *told_corpus(unsigned count, const char *validation)
{
    char *rows = told_rows(count, 2);
    heed_corpus *c = made_corpus(NULL);
    must(add_rows(c, rows, HEED_PART_TRAIN, NULL));
    must(add_rows(c, validation, HEED_PART_VALIDATION, NULL));
    free(rows);
    return c;
}

static heed_model *train_told(unsigned count, const char *validation, const heed_train_options *o,
                              const heed_listener *listener)
{
    heed_model *m = NULL;
    heed_corpus *c = told_corpus(count, validation);
    must(heed_train(&m, c, o, listener, &made_error));
    heed_corpus_free(c);
    return m;
}

static const real *embedding_row(const heed_model *m, heed_bytes word)
{
    const network *net = model_network(m)->net;
    return model_network(m)->weights + (size_t)vocabulary_id(&m->words, word) * (size_t)net->embedded.width;
}

/* ---- which vectors */

/* What heed vectors train makes of the same texts with the options that docs/VECTORS.md names; for a text this short
 * these are 100 epochs. */
static heed_vectors *vectors_of_told(unsigned count, uint32_t width)
{
    char path[64], *rows = told_rows(count, 2);
    heed_rows_options read = made_rows_options(NULL);
    heed_text_options text = made_text_options();
    heed_vectors_options o;
    heed_reader *reader = NULL;
    heed_vectors *v = NULL;
    heed_vectors_options_init(&o);
    o.dimensions = width;
    o.min_count = 1;
    o.epochs = 100;
    o.window = 10;
    o.sample = 1e-4;
    o.seed = self_options(0).seed;
    made_file(path, ".tsv", rows, strlen(rows));
    must(heed_reader_open(&reader, &(const char *){path}, 1, &read, &made_error));
    must(heed_vectors_train(&v, reader, &text, &o, NULL, &made_error));
    heed_reader_free(reader);
    unlink(path);
    free(rows);
    return v;
}

static void they_are_those_that_vectors_train_learns_from_the_training_rows(void **state)
{
    (void)state;
    const heed_train_options o = self_options(UINT_MAX);
    heed_model *m = train_told(ROWS, more_texts, &o, NULL);
    heed_vectors *v = vectors_of_told(ROWS, 4);
    uint32_t count = m->words.words.count;
    assert_int_equal(heed_vectors_describe(v)->found, count);
    for (uint32_t i = 0; i < count; i++) {
        heed_bytes word = intern_word(&m->words.words, i);
        assert_memory_equal(embedding_row(m, word), heed_vectors_of(v, word), 4 * sizeof(real));
    }
    assert_int_equal(m->config.training.vector_words, count);
    heed_vectors_free(v);
    heed_model_free(m);
}

static void held_out_rows_change_no_bit(void **state)
{
    (void)state;
    const heed_train_options o = self_options(0);
    heed_model *a = train_told(ROWS, other_texts, &o, NULL), *b = train_told(ROWS, more_texts, &o, NULL);
    assert_string_equal(a->config.training.vectors_digest, b->config.training.vectors_digest);
    assert_int_equal(a->words.size, b->words.size);
    assert_memory_equal(model_network(a)->weights, model_network(b)->weights,
                        model_network(a)->net->weight_count * sizeof(real));
    heed_model_free(a);
    heed_model_free(b);
}

static void threads_change_no_bit_and_seeds_do(void **state)
{
    (void)state;
    heed_train_options o = self_options(0);
    o.threads = 1;
    heed_model *one = train_told(ROWS, other_texts, &o, NULL), *other;
    for (o.threads = 2; o.threads <= 4; o.threads += 2) {
        other = train_told(ROWS, other_texts, &o, NULL);
        assert_string_equal(other->config.training.vectors_digest, one->config.training.vectors_digest);
        assert_memory_equal(model_network(other)->weights, model_network(one)->weights,
                            model_network(one)->net->weight_count * sizeof(real));
        heed_model_free(other);
    }
    o.seed = 2;
    other = train_told(ROWS, other_texts, &o, NULL);
    assert_string_not_equal(other->config.training.vectors_digest, one->config.training.vectors_digest);
    heed_model_free(other);
    heed_model_free(one);
}

/* ---- sharing */

/* Counts the times that vectors were learned to their end. */
static int count_learning(void *user, const heed_event *event)
{
    *(unsigned *)user +=
        event->stage == HEED_STAGE_WORDS && event->epoch == event->epochs && event->done == event->total;
    return 0;
}

static void trials_of_a_comparison_share_what_has_their_width_and_seed(void **state)
{
    (void)state;
    enum { COUNT = 3, SEEDS = 2 };
    heed_train_options o[COUNT] = {self_options(0), self_options(0), self_options(0)};
    heed_comparison *comparison = NULL;
    heed_corpus *c = told_corpus(ROWS, other_texts);
    unsigned learned = 0;
    const heed_listener listener = {count_learning, &learned};
    o[1].learning_rate = 0.5;
    o[2].architecture = "embed 5 | mean";
    must(compare(&comparison, c, o, COUNT, SEEDS, &listener));
    assert_int_equal(learned, 2 * SEEDS); /* of width 4, and of width 5 */
    heed_comparison_free(comparison);
    heed_corpus_free(c);
}

static void folds_learn_from_their_own_rows(void **state)
{
    (void)state;
    char *rows = told_rows(2 * ROWS, 2);
    heed_corpus *c = made_corpus(NULL);
    heed_folds *folds = NULL;
    unsigned learned = 0;
    const heed_train_options o = self_options(0);
    const heed_listener listener = {count_learning, &learned};
    must(add_rows(c, rows, HEED_PART_ANY, NULL));
    for (unsigned times = 0; times < 2; times++) {
        must(heed_cross_validate(&folds, 3, c, &o, &listener, &made_error));
        assert_int_equal(learned, 3); /* the second time the corpus has them */
        heed_folds_free(folds);
    }
    heed_corpus_free(c);
    free(rows);
}

static heed_status read_told(void *user, heed_corpus *corpus, heed_error *error)
{
    char *rows = told_rows(2 * ROWS, 2);
    heed_status status = add_rows(corpus, rows, HEED_PART_ANY, NULL);
    (void)user;
    (void)error;
    free(rows);
    return status;
}

static void a_search_learns_once_for_a_width(void **state)
{
    (void)state;
    static const char *const ranges[] = {"learning-rate={0.001..0.1}"};
    char path[64];
    heed_text_options text = made_text_options();
    heed_train_options train = self_options(0);
    heed_tune_options o;
    heed_tuning *tuning = NULL;
    unsigned learned = 0;
    const heed_listener listener = {count_learning, &learned};
    heed_tune_options_init(&o);
    made_file(path, ".csv", "", 0);
    unlink(path);
    train.epochs = 3;
    o.text = &text;
    o.train = &train;
    o.ranges = ranges;
    o.range_count = 1;
    o.trials = 3;
    o.table = path;
    o.read = read_told;
    must(heed_tune(&tuning, &o, &listener, &made_error));
    assert_true(heed_tuning_describe(tuning)->trial_count > 3);
    assert_int_equal(learned, 1);
    heed_tuning_free(tuning);
    unlink(path);
}

/* ---- what is told and recorded */

typedef struct told {
    char note[512];
    heed_warning warning;
    heed_stage stop; /* at the first event of this stage; HEED_STAGE_READ: never */
} told;

static int remember(void *user, const heed_event *event)
{
    told *t = user;
    if (event->note != NULL && strncmp(event->note, "vectors:", 8) == 0) {
        snprintf(t->note, sizeof t->note, "%s", event->note);
        t->warning = event->warning;
    }
    return t->stop != HEED_STAGE_READ && event->stage == t->stop;
}

/* The bytes of the model's file; the caller frees. */
static char *saved(const heed_model *m, size_t *size)
{
    char path[64], *bytes;
    made_file(path, ".safetensors", "", 0);
    must(heed_model_save(m, path, &made_error));
    FILE *file = fopen(path, "rb");
    fseek(file, 0, SEEK_END);
    *size = (size_t)ftell(file);
    rewind(file);
    bytes = malloc(*size);
    assert_int_equal(fread(bytes, 1, *size, file), *size);
    fclose(file);
    unlink(path);
    return bytes;
}

/* 520 + 4 + 2 + 5 words, all of which the rows have. */
static void a_model_says_that_it_learned_its_vectors(void **state)
{
    (void)state;
    told t = {.stop = HEED_STAGE_READ};
    const heed_listener listener = {remember, &t};
    const heed_train_options o = self_options(0);
    heed_model *m = train_told(ROWS, other_texts, &o, &listener);
    const training_record *r = &m->config.training;
    char *json;
    assert_non_null(strstr(t.note, "vectors: learned from the 520 training rows: 531 of 531 words (100.0%; 100.0% of "
                                   "tokens), 4 dimensions, "));
    assert_int_equal(t.warning, HEED_WARNING_NONE);
    assert_string_equal(r->options.vectors, "self");
    assert_int_equal(strlen(r->vectors_digest), 32);
    assert_int_equal(config_format(&m->config), MODEL_FORMAT);
    must(heed_model_json(&json, m, &made_error));
    assert_non_null(strstr(json, "\"vectors\": \"self\""));
    heed_free(json);
    heed_model_free(m);
}

static void a_configuration_with_another_word_is_refused(void **state)
{
    (void)state;
    const heed_train_options o = self_options(0);
    heed_model *m = train_told(ROWS, other_texts, &o, NULL);
    model_config read;
    json_t *json = config_json(&m->config);
    char *text = json_dumps(json, 0), *word = strstr(text, "\"self\"");
    must(config_parse(&read, text, &made_error));
    assert_string_equal(read.training.options.vectors, "self");
    config_release(&read);
    memcpy(word, "\"none\"", 6);
    must_refuse(config_parse(&read, text, &made_error), HEED_BAD_DATA, "training.vectors is not \"self\"", "a word");
    free(text);
    json_decref(json);
    heed_model_free(m);
}

static void too_few_rows_train_as_without_vectors(void **state)
{
    (void)state;
    size_t size, plain_size;
    told t = {.stop = HEED_STAGE_READ};
    const heed_listener listener = {remember, &t};
    heed_train_options o = self_options(UINT_MAX);
    heed_model *m = train_told(FEW_ROWS, other_texts, &o, &listener);
    o.vectors = NULL;
    o.frozen_epochs = 0;
    heed_model *plain = train_told(FEW_ROWS, other_texts, &o, NULL);
    char *bytes = saved(m, &size), *expected = saved(plain, &plain_size);
    assert_int_equal(t.warning, HEED_WARNING_VECTORS);
    assert_non_null(strstr(t.note, "499 training rows are too few to learn word vectors from, expected at least 500"));
    assert_int_equal(size, plain_size);
    assert_memory_equal(bytes, expected, size);
    free(bytes);
    free(expected);
    heed_model_free(m);
    heed_model_free(plain);
}

static void a_listener_stops_it(void **state)
{
    (void)state;
    told t = {.stop = HEED_STAGE_WORDS};
    const heed_listener listener = {remember, &t};
    const heed_train_options o = self_options(0);
    heed_corpus *c = told_corpus(ROWS, other_texts);
    heed_model *m = NULL;
    must_refuse(heed_train(&m, c, &o, &listener, &made_error), HEED_STOPPED, "of the word vectors", "a listener");
    assert_null(m);
    must(heed_train(&m, c, &o, NULL, &made_error));
    heed_model_free(m);
    heed_corpus_free(c);
}

static void whole_texts_are_no_words(void **state)
{
    (void)state;
    char *rows = told_rows(2 * ROWS, 2);
    const heed_train_options o = self_options(0);
    heed_text_options text = made_text_options();
    text.tokens = HEED_TOKENS_NONE;
    heed_corpus *c = made_corpus(&text);
    heed_model *m = NULL;
    must(add_rows(c, rows, HEED_PART_ANY, NULL));
    must_refuse(heed_train(&m, c, &o, NULL, &made_error), HEED_USAGE, "--tokens: found none", "whole texts");
    assert_null(m);
    heed_corpus_free(c);
    free(rows);
}

/* ---- with a model to start from */

static heed_model *train_further(const heed_model *from, const char *vectors, unsigned count, told *t)
{
    const heed_listener listener = {remember, t};
    heed_train_options o = self_options(UINT_MAX);
    heed_corpus *c = NULL;
    heed_model *m = NULL;
    char *rows = told_rows(count, 2);
    o.init_from = from;
    o.vectors = vectors;
    must(heed_corpus_new_like(&c, from, 0, 1, &made_error));
    must(add_rows(c, rows, HEED_PART_TRAIN, NULL));
    must(add_rows(c, other_texts, HEED_PART_VALIDATION, NULL));
    must(heed_train(&m, c, &o, &listener, &made_error));
    heed_corpus_free(c);
    free(rows);
    return m;
}

/* The start model has the words of 499 of the 520 rows. */
static void only_new_words_of_a_start_model_get_vectors(void **state)
{
    (void)state;
    told t = {.stop = HEED_STAGE_READ};
    heed_train_options o = self_options(0);
    o.vectors = NULL;
    heed_model *from = train_told(FEW_ROWS, other_texts, &o, NULL);
    heed_model *m = train_further(from, "self", ROWS, &t), *plain = train_further(from, NULL, ROWS, &t);
    uint32_t known = from->words.words.count, count = m->words.words.count;
    assert_non_null(strstr(t.note, "learned from the 520 training rows: 21 of 531 words"));
    assert_int_equal(count, known + ROWS - FEW_ROWS);
    for (uint32_t i = 0; i < count; i++) {
        heed_bytes word = intern_word(&m->words.words, i);
        bool same = memcmp(embedding_row(m, word), embedding_row(plain, word), 4 * sizeof(real)) == 0;
        assert_int_equal(same, i < known);
    }
    heed_model_free(m);
    m = train_further(from, "self", FEW_ROWS, &t);
    assert_non_null(strstr(t.note, "none are learned, the model of --init-from has all 510 words"));
    assert_null(m->config.training.vectors_digest);
    heed_model_free(m);
    heed_model_free(plain);
    heed_model_free(from);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(they_are_those_that_vectors_train_learns_from_the_training_rows),
        cmocka_unit_test(held_out_rows_change_no_bit),
        cmocka_unit_test(threads_change_no_bit_and_seeds_do),
        cmocka_unit_test(trials_of_a_comparison_share_what_has_their_width_and_seed),
        cmocka_unit_test(folds_learn_from_their_own_rows),
        cmocka_unit_test(a_search_learns_once_for_a_width),
        cmocka_unit_test(a_model_says_that_it_learned_its_vectors),
        cmocka_unit_test(a_configuration_with_another_word_is_refused),
        cmocka_unit_test(too_few_rows_train_as_without_vectors),
        cmocka_unit_test(a_listener_stops_it),
        cmocka_unit_test(whole_texts_are_no_words),
        cmocka_unit_test(only_new_words_of_a_start_model_get_vectors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
