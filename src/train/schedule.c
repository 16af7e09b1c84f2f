#include "train/schedule.h"

#include <math.h>

#include "options/choices.h"

const names schedule_names = NAMES("constant", "cosine", "plateau");

double schedule_rate(const schedule *s, uint64_t step, unsigned halvings)
{
    double at = (double)step, all = (double)s->epochs * (double)s->epoch_steps;
    double warm = round(s->warmup * (double)s->epoch_steps), rate = s->learning_rate;
    if (s->kind == HEED_SCHEDULE_PLATEAU)
        rate = ldexp(rate, -(int)halvings);
    if (at < warm)
        return rate * (at + 1) / warm;
    return s->kind == HEED_SCHEDULE_COSINE ? rate * (1 + cos(3.14159265358979323846 * (at - warm) / (all - warm))) / 2
                                           : rate;
}
