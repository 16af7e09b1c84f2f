/* The options of a command: those of heed.h that touch what it does (options/option_table.h), and the program's own. */
#ifndef CLI_COMMAND_OPTIONS_H
#define CLI_COMMAND_OPTIONS_H

#include "commands.h"
#include "options/option.h"

/* Option `number` of those that a command takes, in the order of the help; NULL after the last. */
const option *command_option(const command *c, size_t number);
/* By long name (size bytes, without dashes) among those of a command; NULL: none. */
const option *command_option_named(const command *c, const char *name, size_t size);
/* The option with this letter; NULL: none. */
const option *command_option_by_letter(const command *c, char letter);
/* Its letter; '\0': none. */
char option_letter(const option *o);
/* An option of any command. */
const option *any_option_named(const char *name, size_t size);
/* Of all commands; a name may occur more than once; NULL after the last. */
const option *any_option(size_t number);
/* The name nearest to an unknown one, NULL if none is near. */
const char *command_option_suggest(const command *c, const char *name, size_t size);

/* Two options that exclude each other, and why if that is not obvious (""). */
typedef struct option_pair {
    const char *one, *other, *why;
} option_pair;

/* NULL names after the last. */
const option_pair *option_rivals(void);

#endif
