/* Which rows have the same text, ignoring case, punctuation and spacing. */
#ifndef DATA_GROUPS_H
#define DATA_GROUPS_H

#include "heed.h"

/* XXH3-64 of the text's \w characters, case-folded. */
uint64_t group_digest(heed_bytes text);

#endif
