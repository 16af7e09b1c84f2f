/* The options of the text: the words of their choices, and whether they can be used. */
#ifndef TEXT_TEXT_OPTIONS_H
#define TEXT_TEXT_OPTIONS_H

#include "base/names.h"

/* The words of heed_html, heed_punctuation and so on; letters_names are those of --case. */
extern const names html_names, punctuation_names, letters_names, tokens_names, lemmas_names, vocabulary_names,
    cut_names, pad_names;

/* HEED_USAGE for a value that its enum does not have. */
heed_status text_options_check(const heed_text_options *options, heed_error *error);

#endif
