#include "train/part_labels.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"
#include "data/unknown_list.h"

/* What the rows of a part have. */
typedef struct part_labels {
    unknown_label *unknown; /* [unknown_count]: labels that no row may teach, with their rows in the part */
    size_t unknown_count;
    size_t rows, known_rows; /* known: with one label per row, those whose label can be learnt */
    uint64_t labels, known_labels;
} part_labels;

static void count_row(part_labels *p, const heed_corpus *c, size_t row)
{
    size_t count, known = 0;
    const uint32_t *labels = corpus_labels(c, row, &count);
    for (size_t i = 0; i < count; i++) {
        uint32_t rank = c->label_rank[labels[i]];
        if (rank < c->learnable)
            known++;
        else
            p->unknown[rank - c->learnable].rows++;
    }
    p->rows++;
    p->known_rows += known > 0;
    p->labels += count;
    p->known_labels += known;
}

static heed_status count_part(part_labels *p, const heed_corpus *c, heed_part part, heed_error *error)
{
    *p = (part_labels){.unknown_count = c->label_names.count - c->learnable};
    p->unknown = memory_array(p->unknown_count, sizeof *p->unknown);
    if (p->unknown == NULL)
        return fail_memory(error, "labels");
    for (size_t i = 0; i < p->unknown_count; i++)
        p->unknown[i] = (unknown_label){bytes_of(c->labels[c->learnable + i]), 0, i};
    for (size_t i = 0; i < c->row_count; i++)
        if (c->rows[i].part == part)
            count_row(p, c, i);
    return HEED_OK;
}

static heed_status tell(const part_labels *p, const heed_corpus *c, const char *where, const char *list,
                        const heed_listener *listener, heed_error *error)
{
    char *note = NULL;
    writer w = {0};
    if (listener == NULL)
        return HEED_OK;
    writer_print(&w, "%s: found labels that no training row has: %s; ", where, list);
    if (c->several)
        writer_print(&w,
                     "they count as missed, and loss and area are over the %" PRIu32 " labels that training rows have",
                     c->learnable);
    else
        writer_print(&w, "these rows count as wrong, and loss and area are over the other %zu of %zu rows",
                     p->known_rows, p->rows);
    heed_status status = writer_take(&w, &note, NULL, error);
    heed_event event = {.stage = HEED_STAGE_WARNING, .warning = HEED_WARNING_UNKNOWN_LABELS, .note = note};
    if (status == HEED_OK && listener->on_event(listener->user, &event) != 0)
        status = fail(error, HEED_STOPPED, "stopped before training");
    heed_free(note);
    writer_release(&w);
    return status;
}

heed_status part_labels_check(const heed_corpus *corpus, heed_part part, const heed_listener *listener,
                              heed_error *error)
{
    const char *where = part == HEED_PART_TEST ? "test" : "validation";
    part_labels p = {0};
    char *list = NULL;
    heed_status status;
    if (corpus->learnable < 2 || corpus->learnable == corpus->label_names.count)
        return HEED_OK;
    TRY(count_part(&p, corpus, part, error));
    if (p.known_labels < p.labels) {
        TRY(unknown_list_take(&list, p.unknown, p.unknown_count, error));
        status = p.known_labels > 0
                     ? tell(&p, corpus, where, list, listener, error)
                     : fail(error, HEED_BAD_DATA,
                            "%s: found only labels that no training row has: %.600s; --label-map renames labels", where,
                            list);
    }
done:
    free(p.unknown);
    heed_free(list);
    return status;
}
