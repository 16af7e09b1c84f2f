/* All options of heed.h's structs, a row each. */
#ifndef OPTIONS_OPTION_TABLE_H
#define OPTIONS_OPTION_TABLE_H

#include "options/option.h"

/* In the order of the help. */
const option *option_table(size_t *count);
/* The row of this name in a home; NULL where there is none. */
const option *option_named(option_home home, const char *name);

/* ---- a whole struct of options: `options` is of its home */

/* What a preset has, in every field that a row has; the others become 0. */
void options_preset(option_home home, void *options, heed_preset preset);
/* Refuses (HEED_USAGE) the first value that is out of its range. */
heed_status options_check(option_home home, const void *options, heed_error *error);
/* out = a copy whose texts are its own; options_release releases them. HEED_USAGE for a text that is not UTF-8; out is
 * as it was after a failure. */
heed_status options_copy(option_home home, void *out, const void *options, heed_error *error);
void options_release(option_home home, void *options);
/* Whether all options that touch these bits are equal. */
bool options_equal(option_home home, const void *a, const void *b, unsigned touches);

#endif
