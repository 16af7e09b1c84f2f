/* The list of what was found. */
#ifndef CHECK_FINDINGS_H
#define CHECK_FINDINGS_H

#include "base/writer.h"

enum { MOST_FIGURES = 10 };

typedef struct found {
    heed_finding shown; /* its text and figures are set by findings_finish */
    heed_figure figures[MOST_FIGURES];
    writer text;
} found;

/* Begins as {0}. Memory that was not available is reported at the end. */
typedef struct findings {
    found *items;
    size_t count, capacity;
    heed_checked_pair *pairs;
    size_t pair_count, pair_capacity;
    bool failed;
    writer spare; /* without memory for a finding its text goes here */
} findings;

/* Begins a finding, to whose text the caller writes until the next call; first: SIZE_MAX for none. */
writer *finding_begin(findings *f, const char *kind, uint64_t rows, uint64_t of, size_t first);
/* What else is known of the last finding. */
void finding_figure(findings *f, const char *name, double value);
/* The parts that the last finding is about, as numbers. */
void finding_parts(findings *f, unsigned part, unsigned other);
void finding_is_serious(findings *f);
/* A pair of the last finding. */
void finding_pair(findings *f, heed_checked_pair pair);
/* Serious ones first. HEED_FAILED: memory. */
heed_status findings_finish(findings *f, heed_error *error);
void findings_release(findings *f);

#endif
