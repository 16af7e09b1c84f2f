#include "data/kept_file.h"

#include <string.h>

#include "base/digest.h"
#include "base/writer.h"

#define BEGINNING "heed-"
enum { DIGITS = DIGEST_DIGITS - 1 };

heed_status kept_file_path(char **out, const char *folder, XXH128_hash_t digest, const char *ending, heed_error *error)
{
    char digits[DIGEST_DIGITS];
    writer path = {0};
    writer_print(&path, "%s/" BEGINNING "%s%s", folder, digest_digits(digits, digest), ending);
    heed_status status = writer_take(&path, out, NULL, error);
    writer_release(&path);
    return status;
}

const char *kept_file_digits(const char *path, const char *ending)
{
    size_t size = strlen(path), tail = DIGITS + strlen(ending);
    return size >= tail && strcmp(path + size - strlen(ending), ending) == 0 ? path + size - tail : NULL;
}

bool kept_file_is(const char *name)
{
    const size_t beginning = sizeof BEGINNING - 1;
    if (strncmp(name, BEGINNING, beginning) != 0 || strspn(name + beginning, "0123456789abcdef") != DIGITS)
        return false;
    const char *ending = name + beginning + DIGITS;
    return strcmp(ending, KEPT_CORPUS) == 0 || strcmp(ending, KEPT_FEATURES) == 0;
}
