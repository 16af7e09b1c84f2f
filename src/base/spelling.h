/* Names that a reader takes for the same. */
#ifndef BASE_SPELLING_H
#define BASE_SPELLING_H

#include "heed.h"

/* Whether two names differ at most by capitals, by blanks around them and by their form in Unicode. */
bool spelled_alike(heed_bytes a, heed_bytes b);

#endif
