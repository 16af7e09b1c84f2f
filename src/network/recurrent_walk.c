#include "network/recurrent_walk.h"

static bool begins_in_padding(const network *net, int direction)
{
    return !net->spec.mask && direction == (net->spec.pad_behind ? 1 : 0);
}

bool walk_may_share(const network *net, const layer *l, int direction)
{
    return begins_in_padding(net, direction) && l->spec.named[RECURRENT_DROPOUT] == 0;
}

recurrent_walk walk_of(const layer *l, const pass *p, int direction)
{
    bool projects = layer_follows_embedding(l), looks_up = projects && p->place != NULL;
    bool shares = p->training ? looks_up && p->table == NULL && walk_may_share(p->net, l, direction)
                              : projects && begins_in_padding(p->net, direction);
    return (recurrent_walk){.layer = l, .pass = p, .direction = direction, .looks_up = looks_up, .shares = shares};
}

/* c is written R places before the next step's rows: the next step reads it there, and every step has room. */
static void share(const chunk *c, int s, step *at)
{
    at->distinct = c->distinct[s];
    at->place = c->packed[s];
    at->cell_place = c->packed[s + 1] - c->rows;
    if (s > 0) {
        at->known = at->distinct;
        at->previous_cell_place = c->packed[s] - c->rows;
    }
}

step walk_step(const recurrent_walk *w, int s)
{
    const chunk *c = w->pass->chunk;
    if (s == c->steps)
        return (step){0};
    int t = w->direction == 0 ? s : c->steps - 1 - s, previous = w->direction == 0 ? t - 1 : t + 1;
    int first = c->offset[t], rows = c->active[t];
    step at = {.first = first, .rows = rows, .distinct = rows, .place = first, .cell_place = first};
    if (s > 0) {
        at.before = at.previous_cell_place = c->offset[previous];
        at.known = c->active[previous] < rows ? c->active[previous] : rows;
    }
    if (w->shares)
        share(c, s, &at);
    return at;
}

/* ---- blocks */

/* Each block reads and writes the gradients of the weights once. They have at least U rows, so many units need many
 * places. */
enum { BLOCK_PLACES = 256, BLOCK_PLACES_A_UNIT = 8 };

static int block_places(const layer *l)
{
    int wide = BLOCK_PLACES_A_UNIT * l->units;
    return wide > BLOCK_PLACES ? wide : BLOCK_PLACES;
}

/* The range that covers two ranges. */
static void span(int one, int ones, int other, int others, int *first, int *count)
{
    int end = one + ones > other + others ? one + ones : other + others;
    *first = one < other ? one : other;
    *count = end - *first;
}

/* Steps begin ... end - 1, whose positions and places are side by side in either direction. */
static block block_of(const recurrent_walk *w, int begin, int end)
{
    step one = walk_step(w, begin), other = walk_step(w, end - 1);
    block b = {.begin = begin, .end = end};
    span(one.first, one.rows, other.first, other.rows, &b.first, &b.positions);
    span(one.place, one.distinct, other.place, other.distinct, &b.place, &b.places);
    return b;
}

block walk_block_from(const recurrent_walk *w, int s)
{
    int end = s, wanted = block_places(w->layer);
    for (int places = 0; end < w->pass->chunk->steps && places < wanted; end++)
        places += walk_step(w, end).distinct;
    return block_of(w, s, end);
}

block walk_block_until(const recurrent_walk *w, int s)
{
    int begin = s, wanted = block_places(w->layer);
    for (int places = 0; begin > 0 && places < wanted; begin--)
        places += walk_step(w, begin - 1).distinct;
    return block_of(w, begin, s);
}
