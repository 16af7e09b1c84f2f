#include "rows/record_batch.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "rows/reader.h"

enum { CHUNK = 256 << 10, ALIGNMENT = 16 };

/* Memory comes from chunks that never move, as records point into them. */
typedef struct memory_chunk {
    struct memory_chunk *next;
    size_t capacity, used;
    char *data;
} memory_chunk;

struct record_batch {
    memory_chunk *first, *current;
    heed_record *record; /* [count] */
    size_t count, capacity;
    size_t bytes;        /* copied since the batch was emptied */
    heed_status pending; /* the error that ended the last fill */
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
    for (memory_chunk *c = batch->first, *following; c != NULL; c = following) {
        following = c->next;
        free(c->data);
        free(c);
    }
    free(batch->record);
    free(batch);
}

static void empty(record_batch *batch)
{
    for (memory_chunk *c = batch->first; c != NULL; c = c->next)
        c->used = 0;
    batch->current = batch->first;
    batch->count = batch->bytes = 0;
}

static memory_chunk *add_chunk(record_batch *batch, size_t size)
{
    memory_chunk *added = memory_array(1, sizeof *added);
    if (added == NULL)
        return NULL;
    added->capacity = size > CHUNK ? size : CHUNK;
    added->data = memory_array(added->capacity, 1);
    if (added->data == NULL) {
        free(added);
        return NULL;
    }
    memory_chunk **end = &batch->first;
    while (*end != NULL)
        end = &(*end)->next;
    *end = added;
    return added;
}

/* Room for so many more bytes, which count as used once they are filled. */
static char *reserve(record_batch *batch, size_t size)
{
    while (batch->current != NULL && batch->current->capacity - batch->current->used < size)
        batch->current = batch->current->next;
    if (batch->current == NULL)
        batch->current = add_chunk(batch, size);
    return batch->current == NULL ? NULL : batch->current->data + batch->current->used;
}

/* The most that a copy of a record needs: its line, two lists, and its parts as if none were part of the line. */
static size_t room_of(const heed_record *r)
{
    size_t room = r->line.size + r->text.size + r->label.size + r->id.size + r->split.size + r->group.size;
    room += r->problem == NULL ? 0 : strlen(r->problem) + 1;
    for (size_t i = 0; r->fields != NULL && i < r->field_count; i++)
        room += r->fields[i].size;
    return room + ((r->fields != NULL ? r->field_count : 0) + r->label_count) * sizeof(heed_bytes) + 2 * ALIGNMENT;
}

static char *aligned(char *at)
{
    return at + (ALIGNMENT - (uintptr_t)at % ALIGNMENT) % ALIGNMENT;
}

/* Whether the bytes are part of the others, and where. */
static bool stands_in(heed_bytes bytes, heed_bytes whole, size_t *at)
{
    *at = (size_t)((uintptr_t)bytes.data - (uintptr_t)whole.data);
    return whole.data != NULL && *at <= whole.size && bytes.size <= whole.size - *at;
}

/* Copies some bytes to *to, unless they are part of the record's line, which was copied already. */
static void keep(heed_bytes *bytes, char **to, heed_bytes line, const char *line_copy)
{
    size_t at;
    if (bytes->data == NULL)
        return;
    if (stands_in(*bytes, line, &at)) {
        bytes->data = line_copy + at;
        return;
    }
    memcpy(*to, bytes->data, bytes->size);
    bytes->data = *to;
    *to += bytes->size;
}

static heed_bytes *copy_list(char **to, const heed_bytes *list, size_t count)
{
    heed_bytes *copy = (heed_bytes *)(void *)aligned(*to);
    if (count > 0)
        memcpy(copy, list, count * sizeof *copy);
    *to = (char *)(copy + count);
    return copy;
}

static heed_status add(record_batch *batch, const heed_record *source, heed_error *error)
{
    char *room = reserve(batch, room_of(source)), *to = room;
    heed_status status = memory_grow(&batch->record, &batch->capacity, batch->count + 1, sizeof *batch->record, error);
    if (room == NULL || status != HEED_OK)
        return fail_memory(error, "a batch of records");
    heed_record copy = *source;
    heed_bytes *labels = copy_list(&to, source->labels, source->label_count);
    heed_bytes *fields = source->fields == NULL ? NULL : copy_list(&to, source->fields, source->field_count);
    char *line = to;
    if (source->line.size > 0)
        memcpy(line, source->line.data, source->line.size);
    to += source->line.size;
    for (size_t i = 0; fields != NULL && i < source->field_count; i++)
        keep(&fields[i], &to, source->line, line);
    heed_bytes *parts[] = {&copy.text, &copy.label, &copy.id, &copy.split, &copy.group};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        keep(parts[i], &to, source->line, line);
    if (source->problem != NULL) {
        copy.problem = strcpy(to, source->problem);
        to += strlen(to) + 1;
    }
    for (size_t i = 0; i < source->label_count; i++) /* parts of the label */
        labels[i].data = copy.label.data + (source->labels[i].data - source->label.data);
    copy.line.data = line;
    copy.fields = fields;
    copy.labels = labels;
    batch->record[batch->count++] = copy;
    batch->current->used += (size_t)(to - room);
    batch->bytes += (size_t)(to - room);
    return HEED_OK;
}

/* Takes records until a limit, until it would have to wait, or until a failure. */
static heed_status fill(record_batch *batch, heed_reader *reader, size_t max_rows, size_t max_bytes)
{
    heed_record record;
    bool got = true;
    batch->why = (heed_error){{0}};
    heed_status status = reader_next(reader, &record, &batch->why);
    while (status == HEED_OK && got) {
        status = add(batch, &record, &batch->why);
        if (status != HEED_OK || batch->count >= max_rows || batch->bytes >= max_bytes)
            break;
        status = reader_poll(reader, &got, &record, &batch->why);
    }
    return status;
}

heed_status record_batch_fill(record_batch *batch, heed_reader *reader, size_t max_rows, size_t max_bytes,
                              heed_error *error)
{
    empty(batch);
    heed_status ended = batch->pending;
    if (ended == HEED_OK)
        ended = fill(batch, reader, max_rows, max_bytes);
    bool later = batch->count > 0; /* what ended it comes after the records */
    batch->pending = later ? ended : HEED_OK;
    if (!later && error != NULL)
        *error = batch->why;
    return later ? HEED_OK : ended;
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
