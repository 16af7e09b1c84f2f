#include "check/wrong_labels.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "check/row_features.h"
#include "check/sample_answers.h"
#include "check/wording.h"

enum {
    SAMPLE_ROWS = 10000,
    FEW_ROWS = 400,
    LABEL_ROWS = 20,  /* training rows that a label needs */
    MOST_LABELS = 20, /* more of them are left alone: the fit would take long */
    BLOCKS = 200      /* a window is some blocks of the sample */
};

#define CHANCE 1e-4

/* The labels that take part, as classes. */
typedef struct label_classes {
    const heed_check *check;
    uint32_t *class; /* [labels]: UINT32_MAX: none */
    uint32_t count;
} label_classes;

/* Sums over the first blocks. */
typedef struct block_sums {
    double rows[BLOCKS + 1], wrong[BLOCKS + 1], expected[BLOCKS + 1];
} block_sums;

typedef struct window {
    unsigned begin, end; /* blocks */
    double ratio;        /* log likelihood ratio */
    double rows, wrong, expected;
} window;

static uint32_t class_of(const void *context, size_t row)
{
    const label_classes *l = context;
    const checked *r = &l->check->rows[row];
    uint32_t label = part_of(r) == 0 && !row_is_empty(r) ? label_table_only(&l->check->labels, r->label) : NO_LABEL;
    return label != NO_LABEL ? l->class[label] : UINT32_MAX;
}

static heed_status classes_init(label_classes *out, const heed_check *c, heed_error *error)
{
    uint32_t labels = c->labels.names.count;
    *out = (label_classes){.check = c, .class = memory_array(labels, sizeof *out->class)};
    if (out->class == NULL)
        return fail_memory(error, "labels");
    for (uint32_t i = 0; i < labels; i++)
        out->class[i] = c->labels.rows[i][0] >= LABEL_ROWS ? out->count++ : UINT32_MAX;
    return HEED_OK;
}

/* ---- the scan */

static uint32_t answer_of(const float *probability, uint32_t classes)
{
    uint32_t best = 0;
    if (classes == 2)
        return *probability > 0.5f;
    for (uint32_t k = 1; k < classes; k++)
        best = probability[k] > probability[best] ? k : best;
    return best;
}

/* A row is expected to be answered wrongly as often as all rows of its label, so that a block of a difficult label is
 * no block of wrong ones. chance: how often labels and answers would agree that have nothing to do with each other. */
static void sums_fill(block_sums *out, double *chance, const check_sample *s, const float *probability)
{
    double rows[MOST_LABELS] = {0}, wrong[MOST_LABELS] = {0}, answers[MOST_LABELS] = {0};
    size_t width = s->class_count == 2 ? 1 : s->class_count;
    memset(out, 0, sizeof *out);
    for (uint32_t i = 0; i < s->count; i++) {
        uint32_t answer = answer_of(probability + i * width, s->class_count);
        rows[s->classes[i]]++;
        answers[answer]++;
        wrong[s->classes[i]] += answer != s->classes[i];
    }
    *chance = 0;
    for (uint32_t k = 0; k < s->class_count; k++)
        *chance += rows[k] * answers[k] / ((double)s->count * (double)s->count);
    for (uint32_t i = 0; i < s->count; i++) {
        unsigned block = (unsigned)((uint64_t)i * BLOCKS / s->count);
        uint32_t class = s->classes[i];
        out->rows[block + 1]++;
        out->wrong[block + 1] += answer_of(probability + i * width, s->class_count) != class;
        out->expected[block + 1] += wrong[class] / rows[class];
    }
    for (unsigned b = 0; b < BLOCKS; b++) {
        out->rows[b + 1] += out->rows[b];
        out->wrong[b + 1] += out->wrong[b];
        out->expected[b + 1] += out->expected[b];
    }
}

/* Kulldorff's scan statistic (1997, "A spatial scan statistic"), in one dimension: the window in which the log
 * likelihood of having a rate of its own gains most. */
