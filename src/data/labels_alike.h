/* Labels that people take for the same one: they differ by capitals, blanks, Unicode form, invisible characters
 * or the spelling of a number (5, 5.0, 05). */
#ifndef DATA_LABELS_ALIKE_H
#define DATA_LABELS_ALIKE_H

#include "base/writer.h"

/* Writes a line for people, or nothing if there are no such labels. names and rows: [count], each label once. */
heed_status labels_alike_find(writer *out, const char *const *names, const uint64_t *rows, uint32_t count,
                              heed_error *error);

#endif
