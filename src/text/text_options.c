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
