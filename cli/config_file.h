/* A run's options as a JSON file: --config reads one, --show-config writes one. Both work from the table of options. */
#ifndef CLI_CONFIG_FILE_H
#define CLI_CONFIG_FILE_H

#include "settings.h"

/* Puts the file's options before those of the command line, which therefore override them; a list on the command line
 * replaces the file's, and an option replaces one of the file that it excludes. HEED_BAD_DATA for a file that cannot be
 * read or is not a JSON object, HEED_USAGE for a key or a type of value that the command does not take. */
heed_status config_read(settings *s, const char *path, heed_error *error);
/* Sets training options from a JSON file, or from the JSON object itself if source begins with '{'. The texts of values
 * are added to s->config_texts; null unsets an optional text. Errors as for config_read, and HEED_USAGE for options
 * that all contenders of a comparison share. */
heed_status config_lay(settings *s, const char *source, heed_error *error);
/* Writes all options of the run to standard output; one that is unset is null. HEED_USAGE for a text that is not UTF-8,
 * which JSON cannot contain. */
heed_status config_show(const settings *s, heed_error *error);
/* The same into a file, which is replaced when it is complete. */
heed_status config_write(const settings *s, const char *path, heed_error *error);

#endif
