/* Reading and printing JSON with jansson so that a want of memory shows. Jansson hides some of its failed allocations:
 * its parser then drops bytes of a text, or ends the process by an assertion, and its printer leaves out a key. heed
 * contains a copy of jansson if its source was there when heed was built (HEED_JANSSON): then a failure is counted, and
 * the parser's buffer is as large as the document from the beginning, so that it never has to grow. With the shared
 * library, whose allocator is the host program's, only the failures that jansson reports are seen. */
#ifndef BASE_JSON_MEMORY_H
#define BASE_JSON_MEMORY_H

#include <jansson.h>

#include "heed.h"

/* How many allocations of jansson have failed in this thread: what was built with jansson between two calls is whole if
 * they return the same number. Always 0 with the shared library. */
size_t json_memory_failures(void);

/* json_loadb; json_decref() releases the value. HEED_FAILED without memory, which error then says. HEED_BAD_DATA for
 * what is not JSON: `where` says why, and the message is the caller's to write. */
heed_status json_parse(json_t **out, heed_bytes document, size_t flags, json_error_t *where, heed_error *error);

/* json_dumps of what was built since json_memory_failures() was `failures`; free() releases the text. what: for the
 * message if anything of it failed (HEED_FAILED), which includes a root that is NULL. */
heed_status json_print(char **out, const json_t *root, size_t flags, size_t failures, const char *what,
                       heed_error *error);

#endif
