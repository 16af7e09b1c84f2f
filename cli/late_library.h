/* Functions of a library that is loaded on first use. If it were linked, each start of the program would be slower, and
 * the program could not run on a machine without the library. For files that are compiled with the library's headers:
 *
 *   #define CALLS(X) X(function) X(another)
 *   typedef struct calls { CALLS(LATE_FIELD) } calls;
 *   static const char *const functions[] = {CALLS(LATE_NAME)};
 *   bool here = late_load(&c, "libname.so.1", functions, sizeof functions / sizeof *functions); */
#ifndef CLI_LATE_LIBRARY_H
#define CLI_LATE_LIBRARY_H

#include <dlfcn.h>
#include <stdbool.h>
#include <string.h>

#define LATE_FIELD(name) __typeof__(&name) name;
#define LATE_NAME(name) #name,

/* Fills calls, a struct of count pointers to functions of these names; false if the library or a function is not here.
 * It is never closed: GObject's types, which those libraries bring, cannot be unloaded. */
static inline bool late_load(void *calls, const char *library, const char *const *names, size_t count)
{
    void *handle = dlopen(library, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    for (size_t i = 0; i < count && handle != NULL; i++) {
        void *found = dlsym(handle, names[i]);
        if (found == NULL)
            return false;
        memcpy((char *)calls + i * sizeof found, &found, sizeof found);
    }
    return handle != NULL;
}

#endif
