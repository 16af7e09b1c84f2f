/* For tests: trainings that hold rows out in turn. */
#ifndef UNIT_MADE_CROSS_FIT_H
#define UNIT_MADE_CROSS_FIT_H

#include "unit/made_rows.h"

#include <math.h>

#include "train/train.h"
#include "train/training.h"
#include "train/training_data.h"
#include "train/training_table.h"
#include "train/training_split.h"

static const char *const kinds[] = {"linear", "wide words 1-2 letters 3-4 C 10", "wide words 1-1 weight idf C 10",
                                    "wide"};
enum { KINDS = sizeof kinds / sizeof *kinds };

/* A training as heed_train begins it, and its result. */
typedef struct made_run {
    heed_corpus *corpus;
    split parts;
    training_data data;
    training_result result;
} made_run;

static inline heed_train_options options_of(const char *architecture)
{
    heed_train_options train;
    heed_train_options_init(&train, HEED_PRESET_DEFAULT);
    train.architecture = architecture;
    train.threads = 2;
    return train;
}

static inline heed_corpus *corpus_of(const char *tsv, bool several)
{
    const heed_rows_options rows = made_rows_options(several ? "," : NULL);
    heed_corpus *c = made_corpus(NULL);
    must(add_rows(c, tsv, HEED_PART_ANY, &rows));
    return c;
}

static inline void run_on(made_run *r, heed_corpus *c, const heed_train_options *o, const heed_listener *listener)
{
    *r = (made_run){.corpus = c};
    must(train_check(c, o, &made_error));
    must(training_split(&r->parts, c, o, &made_error));
    must(training_data_make(&r->data, training_class_of(o->architecture), c, &r->parts, o, NULL, &made_error));
    const training_context context = {.data = &r->data, .corpus = c, .options = o, .listener = listener};
    must(training_run(&r->result, &context, &made_error));
}

static inline void made_run_release(made_run *r)
{
    training_result_release(&r->result);
    training_data_release(&r->data);
    split_release(&r->parts);
    heed_corpus_free(r->corpus);
}

static inline uint32_t outputs_of(const made_run *r)
{
    return task_outputs(r->data.task, r->data.label_count);
}

/* Every text three times, told apart by a word that a tenth of them does not have: a row, its label written by hand for
 * row 0 (NULL: as the others of its text), and with several labels a common one beside a rare one. The caller frees. */
static inline char *threefold_rows(unsigned texts, unsigned labels, bool several, const char *first)
{
    static const char *const names[] = {"bad", "good", "fair"}, *const words[] = {"awful", "lovely", "usual"};
    writer text = {0};
    char *out = NULL;
    writer_print(&text, "label\ttext\n");
    for (unsigned i = 0; i < 3 * texts; i++) {
        unsigned number = i / 3, label = number % labels;
        if (i == 0 && first != NULL)
            writer_text(&text, first);
        else
            writer_print(&text, "%s%s", names[label], several && label > 0 && number % 2 == 0 ? ",bad" : "");
        writer_print(&text, "\tfilm n%u %s m%u\n", number % 11, number % 10 == 3 ? "strange" : words[label], number);
    }
    must(writer_take(&text, &out, NULL, &made_error));
    return out;
}

#endif
