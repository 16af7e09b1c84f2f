#include "text/text_options.h"

#include "base/status.h"
#include "options/choices.h"

const names html_names = NAMES("keep", "space");
const names punctuation_names = NAMES("keep", "first32", "all");
const names letters_names = NAMES("keep", "lower");
const names tokens_names = NAMES("none", "split", "words");
const names lemmas_names = NAMES("none", "noun", "noun,verb");
const names vocabulary_names = NAMES("counts", "keras");
const names cut_names = NAMES("front", "behind", "middle");
const names pad_names = NAMES("front", "behind");

void heed_text_options_init(heed_text_options *options)
{
    *options = (heed_text_options){.html = HEED_HTML_KEEP, .letters = HEED_LETTERS_KEEP};
}

heed_status text_options_check(const heed_text_options *options, heed_error *error)
{
    const struct {
        const char *name;
        unsigned found;
        const names *known;
    } choices[] = {{"html", options->html, &html_names},
                   {"punctuation", options->punctuation, &punctuation_names},
                   {"letters", options->letters, &letters_names},
                   {"tokens", options->tokens, &tokens_names},
                   {"lemmas", options->lemmas, &lemmas_names},
                   {"vocabulary", options->vocabulary, &vocabulary_names},
                   {"cut", options->cut, &cut_names},
                   {"pad", options->pad, &pad_names}};
    for (size_t i = 0; i < sizeof choices / sizeof *choices; i++)
        if (choices[i].found >= choices[i].known->count)
            return fail(error, HEED_USAGE, "text option %s: found %d, expected 0 to %u; heed_text_options_init sets it",
                        choices[i].name, (int)choices[i].found, choices[i].known->count - 1);
    return HEED_OK;
}
