#include "check/findings.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"

writer *finding_begin(findings *f, const char *kind, uint64_t rows, uint64_t of, size_t first)
{
    if (f->failed || memory_grow(&f->items, &f->capacity, f->count + 1, sizeof *f->items, NULL) != HEED_OK) {
        f->failed = true;
        return &f->spare;
    }
    found *item = &f->items[f->count++];
    *item = (found){.shown = {.kind = kind, .rows = rows, .of = of, .first = first, .first_pair = f->pair_count}};
    return &item->text;
}

void finding_figure(findings *f, const char *name, double value)
{
    if (f->failed)
        return;
    found *item = &f->items[f->count - 1];
    if (item->shown.figure_count < MOST_FIGURES)
        item->figures[item->shown.figure_count++] = (heed_figure){name, value};
}

void finding_parts(findings *f, unsigned part, unsigned other)
{
    if (f->failed)
        return;
    f->items[f->count - 1].shown.part = HEED_PART_TRAIN + part;
    f->items[f->count - 1].shown.other_part = HEED_PART_TRAIN + other;
}

void finding_is_serious(findings *f)
{
    if (!f->failed)
        f->items[f->count - 1].shown.serious = true;
}

void finding_pair(findings *f, heed_checked_pair pair)
{
    if (f->failed || memory_grow(&f->pairs, &f->pair_capacity, f->pair_count + 1, sizeof *f->pairs, NULL) != HEED_OK) {
        f->failed = true;
        return;
    }
    f->pairs[f->pair_count++] = pair;
    f->items[f->count - 1].shown.pair_count++;
}

/* Serious ones first; those of a kind keep their order. */
static heed_status order(findings *f, heed_error *error)
{
    found *ordered = memory_array(f->count, sizeof *ordered);
    size_t at = 0;
    if (ordered == NULL)
        return fail_memory(error, "findings");
    for (unsigned serious = 2; serious-- > 0;)
        for (size_t i = 0; i < f->count; i++)
            if (f->items[i].shown.serious == (serious != 0))
                ordered[at++] = f->items[i];
    free(f->items);
    f->items = ordered;
    f->capacity = f->count;
    return HEED_OK;
}

heed_status findings_finish(findings *f, heed_error *error)
{
    heed_status status = f->failed ? fail_memory(error, "findings") : order(f, error);
    for (size_t i = 0; i < f->count && status == HEED_OK; i++) {
        found *item = &f->items[i];
        writer_byte(&item->text, '\0'); /* it stays the writer's */
        status = writer_check(&item->text, error);
        item->shown.text = item->text.data;
        item->shown.figures = item->figures;
    }
    return status;
}

void findings_release(findings *f)
{
    for (size_t i = 0; i < f->count; i++)
        writer_release(&f->items[i].text);
    writer_release(&f->spare);
    free(f->items);
    free(f->pairs);
    *f = (findings){0};
}
