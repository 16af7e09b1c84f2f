/* The stages that work on single characters: punctuation, then lower case. */
#ifndef TEXT_CHARACTERS_H
#define TEXT_CHARACTERS_H

#include "base/writer.h"
#include "text/trace.h"

typedef struct character_stages {
    heed_text_rules rules;
    heed_punctuation punctuation;
    heed_letters letters;
} character_stages;

/* Appends the text, without punctuation and in lower case if asked for, as Python's re.sub(r"[^\w\s]", "", text, count)
 * and str.lower(). With HEED_TEXT_RULES_UNICODE marks go where the character before them goes, joiners stay between
 * letters, and other characters that only steer the layout (soft hyphens, directions) go. from may be NULL. */
void characters_clean(writer *out, trace *from, heed_bytes text, character_stages stages);
/* The most room that characters_clean needs for a text: lower case may be longer, as two bytes can become three. */
size_t characters_room(size_t size);

#endif
