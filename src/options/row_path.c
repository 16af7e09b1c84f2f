#include "options/row_path.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "options/choices.h"

row_path row_path_of(const char *path)
{
    const char *colon = strrchr(path, ':');
    struct stat found;
    unsigned encoding;
    if (colon == NULL || colon == path || !names_find_any(&encoding, &encoding_names, colon + 1) ||
        lstat(path, &found) == 0)
        return (row_path){strlen(path), false, HEED_UTF8};
    return (row_path){(size_t)(colon - path), true, (heed_encoding)encoding};
}

char *row_path_file(const char *path)
{
    return memory_copy(path, row_path_of(path).size);
}

bool row_path_is_standard_input(const char *path)
{
    return *path == '-' && row_path_of(path).size == 1;
}

const char *row_path_hint(const char *path)
{
    const char *colon = strrchr(path, ':');
    struct stat found;
    char *file = colon != NULL && colon != path ? memory_copy(path, (size_t)(colon - path)) : NULL;
    bool there = file != NULL && lstat(file, &found) == 0;
    free(file);
    return there ? "; an encoding after the colon? expected utf-8, windows-1252 or latin-1" : "";
}
