#include "metrics/label_areas.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"

/* Questions of one score at which the answer is yes, and how many negative ones are near it. */
typedef struct area_step {
    float score;
    uint32_t hits;  /* positive questions with this score, */
    uint64_t above; /* negative ones between it and the next higher step, */
    uint64_t equal; /* and with the same score */
} area_step;

/* The steps of a label, or of all labels, by falling score. */
typedef struct step_list {
    area_step *steps;
    float *scores; /* of the steps once more, side by side, as most of the time goes into searching them */
    size_t count;
    uint64_t below; /* negative questions below the last step */
} step_list;

typedef struct area_scratch {
    area_step *steps; /* [2][positive questions]: by label, and together */
    float *scores;    /* the same */
    step_list *label; /* [label_count] */
    step_list all;
} area_scratch;

/* ---- the positive questions */

static int compare_steps(const void *left, const void *right)
{
    float a = ((const area_step *)left)->score, b = ((const area_step *)right)->score;
    return (a < b) - (a > b);
}

static void sort_steps(step_list *l)
{
    size_t kept = 0;
    qsort(l->steps, l->count, sizeof *l->steps, compare_steps);
    for (size_t i = 0; i < l->count; i++)
        if (kept > 0 && l->steps[kept - 1].score == l->steps[i].score)
            l->steps[kept - 1].hits++;
        else
            l->steps[kept++] = l->steps[i];
    l->count = kept;
    for (size_t i = 0; i < kept; i++)
        l->scores[i] = l->steps[i].score;
}

static void add_positive(step_list *l, float score)
{
    l->steps[l->count++] = (area_step){.score = score, .hits = 1};
}

static void take_positives(area_scratch *s, const heed_evaluation *e)
{
    for (size_t row = 0; row < e->rows; row++)
        for (uint32_t i = e->truth.first[row]; i < e->truth.first[row + 1]; i++) {
            size_t label = e->truth.label[i];
            if (label >= e->label_count) /* the model has no probability of it */
                continue;
            add_positive(&s->label[label], evaluation_row(e, row)[label]);
            if (evaluation_asks(e, label))
                add_positive(&s->all, evaluation_row(e, row)[label]);
        }
    for (size_t i = 0; i < e->label_count; i++)
        sort_steps(&s->label[i]);
    sort_steps(&s->all);
}

static bool area_scratch_init(area_scratch *s, const heed_evaluation *e)
{
    size_t positives = 0;
    for (size_t i = 0; i < e->label_count; i++)
        positives += e->counts.of[i].support;
    s->label = memory_array(e->label_count, sizeof *s->label);
    s->steps = positives <= SIZE_MAX / 2 ? memory_array(2 * positives, sizeof *s->steps) : NULL;
    s->scores = positives <= SIZE_MAX / 2 ? memory_array(2 * positives, sizeof *s->scores) : NULL;
    if (s->label == NULL || s->steps == NULL || s->scores == NULL)
        return false;
    size_t next = 0;
    for (size_t i = 0; i < e->label_count; next += e->counts.of[i++].support)
        s->label[i] = (step_list){.steps = s->steps + next, .scores = s->scores + next};
    s->all = (step_list){.steps = s->steps + next, .scores = s->scores + next};
    return true;
}

/* ---- the negative ones */

/* How many scores are higher: without branches, which could not be foreseen. */
static size_t count_higher(const float *scores, size_t count, float score)
{
    size_t low = 0;
    while (count > 1) {
        size_t half = count / 2;
        low += scores[low + half - 1] > score ? half : 0;
        count -= half;
    }
    return low + (count == 1 && scores[low] > score ? 1 : 0);
}

static void add_negative(step_list *l, float score)
{
    size_t low = count_higher(l->scores, l->count, score);
    if (low == l->count)
        l->below++;
    else if (l->scores[low] == score)
        l->steps[low].equal++;
    else
        l->steps[low].above++;
}

/* With one label per row a row whose label the model does not have answers no question; with several it has the other
 * labels, or has not. */
static heed_status take_negatives(area_scratch *s, const heed_evaluation *e, heed_error *error)
{
    enum { TOLD_ROWS = 64 };
    stopwatch watch = stopwatch_start();
    for (size_t row = 0; row < e->rows; row++) {
        const float *p = evaluation_row(e, row);
        uint32_t next = e->truth.first[row], end = e->truth.first[row + 1];
        for (size_t i = 0; i < e->label_count && evaluation_knows_row(e, row); i++) {
            if (next < end && e->truth.label[next] == i) {
                next++;
                continue;
            }
            add_negative(&s->label[i], p[i]);
            if (evaluation_asks(e, i))
                add_negative(&s->all, p[i]);
        }
        if (row % TOLD_ROWS == 0 && !evaluation_tell(e, &watch, row, e->rows))
            return fail(error, HEED_STOPPED, "stopped; no metrics");
    }
    return HEED_OK;
}

/* ---- the areas */

static curve_areas areas_of(const step_list *l)
{
    area_sums sums = {0};
    uint64_t hits = 0, alarms = 0;
    for (size_t i = 0; i < l->count; i++) {
        const area_step *s = &l->steps[i];
        alarms += s->above;
        area_sums_step(&sums, hits, alarms);
        hits += s->hits;
        alarms += s->equal;
        area_sums_step(&sums, hits, alarms);
    }
    area_sums_step(&sums, hits, alarms + l->below);
    return area_sums_end(&sums);
}

heed_status label_areas_find(curve_areas *areas, curve_areas *all, const heed_evaluation *e, heed_error *error)
{
    area_scratch s = {0};
    heed_status status = area_scratch_init(&s, e) ? HEED_OK : fail_memory(error, "the areas of an evaluation");
    if (status == HEED_OK) {
        take_positives(&s, e);
        status = take_negatives(&s, e, error);
    }
    if (status == HEED_OK) {
        for (size_t i = 0; i < e->label_count; i++)
            areas[i] = areas_of(&s.label[i]);
        *all = areas_of(&s.all);
    }
    free(s.steps);
    free(s.scores);
    free(s.label);
    return status;
}
