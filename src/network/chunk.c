#include "network/chunk.h"

void chunk_pack(chunk *c, const uint32_t *const *ids)
{
    c->steps = c->rows > 0 ? c->length[0] : 0;
    c->positions = 0;
    int active = c->rows;
    for (int t = 0; t < c->steps; t++) {
        while (c->length[active - 1] <= t)
            active--;
        c->active[t] = active;
        c->offset[t] = c->positions;
        for (int r = 0; r < active; r++)
            c->ids[c->positions + r] = ids[r][t];
        c->positions += active;
    }
    c->offset[c->steps] = c->positions;
}
