/* The learning rate of step s, from 0, of S steps in all epochs; W of them are the warm-up.
 *
 *   warm-up    rate (s + 1) / W for s < W, rate being the option, halved as below for plateau
 *   constant   rate
 *   cosine     rate (1 + cos(pi (s - W) / (S - W))) / 2        Loshchilov & Hutter 2017, equation 5, one period
 *   linear     rate (S - s) / (S - W)        Devlin et al. 2019, appendix A.2
 *   plateau    rate / 2^halvings        one more halving after each epoch that is not better */
#include "train/schedule.h"

#include <math.h>

#include "options/choices.h"

const names schedule_names = NAMES("constant", "cosine", "plateau", "linear");

double schedule_rate(const schedule *s, uint64_t step, unsigned halvings)
{
    double at = (double)step, all = (double)s->epochs * (double)s->epoch_steps;
    double warm = round(s->warmup * (double)s->epoch_steps), rate = s->learning_rate;
    if (s->kind == HEED_SCHEDULE_PLATEAU)
        rate = ldexp(rate, -(int)halvings);
    if (at < warm)
        return rate * (at + 1) / warm;
    if (s->kind == HEED_SCHEDULE_LINEAR)
        return rate * (all - at) / (all - warm);
    return s->kind == HEED_SCHEDULE_COSINE ? rate * (1 + cos(3.14159265358979323846 * (at - warm) / (all - warm))) / 2
                                           : rate;
}
