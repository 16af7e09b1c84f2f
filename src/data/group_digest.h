/* A digest of a text that ignores case, punctuation and spacing: rows with equal ones are kept on one side of a split. */
#ifndef DATA_GROUP_DIGEST_H
#define DATA_GROUP_DIGEST_H

#include "heed.h"

/* XXH3-64 of the text's \w characters, case-folded. */
uint64_t group_digest(heed_bytes text);

#endif
