#include "explain/highlight.h"

#include <math.h>

double scale_of(const heed_explanation *e)
{
    double largest = 0;
    for (size_t i = 0; i < e->info.segment_count; i++)
        largest = fmax(largest, fabs(e->segments[i].score));
    return largest;
}

bool is_signed(const heed_explanation *e)
{
    return e->info.method != HEED_METHOD_ATTENTION || e->info.compared;
}

double segment_share(const heed_segment *s, double scale)
{
    return scale > 0 ? fabs(s->score) / scale : 0;
}

bool segment_is_shown(const heed_segment *s, double scale)
{
    return segment_share(s, scale) >= 0.05;
}

hue segment_hue(const heed_explanation *e, const heed_segment *s, double scale)
{
    if (!segment_is_shown(s, scale))
        return HUE_NONE;
    if (!is_signed(e))
        return HUE_LOOKED;
    return s->score > 0 ? HUE_FOR : HUE_AGAINST;
}

double share_strength(double share)
{
    return 0.15 + 0.85 * share;
}

bool segment_is_dropped(const heed_segment *s)
{
    return s->status != HEED_TOKEN_BETWEEN && s->tokens == 0;
}

heed_bytes segment_text(const heed_explanation *e, const heed_segment *s)
{
    return (heed_bytes){e->info.text.data + s->begin, s->end - s->begin};
}
