#include "encoder/encoder_dropout.h"

#include <math.h>

#include "base/random.h"

enum { PARTS = 65536 };

drop_site drop_site_of(const encoder_pass *p, drop_place place, int layer, int head)
{
    const encoder_dropout *d = &p->dropout;
    const double rate = place == DROP_ATTENTION ? d->attention : d->hidden;
    drop_site site = {.seed = d->seed, .step = d->step, .dropped = (uint32_t)lround(rate * PARTS)};
    site.part = (uint32_t)RANDOM_ENCODER << 24 | (uint32_t)layer << 16 | (uint32_t)place << 12 | (uint32_t)head;
    site.kept = (real)PARTS / (real)(PARTS - site.dropped);
    return site;
}

void drop_columns(const encoder_pass *p, const drop_site *site, int first, matrix x)
{
    if (site->dropped > 0)
        p->kernels->drop(site, (uint32_t)first, &x);
}
