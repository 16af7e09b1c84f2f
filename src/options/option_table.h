/* All options of heed.h's structs, one row each. */
#ifndef OPTIONS_OPTION_TABLE_H
#define OPTIONS_OPTION_TABLE_H

#include "options/option.h"

/* In the order of the help. */
const option *option_table(size_t *count);
/* The next row of a home after `last` (NULL: the first); NULL after the last one. */
const option *options_next(heed_options_kind home, const option *last);
/* The row of this name in a home; NULL if there is none. */
const option *option_named(heed_options_kind home, const char *name);

#endif
