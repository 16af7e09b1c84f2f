/* All options of heed.h's structs, one row each. */
#ifndef OPTIONS_OPTION_TABLE_H
#define OPTIONS_OPTION_TABLE_H

#include "options/option.h"

/* In the order of the help. */
const option *option_table(size_t *count);
/* The next row of a home after `last` (NULL: the first); NULL after the last one. */
const option *options_next(option_home home, const option *last);
/* The row of this name in a home; NULL if there is none. */
const option *option_named(option_home home, const char *name);

/* ---- a whole struct of options: `options` is of its home */

/* Sets every field that has a row to the value of a preset; the others become 0. */
void options_preset(option_home home, void *options, heed_preset preset);
/* Refuses (HEED_USAGE) the first value that is out of its range. */
heed_status options_check(option_home home, const void *options, heed_error *error);
/* out = a copy whose texts are its own; options_release releases them. HEED_USAGE for a text that is not UTF-8; out is
 * unchanged after a failure. */
heed_status options_copy(option_home home, void *out, const void *options, heed_error *error);
void options_release(option_home home, void *options);
/* Whether all options that touch these bits are equal. */
bool options_equal(option_home home, const void *a, const void *b, unsigned touches);

/* ---- the record in a model file: the recorded options of a struct, in the order of the file */

/* After `last` (NULL: the first); NULL after the last one. */
const option *options_next_recorded(option_home home, const option *last);
/* The next of those that are recorded only if not 0, and are not 0: descriptions of a model list them.
 */
const option *options_next_set(option_home home, const void *options, const option *last);
/* As options_copy; what is not recorded becomes 0. */
heed_status options_copy_recorded(option_home home, void *out, const void *options, heed_error *error);
/* Whether the field is 0, false or NULL. */
bool option_is_zero(const option *o, const void *options);

#endif
