/* The stages that change a text before it is divided into tokens, each with the text after it and where that came from.
 * A stage that has nothing to change does not run. */
#ifndef TEXT_STAGES_H
#define TEXT_STAGES_H

#include "base/writer.h"
#include "text/trace.h"

typedef enum text_stage_kind {
    STAGE_COMPOSE, /* to NFC */
    STAGE_HTML,
    STAGE_CHARACTERS,
    STAGE_RECOMPOSE, /* entities and small letters can be followed by marks that they compose with */
    TEXT_STAGES
} text_stage_kind;

typedef struct text_stage {
    writer out; /* only if it ran */
    trace from;
    bool ran;
} text_stage;

void stages_release(text_stage stages[TEXT_STAGES]);
/* Empties all, for a new text. */
void stages_clear(text_stage stages[TEXT_STAGES]);
/* Whether memory for a text or a trace was not available. */
bool stages_failed(const text_stage stages[TEXT_STAGES]);

/* Begins a stage that reads this text; the caller fills out and from. */
text_stage *stage_begin(text_stage stages[TEXT_STAGES], text_stage_kind kind, heed_bytes text);
/* The stages STAGE_COMPOSE and STAGE_RECOMPOSE: the text in NFC, which is the text itself if it is so already. */
heed_bytes stage_compose(text_stage stages[TEXT_STAGES], text_stage_kind kind, heed_bytes text);

/* The text that a stage reads, of a text for which all of them ran. */
heed_bytes stage_input(const text_stage stages[TEXT_STAGES], text_stage_kind kind, heed_bytes text);

/* Finds where bytes of the text before a stage were in the text before all stages, in increasing order. */
typedef struct text_origin {
    trace_cursor cursors[TEXT_STAGES]; /* of the stages that ran, the last one first */
    unsigned count;
} text_origin;

/* Of bytes of the text that this stage read; TEXT_STAGES: of the text after all of them. */
void origin_begin(text_origin *origin, const text_stage stages[TEXT_STAGES], text_stage_kind kind);

static inline void origin_find(text_origin *origin, size_t *begin, size_t *end)
{
    for (unsigned i = 0; i < origin->count; i++)
        trace_find(&origin->cursors[i], begin, end);
}

#endif
