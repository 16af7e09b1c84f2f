/* Help, man pages and shell completion, all from the tables of commands and options. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "commands.h"
#include "output.h"

/* Help as text of 80 columns; c NULL: of the program. */
void help_print(writer *o, const command *c);
/* A man page in roff. */
void help_man(writer *o, const command *c);
/* The names of the man pages, one per line. */
void help_pages(writer *o);
/* A completion script for bash. */
void help_bash(writer *o);

#endif
