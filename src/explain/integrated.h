/* Integrated gradients: integrals along the line from zero embeddings to the tokens' own (Sundararajan et al. 2017,
 * "Axiomatic attribution for deep networks", section 3).
 *
 * The line is divided into panels, in each of which the integral is a sum over the points of Gauss and Legendre. The
 * scores of a panel must add up to the change of the logit along it, so panels that miss this are halved: a recurrent
 * network over hundreds of tokens may jump within a thousandth of the line, or within the resolution of a float. Such a
 * jump is distributed in proportion to the gradients at it. */
#ifndef EXPLAIN_INTEGRATED_H
#define EXPLAIN_INTEGRATED_H

#include "explain/text_gradients.h"

typedef struct path_panel {
    double begin, end;
    double gap; /* sum of its scores minus the change of the logit */
} path_panel;

/* Scratch that is reused for every row; all zero at first. */
typedef struct path {
    path_panel *panels;
    double *scores;   /* [panels][L] */
    double *products; /* of the current panels: [panels][points][L] */
    size_t panel_capacity, score_capacity, product_capacity;
} path;

/* What a model has between zero embeddings and the tokens' own. */
typedef struct line_gradients {
    heed_status (*run)(void *self, const batch_row *row, uint32_t output, const line_points *points, heed_error *error);
    void *self;
} line_gradients;

/* What is integrated: a logit of a model along the line to a row's tokens. */
typedef struct path_query {
    line_gradients gradients;
    const batch_row *row;
    uint32_t output;
    unsigned steps; /* points, rounded up to whole panels; 0: panels are halved until their gaps add up to less than 1%
                       of the logit's change, or there are 1024 points */
} path_query;

typedef struct path_ends {
    double logit, baseline; /* at the tokens' own embeddings, and at zero */
    unsigned steps;         /* number of points in the sums */
} path_ends;

/* Points at which the gradients are computed, at most: those of the sums, and the ends of panels. */
uint64_t path_points(unsigned steps);
void path_release(path *p);
/* scores [L] of the row. HEED_FAILED without memory; what the gradients fail with. */
heed_status path_integrate(path *p, const path_query *q, double *scores, path_ends *ends, heed_error *error);

#endif
