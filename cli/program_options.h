/* The table of the options that the program has of its own, and the commands that take each. */
#ifndef CLI_PROGRAM_OPTIONS_H
#define CLI_PROGRAM_OPTIONS_H

#include "options/option.h"

typedef struct program_option {
    option option;
    unsigned commands;
    char letter;       /* '\0': none */
    const char *after; /* the option of heed.h that it follows in its group; NULL: it comes before those of heed.h */
} program_option;

extern const program_option program_options[];
extern const size_t program_option_count;

#endif
