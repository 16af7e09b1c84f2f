#include "base/json_memory.h"

#include <stdlib.h>

#include "base/status.h"

#ifdef HEED_JANSSON

#include <strbuffer.h> /* of jansson's source */

/* Of this thread. In the block that a thread has from its beginning: one that is made when it is first used takes
 * memory. */
static _Thread_local __attribute__((tls_model("initial-exec"))) struct {
    size_t failures;
    size_t reserve; /* bytes of the document that json_parse parses; 0: none */
} thread;

static void *noting_malloc(size_t size)
{
    void *block = malloc(size);
    thread.failures += block == NULL;
    return block;
}

/* Once, before there is a second thread, and only for the copy of jansson that this library contains. */
__attribute__((constructor)) static void set_allocator(void)
{
    json_set_alloc_funcs(noting_malloc, free);
}

int json_strbuffer_init(strbuffer_t *buffer);

/* What jansson's load.c calls in place of strbuffer_init (CMakeLists.txt). The buffer holds one string or number of the
 * document at a time. */
int json_strbuffer_init(strbuffer_t *buffer)
{
    enum { LEAST = 16 };
    size_t size = thread.reserve + LEAST;
    *buffer = (strbuffer_t){.value = noting_malloc(size), .size = size};
    if (buffer->value == NULL)
        return -1;
    buffer->value[0] = '\0';
    return 0;
}

static void reserve(size_t size)
{
    thread.reserve = size;
}

size_t json_memory_failures(void)
{
    return thread.failures;
}

#else

static void reserve(size_t size)
{
    (void)size;
}

size_t json_memory_failures(void)
{
    return 0;
}

#endif

heed_status json_parse(json_t **out, heed_bytes document, size_t flags, json_error_t *where, heed_error *error)
{
    const size_t failures = json_memory_failures();
    reserve(document.size);
    *out = json_loadb(document.data == NULL ? "" : document.data, document.size, flags, where);
    reserve(0);
    /* jansson has a text for every fault of a document */
    if (json_memory_failures() != failures || (*out == NULL && where->text[0] == '\0')) {
        json_decref(*out);
        *out = NULL;
        return fail_memory(error, "JSON");
    }
    return *out != NULL ? HEED_OK : HEED_BAD_DATA;
}

heed_status json_print(char **out, const json_t *root, size_t flags, size_t failures, const char *what,
                       heed_error *error)
{
    *out = root == NULL ? NULL : json_dumps(root, flags);
    if (*out != NULL && json_memory_failures() == failures)
        return HEED_OK;
    free(*out);
    *out = NULL;
    return fail_memory(error, what);
}
