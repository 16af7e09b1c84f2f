/* Functions of a library that is loaded when they are first wanted: linked, it would make each start of the program
 * longer, and a machine without it could not run it. For files that are compiled with the library's headers:
 *
 *   #define CALLS(X) X(function) X(another)
 *   typedef struct calls { CALLS(LATE_FIELD) } calls;
 *   static bool calls_load(calls *c) LATE_LOAD("libname.so.1", CALLS) */
#ifndef BASE_LATE_LIBRARY_H
#define BASE_LATE_LIBRARY_H

#include <dlfcn.h>
#include <stdbool.h>
#include <string.h>

#define LATE_FIELD(name) __typeof__(&name) name;

/* The body of a function with the argument c; false where the library or a function is not here. It is never closed:
 * GObject's types, which those libraries bring, cannot be unloaded. */
#define LATE_LOAD(file, CALLS)                                                                                         \
    {                                                                                                                  \
        void *library = dlopen(file, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE), *found;                                   \
        bool fine = library != NULL;                                                                                   \
        CALLS(LATE_FIND)                                                                                               \
        return fine;                                                                                                   \
    }
#define LATE_FIND(name)                                                                                                \
    found = fine ? dlsym(library, #name) : NULL;                                                                       \
    fine = found != NULL;                                                                                              \
    memcpy(&c->name, &found, sizeof found);

#endif
