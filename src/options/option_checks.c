#include "options/option_checks.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/status.h"

heed_status check_file(const char *value, heed_error *error)
{
    struct stat found;
    if (stat(value, &found) == 0 && S_ISDIR(found.st_mode))
        return fail(error, HEED_BAD_DATA, "%s: cannot be opened: not a file", value);
    if (access(value, R_OK) != 0)
        return fail(error, HEED_BAD_DATA, "%s: cannot be opened: %s", value, strerror(errno));
    return HEED_OK;
}

heed_status check_folder(const char *value, heed_error *error)
{
    struct stat found;
    if (stat(value, &found) != 0)
        return fail(error, HEED_BAD_DATA, "%s: cannot be opened: %s", value, strerror(errno));
    return S_ISDIR(found.st_mode) ? HEED_OK : fail(error, HEED_BAD_DATA, "%s: found a file, expected a folder", value);
}

heed_status refuse_beside_tokenizer(const option *o, heed_error *error)
{
    return fail(error, HEED_USAGE,
                "--tokens wordpiece: found --%s, which the tokenizer decides by itself; leave out one of the two",
                o->name);
}

const char *stop_words_file(const char *value)
{
    return value == NULL || strcmp(value, "none") == 0 || strcmp(value, "english") == 0 ? NULL : value;
}

const char *class_weights_file(const char *value)
{
    return value == NULL || strcmp(value, "balanced") == 0 ? NULL : value;
}

const char *vectors_file(const char *value)
{
    return value == NULL || strcmp(value, "self") == 0 ? NULL : value;
}

heed_status check_stop_words(const char *value, heed_error *error)
{
    return stop_words_file(value) == NULL ? HEED_OK : check_file(value, error);
}

heed_status check_class_weights(const char *value, heed_error *error)
{
    return class_weights_file(value) == NULL ? HEED_OK : check_file(value, error);
}

heed_status check_vectors(const char *value, heed_error *error)
{
    return vectors_file(value) == NULL ? HEED_OK : check_file(value, error);
}

char delimiter_of(const char *value)
{
    if (value == NULL)
        return '\0';
    if (strcmp(value, "tab") == 0 || strcmp(value, "\\t") == 0)
        return '\t';
    bool one = value[0] != '\0' && value[1] == '\0' && (unsigned char)value[0] < 0x80;
    return one && strchr("\"\r\n", value[0]) == NULL ? value[0] : '\0';
}

heed_status check_delimiter(const char *value, heed_error *error)
{
    if (delimiter_of(value) != '\0')
        return HEED_OK;
    return fail(error, HEED_USAGE, "--delimiter: found '%s', expected one ASCII character other than a quote, or tab",
                value);
}
