/* Checked allocation: sizes are multiplied without overflow, a failure is a NULL or a status, never an abort. */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include "heed.h"

/* count zeroed elements (at least one byte, so that NULL always means failure); free() releases it. */
void *memory_array(size_t count, size_t size);
/* The same, aligned to 64 bytes, for vectors; large blocks are in huge pages if the system has them. */
void *memory_aligned(size_t count, size_t size);
/* The same, undefined instead of zeroed: only the parts of a large block that are written use memory. */
void *memory_scratch(size_t count, size_t size);
/* Makes room for `needed` elements in *block, at least doubling it; its contents are kept, the rest is undefined. After
 * that it is a block, also where nothing is needed: an offset of 0 from NULL is undefined. */
heed_status memory_grow(void *block, size_t *capacity, size_t needed, size_t size, heed_error *error);
/* Gives the whole pages within a range of a block back to the system, if it takes them: their bytes are no longer
 * defined. */
void memory_give_back(void *begin, size_t size);
/* Bytes that this process can have at most: memory and swap of the machine, or what a limit of the process or of its
 * group leaves of them; 0: not known. */
uint64_t memory_limit(void);
/* Bytes that are free now, for this process as far as it or its group is limited; 0: not known. */
uint64_t memory_free(void);
/* A copy followed by a NUL; NULL on failure. */
char *memory_copy(const char *data, size_t size);

#endif
