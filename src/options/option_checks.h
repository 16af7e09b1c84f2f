/* Further checks of values, for rows of the table: values that name a file, or a character. */
#ifndef OPTIONS_OPTION_CHECKS_H
#define OPTIONS_OPTION_CHECKS_H

#include "options/option.h"

/* Whether it is a file that can be opened; HEED_BAD_DATA if not. */
heed_status check_file(const char *value, heed_error *error);
/* Whether it is a folder; HEED_BAD_DATA if not. */
heed_status check_folder(const char *value, heed_error *error);
/* As check_file, unless it is one of the words. */
heed_status check_stop_words(const char *value, heed_error *error);
heed_status check_class_weights(const char *value, heed_error *error);
heed_status check_vectors(const char *value, heed_error *error);
/* Whether it is one character that can separate fields, or the word tab; HEED_USAGE if not. */
heed_status check_delimiter(const char *value, heed_error *error);
/* The character that a value of --delimiter means; 0 for NULL, or for a value that is refused. */
char delimiter_of(const char *value);
/* The file that a value names; NULL if it is one of the words, or NULL. */
const char *stop_words_file(const char *value);
const char *class_weights_file(const char *value);
const char *vectors_file(const char *value);
/* Refuses (HEED_USAGE) an option beside --tokens wordpiece, whose tokenizer decides it. */
heed_status refuse_beside_tokenizer(const option *o, heed_error *error);

#endif
