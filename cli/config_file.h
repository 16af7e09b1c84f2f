/* A run's options as a JSON file: --config reads one, --show-config writes one. Both work from the table of options. */
#ifndef CLI_CONFIG_FILE_H
#define CLI_CONFIG_FILE_H

#include "settings.h"

/* Puts the file's options in front of those that the line named, which therefore override them; a list of the line
 * replaces the file's, and what excludes an option of the file takes its place. HEED_BAD_DATA for a file that cannot be
 * read or is no JSON object, HEED_USAGE for a key or a kind of value that the command does not take. */
heed_status config_read(settings *s, const char *path, heed_error *error);
/* Lays training options over what is there: a JSON file, or the JSON object itself where source begins with '{'. The
 * texts of values are added to s->config_texts; null takes an optional text back. Errors as config_read's, and
 * HEED_USAGE for what all contenders of a comparison share. */
heed_status config_lay(settings *s, const char *source, heed_error *error);
/* Writes all options of the run to standard output; one that is unset is null. HEED_USAGE for a text that is not
 * UTF-8, which JSON cannot hold. */
heed_status config_show(const settings *s, heed_error *error);
/* The same into a file, which is replaced when it is complete. */
heed_status config_write(const settings *s, const char *path, heed_error *error);

#endif
