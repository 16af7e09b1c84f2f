/* The same bits at any number of threads: for every layer that an architecture can name, every optimiser, every task.
 */
#include "unit/made_rows.h"

#include "model/model_file.h"
#include "unit/layered_networks.h"

static const unsigned threads[] = {2, 3, 4, 8};

/* Rows enough for several batches of many chunks, of all lengths. */
static heed_corpus *long_corpus(const char *separator)
{
    writer text = {0};
    char *tsv = NULL;
    heed_rows_options rows;
    heed_text_options words = made_text_options();
    heed_rows_options_init(&rows);
    rows.label_separator = separator;
    words.max_length = 12;
    heed_corpus *c = made_corpus(&words);
    writer_print(&text, "label\ttext\n");
    for (unsigned i = 0; i < 230; i++) {
        writer_print(&text, "%s\t", i % 3 == 0 ? "bad" : i % 3 == 1 ? "good" : "odd");
        for (unsigned j = 0; j < i * 7 % 15; j++)
            writer_print(&text, "w%u ", (i * 31 + j * j) % 40);
        writer_print(&text, "n%u\n", i);
    }
    must(writer_take(&text, &tsv, NULL, &made_error));
    must(add_rows(c, tsv, HEED_PART_ANY, &rows));
    free(tsv);
    return c;
}

static heed_train_options usual(const char *architecture)
{
    heed_train_options o = made_train_options();
    o.architecture = architecture;
    o.batch_size = 64;
    o.epochs = 2;
    o.threads = 1;
    return o;
}

static void same_bits(heed_corpus *c, heed_train_options o)
{
    heed_model *one = NULL, *more = NULL;
    must(heed_train(&one, c, &o, NULL, &made_error));
    for (size_t i = 0; i < sizeof threads / sizeof *threads; i++) {
        writer first = {0}, second = {0};
        o.threads = threads[i];
        must(heed_train(&more, c, &o, NULL, &made_error));
        must(model_print(&first, one, &made_error));
        must(model_print(&second, more, &made_error));
        if (first.size != second.size || memcmp(first.data, second.data, first.size) != 0)
            fail_msg("%s: the model file differs between 1 thread and %u", o.architecture, o.threads);
        writer_release(&first);
        writer_release(&second);
        heed_model_free(more);
    }
    heed_model_free(one);
}

static void every_layer(void **state)
{
    (void)state;
    heed_corpus *c = long_corpus(NULL);
    for (size_t i = 0; i < LAYERED; i++)
        same_bits(c, usual(layered[i].architecture));
    heed_corpus_free(c);
}

/* Rows that share the padding in front share gradients as well. */
static void padding_that_is_read(void **state)
{
    (void)state;
    static const char *const recurrent[] = {
        "embed 4 | bilstm 3 | bilstm 2 | attention additive 2 | dense 3",
        "embed 4 | gru 3 | last",
        "embed 4 | bigru 3 recurrent-dropout 0.2 | max",
    };
    heed_corpus *c = long_corpus(NULL);
    for (size_t i = 0; i < sizeof recurrent / sizeof *recurrent; i++) {
        heed_train_options o = usual(recurrent[i]);
        o.mask = false;
        same_bits(c, o);
    }
    heed_corpus_free(c);
}

static void every_optimizer_and_schedule(void **state)
{
    (void)state;
    heed_corpus *c = long_corpus(NULL);
    for (heed_optimizer k = HEED_OPTIMIZER_ADAM; k <= HEED_OPTIMIZER_SGD; k++)
        for (heed_schedule s = HEED_SCHEDULE_CONSTANT; s <= HEED_SCHEDULE_PLATEAU; s++) {
            heed_train_options o = usual("embed 4 | lstm 3 | max");
            o.optimizer = k;
            o.schedule = s;
            o.clip_norm = 0.5;
            o.warmup = 0.5;
            o.label_smoothing = 0.1;
            o.average_weights = 0.5;
            o.class_weights = "balanced";
            same_bits(c, o);
        }
    heed_corpus_free(c);
}

static void several_labels_and_models_without_layers(void **state)
{
    (void)state;
    heed_corpus *one = long_corpus(NULL), *several = long_corpus(",");
    heed_train_options o = usual("embed 4 | bigru 3 | attention additive 2");
    o.tune_thresholds = true;
    same_bits(several, o);
    same_bits(one, usual("linear"));
    same_bits(several, usual("linear"));
    same_bits(one, usual("wide"));
    same_bits(several, usual("wide"));
    heed_corpus_free(one);
    heed_corpus_free(several);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_layer),
        cmocka_unit_test(padding_that_is_read),

        cmocka_unit_test(every_optimizer_and_schedule),
        cmocka_unit_test(several_labels_and_models_without_layers),
    };
    return cmocka_run_group_tests_name("threads", tests, NULL, NULL);
}
