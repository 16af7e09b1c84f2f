/* The words of a choice: the name of each value of an enum, in its order. They are defined in the room of the enum and
 * used by everything that reads or writes a value by name: command line, JSON, model files, messages. */
#ifndef BASE_NAMES_H
#define BASE_NAMES_H

#include "heed.h"

typedef struct names {
    const char *const *items;
    unsigned count;
} names;

/* Outside of functions: const names case_names = NAMES("keep", "lower"); */
#define NAMES(...)                                                                                                     \
    {                                                                                                                  \
        (const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *)          \
    }

/* The value of this name; false if there is none. */
bool names_find(unsigned *out, const names *n, const char *name);
/* The name of a value; "unknown" if there is none. */
const char *names_of(const names *n, unsigned value);
/* "keep|lower", cut to size. */
void names_list(char *out, size_t size, const names *n);

#endif