static window window_find(const block_sums *b)
{
    window best = {.ratio = 0};
    double all = b->wrong[BLOCKS];
    for (unsigned begin = 0; begin < BLOCKS; begin++)
        for (unsigned end = begin + 1; end <= BLOCKS && end - begin <= BLOCKS / 2; end++) {
            double wrong = b->wrong[end] - b->wrong[begin], expected = b->expected[end] - b->expected[begin];
            if (wrong <= expected || expected <= 0)
                continue;
            double ratio = wrong * log(wrong / expected);
            if (all > wrong)
                ratio += (all - wrong) * log((all - wrong) / (all - expected));
            if (ratio > best.ratio)
                best = (window){begin, end, ratio, b->rows[end] - b->rows[begin], wrong, expected};
        }
    return best;
}

/* Given how many answers are wrong in all, those in a window are binomial; Chernoff's bound (1952) says that its ratio
 * exceeds x with a probability of at most exp(-x), and there are fewer than BLOCKS^2 / 2 windows. */
static double window_chance(const window *w)
{
    return fmin(1, BLOCKS * (BLOCKS / 2.0) * exp(-w->ratio));
}

/* Difficult rows are not wrong ones: in the window labels agree with the answers hardly more than by chance. */
static bool is_wrong(const window *w, const block_sums *b, double chance)
{
    double rest = 1 - (b->wrong[BLOCKS] - w->wrong) / (b->rows[BLOCKS] - w->rows);
    return window_chance(w) < CHANCE && 1 - w->wrong / w->rows < (chance + rest) / 2;
}

/* ---- what is said */

static void window_say(heed_check *c, const check_sample *s, const window *w, const block_sums *b)
{
    uint32_t begin = (uint32_t)b->rows[w->begin], end = (uint32_t)b->rows[w->end] - 1;
    uint64_t rows = 0;
    for (size_t i = s->rows[begin]; i <= s->rows[end]; i++)
        rows += part_of(&c->rows[i]) == 0;
    writer *text = finding_begin(&c->found, "wrong-labels", rows, c->rows_of[0], s->rows[begin]);
    double elsewhere = (b->wrong[BLOCKS] - w->wrong) / (b->rows[BLOCKS] - w->rows);
    finding_parts(&c->found, 0, 0);
    finding_figure(&c->found, "wrong", w->wrong / w->rows);
    finding_figure(&c->found, "wrong_elsewhere", elsewhere);
    finding_figure(&c->found, "p", window_chance(w));
    writer_print(text, "about %" PRIu64 " training rows seem to have the labels of other rows, from ", rows);
    say_place(text, c, s->rows[begin]);
    writer_text(text, " to ");
    say_place(text, c, s->rows[end]);
    writer_text(text, ": a linear model fitted to other rows contradicts ");
    say_share(text, w->wrong / w->rows);
    writer_text(text, " of their labels, elsewhere ");
    say_share(text, elsewhere);
    writer_print(text, " (scan statistic, p at most %.1g); see whether the labels slipped there", window_chance(w));
}

heed_status wrong_labels_find(heed_check *check, pool *workers, heed_error *error)
{
    label_classes classes;
    check_sample sample = {0};
    block_sums sums;
    float *probability = NULL;
    double chance;
    heed_status status;
    TRY(classes_init(&classes, check, error));
    if (classes.count < 2 || classes.count > MOST_LABELS)
        goto done;
    TRY(check_sample_draw(&sample, check, SAMPLE_ROWS, class_of, &classes, error));
    if (sample.count < FEW_ROWS || sample.class_count != classes.count)
        goto done;
    TRY(sample_answers_make(&probability, &sample, check, FEATURES_OF_LABELS, workers, error));
    sums_fill(&sums, &chance, &sample, probability);
    window w = window_find(&sums);
    if (w.ratio > 0 && is_wrong(&w, &sums, chance))
        window_say(check, &sample, &w, &sums);
done:
    free(classes.class);
    check_sample_release(&sample);
    free(probability);
    return status;
}
