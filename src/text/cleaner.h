/* All the stages of the text in a row. */
#ifndef TEXT_CLEANER_H
#define TEXT_CLEANER_H

#include "base/intern.h"
#include "text/tokens.h"

struct heed_cleaner {
    heed_html html;
    heed_punctuation punctuation;
    heed_letters letters;
    heed_tokenizer tokens; /* as it runs: SPLIT if words are needed and none was named */
    heed_lemmas lemmas;
    intern stop_words;
    uint64_t word_rules; /* digest of what a word's lemma and dropping depend on */
};

/* heed_cleaner_new; if stop_list is given (a word a line), it takes the place of options->stop_words. */
heed_status cleaner_new(heed_cleaner **out, const heed_text_options *options, const heed_bytes *stop_list,
                        heed_error *error);

/* heed_cleaner_run, with the word cache or, as the plain definition, without. */
heed_status cleaner_run(const heed_cleaner *cleaner, heed_bytes text, heed_tokens *tokens, bool cached,
                        heed_error *error);
/* What becomes of a word of the cleaned text: its lemma or itself, or no bytes (data NULL) if it is a stop word. */
heed_bytes cleaner_word(const heed_cleaner *cleaner, heed_bytes word);

#endif
