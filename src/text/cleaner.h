/* All text stages, one after the other. */
#ifndef TEXT_CLEANER_H
#define TEXT_CLEANER_H

#include "base/intern.h"
#include "text/tokens.h"
#include "tokenizer/shared_tokenizer.h"

enum { CLEANER_LIBRARIES = SEGMENTER_VERSION + STEMS_VERSION };

struct heed_cleaner {
    heed_text_rules rules;
    heed_html html;
    heed_punctuation punctuation;
    heed_letters letters;
    heed_tokenizer tokens; /* as used: SPLIT if words are needed and no option sets it */
    heed_lemmas lemmas;
    heed_stem stem;
    heed_segmentation segment;
    char libraries[CLEANER_LIBRARIES]; /* those that it needs for stems and dictionaries; "": none */
    intern stop_words;
    shared_tokenizer *tokenizer; /* HEED_TOKENS_WORDPIECE; else NULL */
    uint64_t word_rules;         /* digest of everything that the lemma and dropping of a word depend on */
};

/* What a cleaner has in place of files that options name; borrowed. NULL: as they say. */
typedef struct cleaner_source {
    const heed_bytes *stop_list; /* one word per line */
    const shared_tokenizer *tokenizer;
} cleaner_source;

/* heed_cleaner_new. */
heed_status cleaner_new(heed_cleaner **out, const heed_text_options *options, const cleaner_source *source,
                        heed_error *error);

/* heed_cleaner_run, with the word cache or, as the plain definition, without. */
heed_status cleaner_run(const heed_cleaner *cleaner, heed_bytes text, heed_tokens *tokens, bool cached,
                        heed_error *error);
/* The segmenter by which it found the words of this list; NULL: none. */
segmenter *cleaner_segmenter(const heed_cleaner *cleaner, const heed_tokens *tokens);
/* What a word of the cleaned text becomes: its lemma or itself, or data NULL if it is a stop word. */
heed_bytes cleaner_word(const heed_cleaner *cleaner, heed_bytes word);

#endif
