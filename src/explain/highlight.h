/* How a segment of an explanation is shown: its text, and the colour of its score. */
#ifndef EXPLAIN_HIGHLIGHT_H
#define EXPLAIN_HIGHLIGHT_H

#include "explain/explanation.h"

/* The hue of a segment: none if it has no score worth showing. */
typedef enum hue { HUE_NONE, HUE_LOOKED, HUE_FOR, HUE_AGAINST } hue;

/* The largest score without its sign. */
double scale_of(const heed_explanation *e);
/* Whether scores are for or against a label; attention alone is not. */
bool is_signed(const heed_explanation *e);
/* Its share of the largest score, 0 to 1; below a twentieth it is not worth showing. */
double segment_share(const heed_segment *s, double scale);
bool segment_is_shown(const heed_segment *s, double scale);
hue segment_hue(const heed_explanation *e, const heed_segment *s, double scale);
/* The strength of the hue of a share, 0 to 1: the weakest is still visible. */
double share_strength(double share);
/* A piece that the model did not read at all. */
bool segment_is_dropped(const heed_segment *s);
heed_bytes segment_text(const heed_explanation *e, const heed_segment *s);

#endif
