#include "rows/record_batch.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "rows/reader.h"

enum { CHUNK = 256 << 10, ALIGNMENT = 16 };

/* Memory comes from chunks that never move, since records point into them. */
typedef struct chunk {
    struct chunk *next;
    size_t capacity, used;
    char *data;
} chunk;

struct record_batch {
    chunk *first, *current;
    heed_record *record; /* [count] */
    size_t count, capacity;
    size_t bytes;        /* copied since the batch was emptied */
    heed_status pending; /* met behind the records of the last fill */
    heed_error why;
};

heed_status record_batch_new(record_batch **out, heed_error *error)
{
    *out = memory_array(1, sizeof **out);
    return *out == NULL ? fail_memory(error, "a batch of records") : HEED_OK;
}

void record_batch_free(record_batch *batch)
{
    if (batch == NULL)
        return;
    for (chunk *c = batch->first, *following; c != NULL; c = following) {
        following = c->next;
        free(c->data);
        free(c);
    }
    free(batch->record);
    free(batch);
}

static void empty(record_batch *batch)
{
    for (chunk *c = batch->first; c != NULL; c = c->next)
        c->used = 0;
    batch->current = batch->first;
    batch->count = batch->bytes = 0;
}

static chunk *add_chunk(record_batch *batch, size_t size)
{
    chunk *added = memory_array(1, sizeof *added);
    if (added == NULL)
        return NULL;
    added->capacity = size > CHUNK ? size : CHUNK;
    added->data = memory_array(added->capacity, 1);
    if (added->data == NULL) {
        free(added);
        return NULL;
    }
    chunk **end = &batch->first;
    while (*end != NULL)
        end = &(*end)->next;
    *end = added;
    return added;
}

static void *take(record_batch *batch, size_t size)
{
    if (size > SIZE_MAX - ALIGNMENT)
        return NULL;
    size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    while (batch->current != NULL && batch->current->capacity - batch->current->used < size)
        batch->current = batch->current->next;
    if (batch->current == NULL)
        batch->current = add_chunk(batch, size);
    if (batch->current == NULL)
        return NULL;
    void *room = batch->current->data + batch->current->used;
    batch->current->used += size;
    batch->bytes += size;
    return room;
}

/* Copies some bytes, unless they lie in the record's line (or in another part of it): that was copied already. */
static bool keep(record_batch *batch, heed_bytes *bytes, heed_bytes line, const char *line_copy)
{
    if (bytes->data == NULL)
        return true;
    if (line.data != NULL && (uintptr_t)bytes->data - (uintptr_t)line.data <= line.size &&
        bytes->size <= line.size - (size_t)((uintptr_t)bytes->data - (uintptr_t)line.data)) {
        bytes->data = line_copy + ((uintptr_t)bytes->data - (uintptr_t)line.data);
        return true;
    }
    char *copy = take(batch, bytes->size);
    if (copy == NULL)
        return false;
    memcpy(copy, bytes->data, bytes->size);
    bytes->data = copy;
    return true;
}

static heed_status add(record_batch *batch, const heed_record *source, heed_error *error)
{
    heed_status status = memory_grow(&batch->record, &batch->capacity, batch->count + 1, sizeof *batch->record, error);
    if (status != HEED_OK)
        return status;
    heed_record copy = *source;
    char *line = take(batch, source->line.size);
    heed_bytes *fields = source->fields != NULL ? take(batch, source->field_count * sizeof *fields) : NULL;
    heed_bytes *labels = take(batch, source->label_count * sizeof *labels);
    bool fine = line != NULL && labels != NULL && (fields != NULL || source->fields == NULL);
    if (fine && source->line.size > 0)
        memcpy(line, source->line.data, source->line.size);
    for (size_t i = 0; fine && fields != NULL && i < source->field_count; i++) {
        fields[i] = source->fields[i];
        fine = keep(batch, &fields[i], source->line, line);
    }
    fine = fine && keep(batch, &copy.text, source->line, line) && keep(batch, &copy.label, source->line, line) &&
           keep(batch, &copy.id, source->line, line) && keep(batch, &copy.split, source->line, line) &&
           keep(batch, &copy.group, source->line, line);
    for (size_t i = 0; fine && i < source->label_count; i++) { /* parts of the label */
        labels[i] = source->labels[i];
        fine = keep(batch, &labels[i], source->label, copy.label.data);
    }
    if (!fine)
        return fail_memory(error, "a batch of records");
    copy.line.data = line;
    copy.fields = fields;
    copy.labels = labels;
    batch->record[batch->count++] = copy;
    return HEED_OK;
}

heed_status record_batch_fill(record_batch *batch, heed_reader *reader, size_t most_rows, size_t most_bytes,
                              heed_error *error)
{
    empty(batch);
    heed_status status = batch->pending;
    batch->pending = HEED_OK;
    if (status != HEED_OK) {
        if (error != NULL)
            *error = batch->why;
        return status;
    }
    heed_record record;
    bool got = true;
    batch->why = (heed_error){{0}};
    status = heed_reader_next(reader, &record, &batch->why);
    while (status == HEED_OK && got) {
        status = add(batch, &record, &batch->why);
        if (status != HEED_OK || batch->count >= most_rows || batch->bytes >= most_bytes)
            break;
        status = reader_poll(reader, &got, &record, &batch->why);
    }
    if (status != HEED_OK && batch->count > 0) {
        batch->pending = status;
        return HEED_OK;
    }
    if (status != HEED_OK && error != NULL)
        *error = batch->why;
    return status;
}

void record_batch_follow(record_batch *batch, record_batch *before)
{
    if (before->pending == HEED_OK)
        return;
    batch->pending = before->pending;
    batch->why = before->why;
    before->pending = HEED_OK;
}

const heed_record *record_batch_items(const record_batch *batch, size_t *count)
{
    *count = batch->count;
    return batch->record;
}
