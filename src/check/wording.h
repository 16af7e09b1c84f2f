/* Words of findings that many of them share. */
#ifndef CHECK_WORDING_H
#define CHECK_WORDING_H

#include "check/check_state.h"

/* "training", "validation", "test", by the number of a part. */
const char *part_word(unsigned part);
/* "training rows", "test row": of so many. */
void say_rows(writer *w, uint64_t count, unsigned part);
/* "FILE:LINE" */
void say_place(writer *w, const heed_check *check, size_t row);
/* "'label'", cut to a length that fits a line; control characters are '?'. */
void say_label(writer *w, heed_bytes label);
/* "3.1%" */
void say_share(writer *w, double share);

#endif
