/* The temporary file that a file is written to before it gets its name: "NAME.heed-1a2b3c4d.part" in the same folder.
 * Whoever writes one holds a lock on it (flock), which ends with the process, so that one without it was left behind.
 */
#ifndef BASE_ASIDE_H
#define BASE_ASIDE_H

#include <stdio.h>

#include "heed.h"

/* Makes and locks a new one for target, under a name that nothing has, and removes those of target that were left
 * behind. While target exists only the owner may read it. *name: free() releases it. NULL with errno after a failure.
 */
FILE *aside_open(char **name, const char *target);
/* Gives the file what the target has: permissions, and owner and group as far as this is allowed. Nothing without a
 * target. False with errno if the permissions cannot be set. */
bool aside_take_mode(FILE *file, const char *target);

#endif
