/* The figures of rows with several labels, as scikit-learn defines them for an indicator matrix. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "metrics/evaluation.h"

static const bool *truth_of(const heed_evaluation *e, size_t row)
{
    return e->truths + row * e->label_count;
}

/* Of the labels of one row. */
typedef struct row_counts {
    size_t support, predicted, hits;
} row_counts;

static row_counts count_row(heed_evaluation *e, size_t row)
{
    const answer_rule rule = evaluation_rule(e);
    row_counts counts = {0};
    const bool *truth = truth_of(e, row);
    for (size_t i = 0; i < e->label_count; i++) {
        bool answered = answer_has(&rule, evaluation_row(e, row), i);
        counts.support += truth[i];
        counts.predicted += answered;
        counts.hits += truth[i] && answered;
        e->labels[i].support += truth[i];
        e->labels[i].predicted += answered;
        e->labels[i].hits += truth[i] && answered;
    }
    return counts;
}

static void count_rows(heed_evaluation *e)
{
    scores samples = {0};
    size_t right = 0, wrong_answers = 0;
    for (size_t i = 0; i < e->rows; i++) {
        row_counts c = count_row(e, i);
        scores row = evaluation_scores(c.hits, c.predicted, c.support);
        samples.precision += row.precision;
        samples.recall += row.recall;
        samples.f1 += row.f1;
        right += c.hits == c.support && c.hits == c.predicted;
        wrong_answers += c.support + c.predicted - 2 * c.hits;
    }
    double rows = (double)e->rows;
    e->averages[AVERAGE_SAMPLES] = (scores){samples.precision / rows, samples.recall / rows, samples.f1 / rows};
    e->accuracy = (double)right / rows;
    e->hamming_loss = (double)wrong_answers / (rows * (double)e->label_count);
}

/* Every label counts, whether it occurs or not. */
static void compute_averages(heed_evaluation *e)
{
    uint64_t hits = 0, predicted = 0, support = 0;
    scores macro = {0}, weighted = {0};
    for (size_t i = 0; i < e->label_count; i++) {
        label_scores *label = &e->labels[i];
        label->scores = evaluation_scores(label->hits, label->predicted, label->support);
        scores_add(&macro, &label->scores, 1);
        scores_add(&weighted, &label->scores, (double)label->support);
        hits += label->hits;
        predicted += label->predicted;
        support += label->support;
    }
    scores_divide(&macro, (double)e->label_count);
    scores_divide(&weighted, support > 0 ? (double)support : 1);
    e->label_rows = support;
    e->averages[AVERAGE_MACRO] = macro;
    e->averages[AVERAGE_WEIGHTED] = weighted;
    e->averages[AVERAGE_MICRO] = evaluation_scores(hits, predicted, support);
}

/* Mean binary cross-entropy over rows and labels. */
static void compute_loss(heed_evaluation *e)
{
    double loss = 0;
    size_t count = e->rows * e->label_count;
    for (size_t i = 0; i < count; i++) {
        double p = evaluation_clip((double)e->probabilities[i]);
        loss -= e->truths[i] ? log(p) : log(1 - p);
    }
    e->loss = loss / (double)count;
}

static int compare_sets(const void *a, const void *b, void *evaluation)
{
    const heed_evaluation *e = evaluation;
    const size_t *x = a, *y = b;
    int order = memcmp(truth_of(e, *x), truth_of(e, *y), e->label_count * sizeof *e->truths);
    return order != 0 ? order : *x < *y ? -1 : *x > *y;
}

/* The set of labels that most rows have, the one that is first without its labels on a tie: its share of the rows is
 * what always answering it would reach. */
static heed_status find_commonest_set(heed_evaluation *e, heed_error *error)
{
    size_t *order = memory_array(e->rows, sizeof *order), most = 0;
    if (order == NULL)
        return fail_memory(error, "the rows of an evaluation");
    for (size_t i = 0; i < e->rows; i++)
        order[i] = i;
    qsort_r(order, e->rows, sizeof *order, compare_sets, e);
    for (size_t i = 0, end; i < e->rows; i = end) {
        const bool *set = truth_of(e, order[i]);
        for (end = i; end < e->rows; end++)
            if (memcmp(set, truth_of(e, order[end]), e->label_count * sizeof *set) != 0)
                break;
        if (end - i > most) {
            most = end - i;
            e->commonest = order[i];
        }
    }
    e->baseline = (double)most / (double)e->rows;
    free(order);
    return HEED_OK;
}

heed_status evaluation_finish_several(heed_evaluation *e, heed_error *error)
{
    count_rows(e);
    compute_averages(e);
    compute_loss(e);
    return find_commonest_set(e, error);
}
