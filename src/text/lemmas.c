#include "text/lemmas.h"

#include <string.h>

#include "text/lexicon_format.h"

/* "ses" -> "s" cuts 2 bytes and adds none. */
typedef struct rule {
    const char *ending;
    unsigned char size, cut;
    const char *add;
} rule;

enum { RULES = 9 };

/* In WordNet's order, which decides ties. The search relies on two facts: no rule applies to a form to which something
 * was added, and of the other forms only the one that lost most can be shortened again. */
static const rule rules[][RULES] = {
    [LEXICON_AS_NOUN] = {{"s", 1, 1, ""},
                         {"ses", 3, 2, ""},
                         {"ves", 3, 3, "f"},
                         {"xes", 3, 2, ""},
                         {"zes", 3, 2, ""},
                         {"ches", 4, 2, ""},
                         {"shes", 4, 2, ""},
                         {"men", 3, 2, "an"},
                         {"ies", 3, 3, "y"}},
    [LEXICON_AS_VERB] = {{"s", 1, 1, ""},
                         {"ies", 3, 3, "y"},
                         {"es", 2, 1, ""},
                         {"es", 2, 2, ""},
                         {"ed", 2, 1, ""},
                         {"ed", 2, 2, ""},
                         {"ing", 3, 3, "e"},
                         {"ing", 3, 3, ""},
                         {NULL, 0, 0, NULL}},
};

/* For most words and rules the last byte decides. */
static bool asks_for(const rule *r, heed_bytes word)
{
    if (word.size < r->size || word.data[word.size - 1] != r->ending[r->size - 1])
        return false;
    return memcmp(word.data + word.size - r->size, r->ending, r->size) == 0;
}

/* Keeps [form][add] as the best so far if it is a word of the lexicon and shorter than the best so far. */
static void try_form(heed_bytes *best, heed_bytes form, const char *add, lexicon_part part)
{
    char bytes[LEXICON_LONGEST];
    size_t more = strlen(add);
    if (form.size + more > sizeof bytes || (best->data != NULL && best->size <= form.size + more))
        return;
    if (more > 0) {
        memcpy(bytes, form.data, form.size);
        memcpy(bytes + form.size, add, more);
        form = (heed_bytes){bytes, form.size + more};
    }
    lexicon_word found;
    if (lexicon_find(&found, form, part) && found.known)
        *best = found.text;
}

/* Applies every rule once to a form, which is a prefix of the word; returns the form to continue with, of size 0 if
 * none. */
static heed_bytes apply_rules(heed_bytes *best, heed_bytes form, lexicon_part part)
{
    heed_bytes next = {form.data, 0};
    for (const rule *r = rules[part]; r < rules[part] + RULES && r->ending != NULL; r++) {
        if (!asks_for(r, form))
            continue;
        heed_bytes shorter = {form.data, form.size - r->cut};
        try_form(best, shorter, r->add, part);
        if (*r->add == '\0' && (next.size == 0 || shorter.size < next.size))
            next = shorter;
    }
    return next;
}

heed_bytes lemma_find(heed_bytes word, lexicon_part part)
{
    heed_bytes best = {NULL, 0};
    lexicon_word found;
    if (lexicon_find(&found, word, part)) {
        if (found.exception.data != NULL)
            return found.exception;
        if (found.known)
            best = word;
    }
    heed_bytes form = word;
    do
        form = apply_rules(&best, form, part);
    while (best.data == NULL && form.size > 0);
    return best.data == NULL ? word : best;
}
