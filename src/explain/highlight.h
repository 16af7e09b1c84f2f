/* What a picture of an explanation shows of each segment: its text, and how the score colours it. */
#ifndef EXPLAIN_HIGHLIGHT_H
#define EXPLAIN_HIGHLIGHT_H

#include "heed.h"

/* The hue of a segment: none if it has no score worth showing. */
typedef enum hue { HUE_NONE, HUE_LOOKED, HUE_FOR, HUE_AGAINST } hue;

/* The largest score without its sign. */
double scale_of(const heed_explanation_info *info);
/* Attention by itself says nothing for or against. */
bool is_signed(const heed_explanation_info *info);
/* Its part of the largest score, 0 to 1; a share under a twentieth is not worth showing. */
double segment_share(const heed_segment *s, double scale);
bool segment_is_shown(const heed_segment *s, double scale);
hue segment_hue(const heed_explanation_info *info, const heed_segment *s, double scale);
/* How strong the hue of a share is, 0 to 1: the weakest can still be seen. */
double share_strength(double share);
/* A piece that the model did not read at all. */
bool segment_is_dropped(const heed_segment *s);
heed_bytes segment_text(const heed_explanation_info *info, const heed_segment *s);

#endif
