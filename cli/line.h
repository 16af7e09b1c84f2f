/* The words of a command line after its command: options, their values, arguments. */
#ifndef CLI_LINE_H
#define CLI_LINE_H

#include "settings.h"

/* Parses what comes after the command's name, and the config file that it names, on top of the defaults. Strings are
 * borrowed from arguments. Release the settings in any case. */
heed_status settings_init(settings *s, const command *c, int count, char **arguments, heed_error *error);

#endif
