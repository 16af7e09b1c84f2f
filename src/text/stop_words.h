/* Words that are left out. */
#ifndef TEXT_STOP_WORDS_H
#define TEXT_STOP_WORDS_H

#include "base/intern.h"

/* Fills words: NULL or "none" has none, "english" is the built-in list, anything else names a file. */
heed_status stop_words_load(intern *words, const char *name, heed_error *error);
/* Adds the words of a file's bytes, a word a line; empty lines are passed over. name is for the message. */
heed_status stop_words_parse(intern *words, const char *name, heed_bytes text, heed_error *error);

#endif
