/* One command line: the command is found, its options are read, and it runs. */
#ifndef CLI_COMMAND_LINE_H
#define CLI_COMMAND_LINE_H

#include "options/serve_options.h"

/* Runs one command line without the program's name: arguments[0] is the command. */
heed_status command_line(int count, char **arguments, server_entry *serve, heed_error *error);

#endif
