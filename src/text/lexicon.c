#define XXH_INLINE_ALL
#include "text/lexicon.h"

#include <string.h>
#include <xxhash.h>

#include "text/lexicon_format.h"

/* Made by tools/make_lexicon, whose output is trusted like code. */
extern const unsigned char lexicon_data[] __attribute__((visibility("hidden")));

static uint32_t number_at(const unsigned char *bytes)
{
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

/* The entry of a word, or NULL. */
static const unsigned char *find_entry(heed_bytes word)
{
    if (word.size == 0 || word.size > LEXICON_LONGEST)
        return NULL;
    uint64_t hash = XXH3_64bits(word.data, word.size);
    uint32_t mask = number_at(lexicon_data) - 1;
    for (uint32_t at = (uint32_t)hash & mask;; at = (at + 1) & mask) {
        uint32_t slot = number_at(lexicon_data + LEXICON_HEADER + 4 * (size_t)at);
        if (slot == 0)
            return NULL;
        if (slot >> 24 != hash >> 56)
            continue;
        const unsigned char *entry = lexicon_data + (slot & 0xFFFFFF);
        if (entry[1] == word.size && memcmp(entry + 2, word.data, word.size) == 0)
            return entry;
    }
}

void lexicon_expect(heed_bytes word)
{
    uint64_t hash = XXH3_64bits(word.data, word.size);
    uint32_t mask = number_at(lexicon_data) - 1;
    __builtin_prefetch(lexicon_data + LEXICON_HEADER + 4 * (size_t)((uint32_t)hash & mask));
}

bool lexicon_find(lexicon_word *out, heed_bytes word, lexicon_part part)
{
    const unsigned char *entry = find_entry(word);
    if (entry == NULL)
        return false;
    unsigned flags = entry[0];
    bool noun = part == LEXICON_AS_NOUN;
    *out = (lexicon_word){.text = {(const char *)entry + 2, entry[1]},
                          .known = (flags & (noun ? LEXICON_NOUN : LEXICON_VERB)) != 0};
    if ((flags & (noun ? LEXICON_NOUN_EXCEPTION : LEXICON_VERB_EXCEPTION)) != 0) {
        const unsigned char *exception = entry + 2 + entry[1];
        if (!noun && (flags & LEXICON_NOUN_EXCEPTION) != 0)
            exception += 1 + exception[0];
        out->exception = (heed_bytes){(const char *)exception + 1, exception[0]};
    }
    return true;
}
