/* The words of a choice: the name of each value of an enum, in its order. They are defined in the room of the enum and
 * used by everything that reads or writes a value by name: command line, JSON, model files, messages. */
#ifndef BASE_NAMES_H
#define BASE_NAMES_H

#include "heed.h"

typedef struct names {
    const char *const *items; /* [count]: in files; NULL: this choice does not have the value */
    unsigned count;
    const char *const *shown; /* [count]: newer words for people, who may write either; NULL: items */
} names;

#define NAME_LIST(...)                                                                                                 \
    (const char *const[])                                                                                              \
    {                                                                                                                  \
        __VA_ARGS__                                                                                                    \
    }
/* Outside of functions: const names case_names = NAMES("keep", "lower"); */
#define NAMES(...)                                                                                                     \
    {                                                                                                                  \
        NAME_LIST(__VA_ARGS__), sizeof(NAME_LIST(__VA_ARGS__)) / sizeof(const char *), NULL                            \
    }

/* Whether the choice has this value. */
bool names_have(const names *n, unsigned value);
/* The value of this name in a file; false if there is none. */
bool names_find(unsigned *out, const names *n, const char *name);
/* The same of what a person wrote: newer words too. */
bool names_find_any(unsigned *out, const names *n, const char *name);
/* The name of a value in files; "unknown" if there is none. */
const char *names_of(const names *n, unsigned value);
/* The same for people. */
const char *names_shown(const names *n, unsigned value);
/* "keep|lower" for people, cut to size. */
void names_list(char *out, size_t size, const names *n);

#endif
