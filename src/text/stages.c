#include "text/stages.h"

#include "base/compose.h"

void stages_release(text_stage stages[TEXT_STAGES])
{
    for (int i = 0; i < TEXT_STAGES; i++) {
        writer_release(&stages[i].out);
        trace_release(&stages[i].from);
    }
}

void stages_clear(text_stage stages[TEXT_STAGES])
{
    for (int i = 0; i < TEXT_STAGES; i++) {
        if (!stages[i].ran)
            continue;
        writer_clear(&stages[i].out);
        trace_clear(&stages[i].from, 0);
        stages[i].ran = false;
    }
}

bool stages_failed(const text_stage stages[TEXT_STAGES])
{
    int failed = 0;
    for (int i = 0; i < TEXT_STAGES; i++)
        failed |= stages[i].out.problem | stages[i].from.failed;
    return failed != 0;
}

text_stage *stage_begin(text_stage stages[TEXT_STAGES], text_stage_kind kind, heed_bytes text)
{
    text_stage *stage = &stages[kind];
    trace_clear(&stage->from, text.size);
    stage->ran = true;
    return stage;
}

/* Adds bytes that the source has in [from, to). */
static void add_part(text_stage *stage, heed_bytes bytes, size_t from, size_t to)
{
    trace_piece piece = {stage->out.size, stage->out.size + bytes.size, from, to};
    writer_bytes(&stage->out, bytes.data, bytes.size);
    trace_add(&stage->from, piece);
}

heed_bytes stage_compose(text_stage stages[TEXT_STAGES], text_stage_kind kind, heed_bytes text)
{
    composed_part part;
    size_t at = 0, copied = 0;
    if (!compose_next(&part, text, &at))
        return text;
    text_stage *stage = stage_begin(stages, kind, text);
    do {
        add_part(stage, (heed_bytes){text.data + copied, part.from - copied}, copied, part.from);
        add_part(stage, (heed_bytes){part.bytes, part.size}, part.from, part.to);
        copied = part.to;
    } while (compose_next(&part, text, &at));
    add_part(stage, (heed_bytes){text.data + copied, text.size - copied}, copied, text.size);
    return (heed_bytes){stage->out.data, stage->out.size};
}

void origin_begin(text_origin *origin, const text_stage stages[TEXT_STAGES], text_stage_kind kind)
{
    origin->count = 0;
    for (int i = (int)kind - 1; i >= 0; i--)
        if (stages[i].ran)
            origin->cursors[origin->count++] = (trace_cursor){&stages[i].from, 0};
}

heed_bytes stage_input(const text_stage stages[TEXT_STAGES], text_stage_kind kind, heed_bytes text)
{
    for (unsigned i = (unsigned)kind; i-- > 0;)
        if (stages[i].ran)
            return (heed_bytes){stages[i].out.data, stages[i].out.size};
    return text;
}
