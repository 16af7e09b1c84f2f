#include "network/batch.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"

/* Memory for chunk.distinct and chunk.packed, which a network with a mask does not have. */
static bool packing_init(batch *b, size_t count, size_t chunks)
{
    size_t window = b->net->spec.window;
    if (b->net->spec.mask)
        return true;
    b->distinct = memory_array(chunks * window, sizeof *b->distinct);
    b->packed = memory_array(chunks * (window + 1), sizeof *b->packed);
    b->packed_at = memory_array(count * window, sizeof *b->packed_at);
    return b->distinct != NULL && b->packed != NULL && b->packed_at != NULL;
}

heed_status batch_new(batch **out, const network *net, int rows, heed_error *error)
{
    *out = NULL;
    batch *b = memory_array(1, sizeof *b);
    if (b == NULL)
        return fail_memory(error, "a batch");
    size_t count = (size_t)rows, window = net->spec.window, chunks = (count + ROWS_PER_CHUNK - 1) / ROWS_PER_CHUNK;
    b->net = net;
    b->capacity = rows;
    b->chunks = memory_array(chunks, sizeof *b->chunks);
    b->first_position = memory_array(chunks + 1, sizeof *b->first_position);
    b->order = memory_array(count, sizeof *b->order);
    b->ids = memory_array(count * window, sizeof *b->ids);
    b->padded = memory_array(net->spec.mask ? 0 : count * window, sizeof *b->padded);
    b->number = memory_array(count, sizeof *b->number);
    b->length = memory_array(count, sizeof *b->length);
    b->active = memory_array(chunks * window, sizeof *b->active);
    b->offset = memory_array(chunks * (window + 1), sizeof *b->offset);
    b->counts = memory_array(window + 2, sizeof *b->counts);
    b->target = memory_array(count * net->spec.outputs, sizeof *b->target);
    b->weight = memory_array(count * net->spec.outputs, sizeof *b->weight);
    b->row_ids = memory_array(count, sizeof *b->row_ids);
    b->states = memory_array(count, sizeof *b->states);
    if (!b->chunks || !b->first_position || !b->order || !b->ids || !b->padded || !b->number || !b->length ||
        !b->active || !b->offset || !b->counts || !b->target || !b->weight || !b->row_ids || !b->states ||
        !packing_init(b, count, chunks)) {
        batch_free(b);
        return fail_memory(error, "a batch");
    }
    *out = b;
    return HEED_OK;
}

void batch_free(batch *b)
{
    if (b == NULL)
        return;
    free(b->chunks);
    free(b->first_position);
    free(b->order);
    free(b->ids);
    free(b->padded);
    free(b->number);
    free(b->length);
    free(b->active);
    free(b->offset);
    free(b->counts);
    free(b->distinct);
    free(b->packed);
    free(b->packed_at);
    free(b->target);
    free(b->weight);
    free(b->row_ids);
    free(b->states);
    free(b);
}

/* order = the rows by falling length (a counting sort, so equal ones stay in their order) */
static void sort_rows(batch *b, const batch_row *rows)
{
    int window = (int)b->net->spec.window;
    memset(b->counts, 0, ((size_t)window + 2) * sizeof *b->counts);
    for (int i = 0; i < b->rows; i++)
        b->counts[window - rows[i].length + 1]++;
    for (int i = 0; i <= window; i++)
        b->counts[i + 1] += b->counts[i];
    for (int i = 0; i < b->rows; i++)
        b->order[b->counts[window - rows[i].length]++] = i;
}

/* A network without a mask reads padding like words, so its rows are all as long as the window. */
static const uint32_t *padded_row(batch *b, const batch_row *row, int place)
{
    size_t window = b->net->spec.window, length = (size_t)row->length;
    uint32_t *to = b->padded + (size_t)place * window;
    memset(to, 0, window * sizeof *to);
    if (length > 0)
        memcpy(b->net->spec.pad_behind ? to : to + (window - length), row->ids, length * sizeof *to);
    return to;
}

