#include "metrics/label_counts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

const names score_names = NAMES("precision", "recall", "f1");
const names average_names = NAMES("macro", "weighted", "micro", "samples");

bool label_counts_init(label_counts *c, size_t labels)
{
    *c = (label_counts){.labels = labels, .of = memory_array(labels, sizeof *c->of)};
    return c->of != NULL;
}

void label_counts_release(label_counts *c)
{
    free(c->of);
    *c = (label_counts){0};
}

/* ---- counting */

/* Returns the counts of this row. Both lists are sorted. */
static label_count count_row(label_count *counts, const label_lists *truth, const label_lists *answer, size_t row,
                             uint32_t weight)
{
    uint32_t i = truth->first[row], i_end = truth->first[row + 1];
    uint32_t j = answer->first[row], j_end = answer->first[row + 1];
    label_count own = {.support = i_end - i, .predicted = j_end - j};
    for (uint32_t k = j; k < j_end; k++)
        counts[answer->label[k]].predicted += weight;
    for (; i < i_end; i++) {
        uint32_t label = truth->label[i];
        counts[label].support += weight;
        while (j < j_end && answer->label[j] < label)
            j++;
        if (j < j_end && answer->label[j] == label) {
            counts[label].hits += weight;
            own.hits++;
        }
    }
    return own;
}

scores scores_of(label_count count)
{
    double predicted = (double)count.predicted, support = (double)count.support, hits = (double)count.hits;
    return (scores){{[SCORE_PRECISION] = predicted > 0 ? hits / predicted : (double)NAN,
                     [SCORE_RECALL] = support > 0 ? hits / support : (double)NAN,
                     [SCORE_F1] = predicted + support > 0 ? 2 * hits / (predicted + support) : (double)NAN}};
}

/* With 0 for what is not defined. */
static scores scores_counted(label_count count)
{
    scores s = scores_of(count);
    for (int i = 0; i < SCORE_COUNT; i++)
        s.of[i] = isnan(s.of[i]) ? 0 : s.of[i];
    return s;
}

static void scores_add(scores *sum, scores part, double weight)
{
    for (int i = 0; i < SCORE_COUNT; i++)
        sum->of[i] += part.of[i] * weight;
}

static scores scores_divided(scores sum, double by)
{
    for (int i = 0; i < SCORE_COUNT; i++)
        sum.of[i] /= by;
    return sum;
}

void label_counts_fill(label_counts *c, const label_lists *truth, const label_lists *answer, size_t rows,
                       const uint32_t *weight)
{
    scores sum = {{0}};
    memset(c->of, 0, c->labels * sizeof *c->of);
    c->exact = 0;
    for (size_t row = 0; row < rows; row++) {
        uint32_t times = weight == NULL ? 1 : weight[row];
        if (times == 0)
            continue;
        label_count own = count_row(c->of, truth, answer, row, times);
        if (own.hits == own.support && own.hits == own.predicted)
            c->exact += times;
        if (weight == NULL)
            scores_add(&sum, scores_counted(own), 1);
    }
    c->samples = scores_divided(sum, (double)rows);
}

/* ---- averages */

static scores average_macro(const label_counts *c, bool all)
{
    scores sum = {{0}};
    size_t counted = 0;
    for (size_t i = 0; i < c->labels; i++)
        if (all || c->of[i].support + c->of[i].predicted > 0) {
            scores_add(&sum, scores_counted(c->of[i]), 1);
            counted++;
        }
    return scores_divided(sum, counted > 0 ? (double)counted : 1);
}

static scores average_weighted(const label_counts *c)
{
    scores sum = {{0}};
    uint64_t support = 0;
    for (size_t i = 0; i < c->labels; i++) {
        scores_add(&sum, scores_counted(c->of[i]), (double)c->of[i].support);
        support += c->of[i].support;
    }
    return scores_divided(sum, support > 0 ? (double)support : 1);
}

static scores average_micro(const label_counts *c)
{
    label_count sum = {0};
    for (size_t i = 0; i < c->labels; i++) {
        sum.support += c->of[i].support;
        sum.predicted += c->of[i].predicted;
        sum.hits += c->of[i].hits;
    }
    return scores_counted(sum);
}

scores label_counts_average(const label_counts *c, average kind, bool all)
{
    switch (kind) {
    case AVERAGE_WEIGHTED:
        return average_weighted(c);
    case AVERAGE_MICRO:
        return average_micro(c);
    case AVERAGE_SAMPLES:
        return c->samples;
    default:
        return average_macro(c, all);
    }
}
