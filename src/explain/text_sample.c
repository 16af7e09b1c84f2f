#include "explain/text_sample.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/status.h"
#include "explain/faithful_row.h"
#include "rows/reader.h"

/* The place that row number `offered` takes, from 0; room if it is skipped. */
static size_t choose_place(const text_sample *s, uint64_t seed)
{
    if (s->offered < s->room)
        return (size_t)s->offered;
    random_key key = {seed, RANDOM_EXPLAIN, DRAW_SAMPLE, 0, (uint32_t)(s->offered >> 32)};
    uint64_t word = random_word(key, (uint32_t)s->offered);
    uint64_t place =
        s->offered < UINT32_MAX ? word * (s->offered + 1) >> 32 : word; /* beyond the room, so it is skipped */
    return place < s->room ? (size_t)place : s->room;
}

static heed_status take(text_sample *s, heed_bytes text, uint64_t seed, heed_error *error)
{
    size_t place = choose_place(s, seed);
    s->offered++;
    if (place == s->room)
        return HEED_OK;
    free(s->texts[place]);
    s->texts[place] = memory_copy(text.data == NULL ? "" : text.data, text.size);
    s->sizes[place] = text.size;
    s->count += place == s->count;
    return s->texts[place] == NULL ? fail_memory(error, "a sample of texts") : HEED_OK;
}

heed_status text_sample_draw(text_sample *out, heed_reader *reader, size_t room, uint64_t seed,
                             const heed_listener *listener, heed_error *error)
{
    heed_record record;
    stopwatch watch = stopwatch_start();
    *out = (text_sample){.room = room};
    out->texts = memory_array(room, sizeof *out->texts);
    out->sizes = memory_array(room, sizeof *out->sizes);
    if (out->texts == NULL || out->sizes == NULL)
        return fail_memory(error, "a sample of texts");
    heed_status status;
    while ((status = reader_next(reader, &record, error)) == HEED_OK) {
        TRY(take(out, record.text, seed, error));
        TRY(reader_tell(reader, HEED_STAGE_READ, listener, &watch, "stopped", error));
    }
done:
    return status == HEED_END ? HEED_OK : status;
}

void text_sample_release(text_sample *s)
{
    for (size_t i = 0; s->texts != NULL && i < s->count; i++)
        free(s->texts[i]);
    free(s->texts);
    free(s->sizes);
    *s = (text_sample){0};
}