/* Targets and weights of the row at this place. Targets are zeros and ones, then smoothed. */
static void place_target(batch *b, const batch_row *row, int place)
{
    size_t outputs = b->net->spec.outputs, first = (size_t)place * outputs;
    bool several = b->net->spec.task == HEED_TASK_MULTILABEL;
    real *target = b->target + first, *weight = b->weight + first;
    double row_weight = row->weight == NULL ? 1 : *row->weight, spread = several || outputs == 1 ? 2 : (double)outputs;
    if (!several && b->class_weight != NULL)
        row_weight *= b->class_weight[row->label];
    for (size_t i = 0; i < outputs; i++) {
        target[i] = 0;
        weight[i] = (real)row_weight;
    }
    if (outputs == 1)
        target[0] = (real)row->label;
    else if (!several)
        target[row->label] = 1;
    for (uint32_t i = 0; several && i < row->label; i++) {
        target[row->labels[i]] = 1;
        weight[row->labels[i]] = (real)(row_weight * (b->class_weight == NULL ? 1 : b->class_weight[row->labels[i]]));
    }
    for (size_t i = 0; i < outputs && b->smoothing > 0; i++)
        target[i] = (real)((1 - b->smoothing) * (double)target[i] + b->smoothing / spread);
}

static void place_rows(batch *b, const batch_row *rows)
{
    for (int i = 0; i < b->rows; i++) {
        const batch_row *row = &rows[b->order[i]];
        b->number[i] = row->number;
        b->length[i] = b->net->spec.mask ? row->length : (int)b->net->spec.window;
        b->row_ids[i] = b->net->spec.mask ? row->ids : padded_row(b, row, i);
        b->states[i] = row->states;
        place_target(b, row, i);
    }
}

void batch_shape_loss(batch *b, double smoothing, const double *class_weight)
{
    b->smoothing = smoothing;
    b->class_weight = class_weight;
}

/* chunk.distinct and chunk.packed; first: the chunk's first position within the batch. */
static void pack_distinct(chunk *c, bool padding_after, size_t first, size_t *packed_at)
{
    int words = 0; /* the rows up to the last that has met a word */
    for (int s = 0; s < c->steps; s++) {
        const uint32_t *ids = c->ids + c->offset[padding_after ? c->steps - 1 - s : s];
        for (int r = c->rows; r > words; r--)
            if (ids[r - 1] != 0)
                words = r;
        c->distinct[s] = words < c->rows ? words + 1 : c->rows;
    }
    c->packed[c->steps] = c->positions;
    for (int s = c->steps - 1; s >= 0; s--) {
        size_t *at = packed_at + c->offset[padding_after ? c->steps - 1 - s : s];
        c->packed[s] = c->packed[s + 1] - c->distinct[s];
        for (int r = 0; r < c->rows; r++)
            at[r] = r < c->distinct[s] ? first + (size_t)(c->packed[s] + r) : NOT_PACKED;
    }
}

void batch_pack(batch *b, const batch_row *rows, int count)
{
    size_t window = b->net->spec.window;
    b->rows = count;
    b->chunk_count = (count + ROWS_PER_CHUNK - 1) / ROWS_PER_CHUNK;
    sort_rows(b, rows);
    place_rows(b, rows);
    for (int i = 0; i < b->chunk_count; i++) {
        int first = i * ROWS_PER_CHUNK;
        chunk *c = &b->chunks[i];
        c->rows = count - first < ROWS_PER_CHUNK ? count - first : ROWS_PER_CHUNK;
        c->ids = b->ids + b->first_position[i];
        c->length = b->length + first;
        c->number = b->number + first;
        c->states = b->states + first;
        c->target = b->target + (size_t)first * b->net->spec.outputs;
        c->weight = b->weight + (size_t)first * b->net->spec.outputs;
        c->active = b->active + (size_t)i * window;
        c->offset = b->offset + (size_t)i * (window + 1);
        chunk_pack(c, b->row_ids + first);
        b->first_position[i + 1] = b->first_position[i] + (size_t)c->positions;
        if (b->net->spec.mask)
            continue;
        c->distinct = b->distinct + (size_t)i * window;
        c->packed = b->packed + (size_t)i * (window + 1);
        pack_distinct(c, b->net->spec.pad_behind, b->first_position[i], b->packed_at + b->first_position[i]);
    }
}
