/* Words that are left out. */
#ifndef TEXT_STOP_WORDS_H
#define TEXT_STOP_WORDS_H

#include "base/intern.h"

enum { STOP_WORDS_BYTES = 64 << 20 }; /* of a file, at most */

/* Whether this is the name of a file: not NULL, "none" or "english". */
bool stop_words_are_in_file(const char *name);
/* Fills words: NULL or "none" has none, "english" is the built-in list, anything else names a file. */
heed_status stop_words_load(intern *words, const char *name, heed_text_rules rules, heed_error *error);
/* Adds the words of a file's bytes, one per line, in NFC by Unicode's rules; empty lines are skipped. name is for the
 * message. */
heed_status stop_words_parse(intern *words, const char *name, heed_bytes text, heed_text_rules rules,
                             heed_error *error);

#endif
