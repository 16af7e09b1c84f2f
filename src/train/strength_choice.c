#include "train/strength_choice.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/status.h"

enum { ENOUGH_ROWS = 2000 };

/* Of the held-out rows of all folds so far. */
typedef struct held_losses {
    const strength_grid *grid;
    double sum[CROSS_FIT_TRIES];
    size_t tried; /* of the grid */
    uint32_t rows;
} held_losses;

/* The loss of the held-out rows, with their weights. z: scratch [K]. */
static double held_loss(const fold_fit *f, const logistic_run *t, double *z)
{
    double sum = 0;
    for (uint32_t i = 0; i < f->parts.held.count; i++) {
        size_t cell = (size_t)f->parts.held.rows[i] * t->outputs;
        feature_rows_logits(&f->held, i, &f->fit, z);
        sum += logistic_link(z, t->outputs, f->fit.softmax, t->target + cell, t->weight + cell);
    }
    return sum;
}

/* Each C begins where the one before it ended. The first fold ends with the first C that is worse than the one before,
 * and the others try as many. */
static heed_status add_fold(cross_fit *c, held_losses *all, heed_error *error)
{
    fold_fit f = {.number = 0};
    double *z = memory_array(c->run->outputs, sizeof *z), before = INFINITY;
    bool first = all->tried == 0;
    heed_status status;
    TRY(z == NULL ? fail_memory(error, "training") : HEED_OK);
    TRY(fold_fit_init(&f, c, error));
    for (size_t i = 0; i < (first ? all->grid->count : all->tried); i++) {
        TRY(fold_fit_run(&f, c, all->grid->values[i], error));
        TRY(fold_fit_keep(&f, c, i, error));
        double loss = held_loss(&f, c->run, z);
        all->sum[i] += loss;
        if (first)
            all->tried = i + 1;
        if (first && loss >= before)
            break;
        before = loss;
    }
    all->rows += f.parts.held.count;
done:
    fold_fit_release(&f);
    free(z);
    return status;
}

static void tell(logistic_run *t, const held_losses *all, size_t best)
{
    const double *grid = all->grid->values;
    char note[300], number[NUMBER_TEXT];
    int size = snprintf(note, sizeof note,
                        "C %g has the least log loss on %u training rows that were held out:", grid[best], all->rows);
    for (size_t i = 0; i < all->tried; i++)
        size += snprintf(note + size, sizeof note - (size_t)size, "%s C %g %s", i > 0 ? "," : "", grid[i],
                         number_fixed(number, all->sum[i] / all->rows, 4));
    progress_note(&t->progress, note);
}

/* C, and the number under which its fits were kept (fold_fit_keep). */
typedef struct strength_choice {
    double strength;
    size_t number;
} strength_choice;

static heed_status choose(strength_choice *out, cross_fit *c, const strength_grid *grid, heed_error *error)
{
    held_losses all = {.grid = grid};
    size_t best = 0;
    heed_status status = HEED_OK;
    while (cross_fit_more(c, ENOUGH_ROWS))
        TRY(add_fold(c, &all, error));
    for (size_t i = 1; i < all.tried; i++)
        best = all.sum[i] < all.sum[best] ? i : best;
    *out = (strength_choice){grid->values[best], best};
    if (all.rows > 0)
        tell(c->run, &all, best);
done:
    return status;
}

heed_status strength_settle(double *strength, logistic_run *t, const fold_features *features, const strength_grid *grid,
                            heed_error *error)
{
    strength_choice chosen = {*strength, 0};
    const bool chooses = *strength == 0;
    cross_fit c = {.run = t};
    heed_status status = HEED_OK;
    if (!chooses && !t->crossfits)
        return HEED_OK;
    TRY(cross_fit_init(&c, t, features, error));
    t->fits_all += (chooses ? (unsigned)grid->count * CROSS_FIT_FOLDS : 0) + (t->crossfits ? cross_fit_folds(&c) : 0);
    if (chooses)
        TRY(choose(&chosen, &c, grid, error));
    *strength = chosen.strength;
    if (t->crossfits)
        TRY(cross_fit_finish(&c, chosen.strength, chosen.number, error));
    t->fits = t->fits_all - 1; /* the choice may have needed fewer */
done:
    cross_fit_release(&c);
    return status;
}
