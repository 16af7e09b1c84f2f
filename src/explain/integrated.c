#include "explain/integrated.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"
#include "explain/quadrature.h"

/* The inner points of a panel; with its two ends, of which only the logits are needed, they fill a chunk. */
enum { INNER = ROWS_PER_CHUNK - 2, AT_ONCE = 8, FIRST_PANELS = 4, MAX_PANELS = 128 };
enum { MAX_ROUNDS = 64 };
static const double wanted_gap = 0.01, narrow = 1.0 / (1 << 14);

void path_release(path *p)
{
    free(p->panels);
    free(p->scores);
    free(p->products);
    *p = (path){0};
}

/* The row to integrate, and the points of a panel with their weights. */
typedef struct line {
    const path_query *query;
    size_t length; /* L */
    double points[INNER], shares[INNER];
} line;

/* Scores and gap of a panel from the results at its points. */
static void settle(path_panel *panel, const line *l, const double *products, const double *logits, double *scores)
{
    size_t length = l->length;
    double width = panel->end - panel->begin, sum = 0;
    for (size_t t = 0; t < length; t++) {
        scores[t] = 0;
        for (size_t i = 0; i < INNER; i++)
            scores[t] += width * l->shares[i] * products[(i + 1) * length + t];
        sum += scores[t];
    }
    panel->gap = sum - (logits[ROWS_PER_CHUNK - 1] - logits[0]);
}

/* Computes panels which[0] ... which[count - 1], count <= AT_ONCE. Records the logits at the ends of the whole line. */
static heed_status measure(path *p, const line *l, const size_t *which, size_t count, path_ends *ends,
                           heed_error *error)
{
    const path_query *q = l->query;
    double shrink[AT_ONCE * ROWS_PER_CHUNK] = {0}, logits[AT_ONCE * ROWS_PER_CHUNK];
    size_t length = l->length;
    for (size_t i = 0; i < count; i++) {
        const path_panel *panel = &p->panels[which[i]];
        double *at = shrink + i * ROWS_PER_CHUNK;
        at[0] = panel->begin;
        at[ROWS_PER_CHUNK - 1] = panel->end;
        for (size_t j = 0; j < INNER; j++)
            at[j + 1] = panel->begin + (panel->end - panel->begin) * l->points[j];
    }
    const line_points points = {shrink, count * ROWS_PER_CHUNK, p->products, logits};
    heed_status status = q->gradients.run(q->gradients.self, q->row, q->output, &points, error);
    if (status != HEED_OK)
        return status;
    for (size_t i = 0; i < count; i++) {
        path_panel *panel = &p->panels[which[i]];
        const double *found = logits + i * ROWS_PER_CHUNK;
        settle(panel, l, p->products + i * ROWS_PER_CHUNK * length, found, p->scores + which[i] * length);
        if (panel->begin == 0)
            ends->baseline = found[0];
        if (panel->end == 1)
            ends->logit = found[ROWS_PER_CHUNK - 1];
    }
    return HEED_OK;
}

/* Room for so many panels, and for the results of AT_ONCE of them. */
static heed_status make_room(path *p, size_t panels, size_t length, heed_error *error)
{
    heed_status status;
    TRY(memory_grow(&p->panels, &p->panel_capacity, panels, sizeof *p->panels, error));
    TRY(memory_grow(&p->scores, &p->score_capacity, panels * length, sizeof *p->scores, error));
    TRY(memory_grow(&p->products, &p->product_capacity, AT_ONCE * ROWS_PER_CHUNK * length, sizeof *p->products, error));
done:
    return status;
}

static double sum_gaps(const path *p, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += fabs(p->panels[i].gap);
    return sum;
}

/* The logit jumps in a panel that floats can hardly divide further: its scores are scaled to add up to the jump, unless
 * they have the opposite sign. */
static void scale_to_jump(path_panel *panel, double *scores, size_t length)
{
    double sum = 0;
    for (size_t t = 0; t < length; t++)
        sum += scores[t];
    double factor = (sum - panel->gap) / sum;
    if (!(isfinite(factor) && factor > 0))
        return;
    for (size_t t = 0; t < length; t++)
        scores[t] *= factor;
    panel->gap = 0;
}

/* Halves the panels whose gap is larger than their share of the allowed one, at most AT_ONCE / 2 of them, and computes
 * the halves. *panels: how many there are. */
static heed_status refine(path *p, const line *l, size_t *panels, double allowed, path_ends *ends, heed_error *error)
{
    size_t which[AT_ONCE], chosen = 0, before = *panels, count = before;
    for (size_t i = 0; i < before && chosen < AT_ONCE && count < MAX_PANELS; i++) {
        path_panel *panel = &p->panels[i];
        if (fabs(panel->gap) <= allowed / (double)before)
            continue;
        if (panel->end - panel->begin <= narrow) {
            scale_to_jump(panel, p->scores + i * l->length, l->length);
            continue;
        }
        double middle = (panel->begin + panel->end) / 2;
        p->panels[count] = (path_panel){middle, panel->end, 0};
        panel->end = middle;
        which[chosen++] = i;
        which[chosen++] = count++;
    }
    *panels = count;
    return measure(p, l, which, chosen, ends, error);
}

/* Computes panels of equal width. */
static heed_status begin_panels(path *p, const line *l, size_t count, path_ends *ends, heed_error *error)
{
    heed_status status = HEED_OK;
    for (size_t i = 0; i < count; i++)
        p->panels[i] = (path_panel){(double)i / (double)count, (double)(i + 1) / (double)count, 0};
    for (size_t first = 0; first < count && status == HEED_OK; first += AT_ONCE) {
        size_t which[AT_ONCE], here = 0;
        for (; here < AT_ONCE && first + here < count; here++)
            which[here] = first + here;
        status = measure(p, l, which, here, ends, error);
    }
    return status;
}

static void sum_panels(double *scores, const path *p, size_t count, size_t length)
{
    for (size_t t = 0; t < length; t++) {
        scores[t] = 0;
        for (size_t i = 0; i < count; i++)
            scores[t] += p->scores[i * length + t];
    }
}

/* Of equal width, computed first. */
static size_t first_panels(unsigned steps)
{
    return steps > 0 ? (steps + INNER - 1) / INNER : FIRST_PANELS;
}

/* Each panel beyond the first ones comes from halving one, which computes both halves. */
uint64_t path_points(unsigned steps)
{
    uint64_t first = first_panels(steps), halves = steps > 0 ? 0 : 2 * (MAX_PANELS - FIRST_PANELS);
    return (first + halves) * ROWS_PER_CHUNK;
}

heed_status path_integrate(path *p, const path_query *q, double *scores, path_ends *ends, heed_error *error)
{
    size_t count = first_panels(q->steps);
    line l = {.query = q, .length = (size_t)q->row->length};
    heed_status status;
    TRY(make_room(p, q->steps > 0 ? count : MAX_PANELS, l.length, error));
    quadrature_points(INNER, l.points, l.shares);
    TRY(begin_panels(p, &l, count, ends, error));
    double allowed = wanted_gap * fabs(ends->logit - ends->baseline);
    for (int i = 0; i < MAX_ROUNDS && q->steps == 0 && count < MAX_PANELS && sum_gaps(p, count) > allowed; i++)
        TRY(refine(p, &l, &count, allowed, ends, error));
    sum_panels(scores, p, count, l.length);
    ends->steps = (unsigned)(count * INNER);
done:
    return status;
}
