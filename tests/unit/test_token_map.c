/* A predictor counts what became of the texts that it read: cut by the window, words that the model does not know. */
#include "unit/made_rows.h"

static const char rows[] = "label\ttext\n"
                           "a\tone two three four\n"
                           "b\tfive six seven eight\n"
                           "a\tone three\n"
                           "b\tfive seven\n";

static const char *const texts[] = {"one two", "one two three four five six seven eight one", "strange one", ""};
enum { TEXTS = sizeof texts / sizeof *texts };

typedef struct reading_case {
    const char *name, *architecture;
    heed_vocabulary vocabulary;
    uint64_t cut;
} reading_case;

static heed_model *model_of(const reading_case *c)
{
    heed_text_options text = made_text_options();
    heed_train_options train = made_train_options();
    text.vocabulary = c->vocabulary;
    train.architecture = c->architecture;
    train.validation = HEED_VALIDATION_NONE;
    train.epochs = 1;
    heed_corpus *corpus = made_corpus(&text);
    heed_model *m = NULL;
    must(add_rows(corpus, rows, HEED_PART_ANY, NULL));
    must(heed_train(&m, corpus, &train, NULL, &made_error));
    heed_corpus_free(corpus);
    return m;
}

static void cut_and_unknown_are_counted_over_all_runs_and_threads(void **state)
{
    static const reading_case cases[] = {
        {"counted words", "embed 2 | max", HEED_VOCABULARY_COUNTS, 1},
        {"Keras's words", "embed 2 | max", HEED_VOCABULARY_KERAS, 1},
        {"linear, which reads whole texts", "linear", HEED_VOCABULARY_COUNTS, 0},
        {"wide, which spells unknown words", "wide C 1", HEED_VOCABULARY_COUNTS, 0},
        {"wide, of Keras's words", "wide C 1", HEED_VOCABULARY_KERAS, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (unsigned threads = 1; threads <= 2; threads++) {
            heed_model *m = model_of(&cases[i]);
            heed_predictor *p = NULL;
            heed_bytes all[TEXTS];
            float probabilities[TEXTS * 2];
            for (size_t t = 0; t < TEXTS; t++)
                all[t] = (heed_bytes){texts[t], strlen(texts[t])};
            must(heed_predictor_new(&p, m, threads, &made_error));
            heed_predictor_counts none = *heed_predictor_describe(p);
            must(heed_predictor_run(probabilities, p, all, TEXTS, &made_error));
            must(heed_predictor_run(probabilities, p, all, 1, &made_error));
            heed_predictor_counts all_read = *heed_predictor_describe(p);
            if (none.texts != 0 || all_read.texts != TEXTS + 1 || all_read.cut != cases[i].cut ||
                all_read.tokens != 2 + 9 + 2 + 2 || all_read.unknown != 1)
                fail_msg("%s, %u threads: %llu texts, %llu cut, %llu tokens, %llu unknown", cases[i].name, threads,
                         (unsigned long long)all_read.texts, (unsigned long long)all_read.cut,
                         (unsigned long long)all_read.tokens, (unsigned long long)all_read.unknown);
            heed_predictor_free(p);
            heed_model_free(m);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(cut_and_unknown_are_counted_over_all_runs_and_threads)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
