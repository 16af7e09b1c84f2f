/* For tests: rows made on the spot, in files that are gone when the test is, and corpora of them. */
#ifndef UNIT_MADE_ROWS_H
#define UNIT_MADE_ROWS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/writer.h"
#include "heed.h"

static heed_error made_error;

/* Fails the test with heed's own words. */
static inline void must(heed_status status)
{
    if (status != HEED_OK)
        fail_msg("%s: %s", heed_status_name(status), made_error.message);
}

/* The call was refused with this status and one line that holds the piece. */
static inline void must_refuse(heed_status status, heed_status expected, const char *piece, const char *what)
{
    if (status != expected || strstr(made_error.message, piece) == NULL || strchr(made_error.message, '\n') != NULL)
        fail_msg("%s: found %s '%s', expected %s '...%s...'", what, heed_status_name(status), made_error.message,
                 heed_status_name(expected), piece);
}

/* Writes the bytes into a new file of this ending; the caller unlinks it. */
static inline void made_file(char path[64], const char *ending, const char *text, size_t size)
{
    snprintf(path, 64, "/tmp/heed-test-XXXXXX%s", ending);
    int fd = mkstemps(path, (int)strlen(ending));
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, size), (ssize_t)size);
    close(fd);
}

/* As read by default, with several labels a row if there is a separator. */
static inline heed_rows_options made_rows_options(const char *label_separator)
{
    heed_rows_options rows;
    heed_rows_options_init(&rows);
    rows.label_separator = label_separator;
    return rows;
}

/* Adds rows with a header, tab-separated, to the corpus. */
static inline heed_status add_rows(heed_corpus *corpus, const char *tsv, heed_part part, const heed_rows_options *named)
{
    char path[64];
    heed_rows_options options = named != NULL ? *named : made_rows_options(NULL);
    heed_reader *reader = NULL;
    made_file(path, ".tsv", tsv, strlen(tsv));
    heed_status status = heed_reader_open(&reader, &(const char *){path}, 1, &options, &made_error);
    if (status == HEED_OK)
        status = heed_corpus_add(corpus, reader, part, 2, NULL, &made_error);
    heed_reader_free(reader);
    unlink(path);
    return status;
}

/* The default text pipeline with every word counted, and by the rules of version 0.1.0, so that models are of format 1.
 */
static inline heed_text_options made_text_options(void)
{
    heed_text_options text;
    heed_text_options_init(&text, HEED_PRESET_DEFAULT);
    text.rules = HEED_TEXT_RULES_PYTHON;
    text.min_count = 1;
    text.max_length = 8;
    return text;
}

/* A network that trains in a moment. */
static inline heed_train_options made_train_options(void)
{
    heed_train_options train;
    heed_train_options_init(&train, HEED_PRESET_DEFAULT);
    train.architecture = "embed 4 | bilstm 3 | attention additive 2 | dense 3";
    train.epochs = 3;
    train.batch_size = 8;
    train.learning_rate = 0.02;
    train.threads = 2;
    train.validation = HEED_VALIDATION_FRACTION;
    train.validation_fraction = 0.25;
    train.row_digests = false; /* format 1 */
    return train;
}

static inline heed_corpus *made_corpus(const heed_text_options *text)
{
    heed_corpus *corpus = NULL;
    heed_text_options usual = made_text_options();
    must(heed_corpus_new(&corpus, text == NULL ? &usual : text, &made_error));
    return corpus;
}

/* A model of tab-separated rows with a header; text may be NULL for the usual options. */
static inline heed_model *trained_on(const char *tsv, const heed_text_options *text, const heed_train_options *options,
                                     const heed_listener *listener)
{
    heed_model *out = NULL;
    heed_corpus *c = made_corpus(text);
    must(add_rows(c, tsv, HEED_PART_ANY, NULL));
    must(heed_train(&out, c, options, listener, &made_error));
    heed_corpus_free(c);
    return out;
}

/* out: [count][labels] */
static inline void made_predictions(float *out, const heed_model *m, const heed_bytes *texts, size_t count,
                                    unsigned threads)
{
    heed_predictor *p;
    must(heed_predictor_new(&p, m, threads, &made_error));
    must(heed_predictor_run(out, p, texts, count, &made_error));
    heed_predictor_free(p);
}

/* Rows that one word in each text tells apart; no two texts are the same. labels: up to 4. The caller frees. */
__attribute__((noinline, unused)) static char *told_rows(unsigned count, unsigned labels)
{
    static const char *const names[] = {"bad", "good", "fair", "odd"}, *const words[] = {"awful", "lovely", "usual",
                                                                                         "weird"};
    writer text = {0};
    char *out = NULL;
    writer_print(&text, "label\ttext\n");
    for (unsigned i = 0; i < count; i++)
        writer_print(&text, "%s\tthe film n%u was %s to %u\n", names[i % labels], i, words[i % labels], i % 5);
    must(writer_take(&text, &out, NULL, &made_error));
    return out;
}

/* A model that has seen forty short texts of words w0 ... w6 and x0 ... x9. The caller frees. */
static inline heed_model *trained_on_forty(const heed_train_options *train)
{
    writer rows = {0};
    writer_print(&rows, "label\ttext\n");
    for (int i = 0; i < 40; i++)
        writer_print(&rows, "%s\tw%d x%d %s\n", i % 2 ? "aa" : "bb", i % 7, i % 10, i % 2 ? "up" : "no");
    writer_byte(&rows, '\0');
    heed_model *m = trained_on(rows.data, NULL, train, NULL);
    writer_release(&rows);
    return m;
}

/* The same of this architecture. */
__attribute__((noinline, unused)) static heed_model *made_model(const char *architecture)
{
    heed_train_options train = made_train_options();
    train.architecture = architecture;
    return trained_on_forty(&train);
}

#endif
