/* The commands of the program: one row each, in the order of the help; everything else is derived from them. A command
 * is a file NAME_command.c that defines NAME_command, and its name in this list. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "heed.h"

#define COMMANDS(X)                                                                                                    \
    X(check)                                                                                                           \
    X(split)                                                                                                           \
    X(train)                                                                                                           \
    X(evaluate)                                                                                                        \
    X(predict)                                                                                                         \
    X(explain)                                                                                                         \
    X(serve)                                                                                                           \
    X(compare)                                                                                                         \
    X(tune)                                                                                                            \
    X(inspect)                                                                                                         \
    X(export)                                                                                                          \
    X(clean)                                                                                                           \
    X(vectors)                                                                                                         \
    X(demo)                                                                                                            \
    X(help)

struct settings;

typedef struct command {
    const char *name;
    const char *alias; /* NULL: none */
    heed_status (*run)(struct settings *settings, heed_error *error);
    unsigned touches;           /* what it does (options/option.h): it takes all options of heed.h that touch this, */
    const char *const *without; /* except these; NULL after the last; NULL: all */
    unsigned min_arguments, max_arguments; /* number of arguments that are not options */
    const char *arguments;                 /* as the usage line shows them */
    const char *summary;                   /* one line */
    const char *about;                     /* paragraphs, separated by an empty line */
    const char *examples;                  /* command lines, one per line */
} command;

enum { ANY_NUMBER = 1000000 }; /* of arguments */

/* What all commands that train do. */
#define TOUCHES_RUN                                                                                                    \
    (TOUCHES_READING | TOUCHES_LABELS | TOUCHES_ANSWERS | TOUCHES_PARTS | TOUCHES_CLEANING | TOUCHES_COUNTING |        \
     TOUCHES_IDS | TOUCHES_TRAINING | TOUCHES_SEED | TOUCHES_THREADS)

#define COMMAND_ROW(name) extern const command name##_command;
COMMANDS(COMMAND_ROW)
#undef COMMAND_ROW

/* NULL if there is none of this name. */
const command *command_find(const char *name);
/* All of them, in the order of the help; NULL after the last. */
const command *const *command_list(void);

#endif
