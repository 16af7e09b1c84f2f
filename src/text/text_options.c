#include "options/choices.h"

const names text_rules_names = NAMES("python", "unicode");
const names html_names = NAMES("keep", "space");
const names punctuation_names = NAMES("keep", "first32", "all");
const names letters_names = NAMES("keep", "lower");
/* The last one names a file; a model file has the tokenizer itself. */
const names tokens_names = {NAME_LIST("none", "split", "words", "wordpiece"), 4,
                            NAME_LIST("none", "split", "words", "wordpiece:FILE")};
#define STEM_NAME(constant, name) name,
const names stem_names = NAMES(HEED_STEMS(STEM_NAME));
const names segment_names = NAMES("characters", "dictionary");
const names lemmas_names = NAMES("none", "noun", "noun,verb");
const names vocabulary_names = NAMES("counts", "keras");
/* Keras's words for sides; files have those of version 0.1.0. */
const names cut_names = {NAME_LIST("front", "behind", "middle"), 3, NAME_LIST("pre", "post", "middle")};
const names pad_names = {NAME_LIST("front", "behind"), 2, NAME_LIST("pre", "post")};
