#include "paths.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"

static bool path_stat(struct stat *found, const char *path)
{
    return strcmp(path, "-") == 0 ? fstat(STDIN_FILENO, found) == 0 : stat(path, found) == 0;
}

static bool folder_stat(struct stat *found, const char *path)
{
    const char *slash = strrchr(path, '/');
    size_t size = slash == NULL ? 0 : slash == path ? 1 : (size_t)(slash - path);
    char *folder = slash == NULL ? strdup(".") : strndup(path, size);
    bool there = folder != NULL && stat(folder, found) == 0;
    free(folder);
    return there;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

static bool same_inode(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* Files that are there are told by their inode, files to come by folder and name. */
static bool path_same(const char *a, const char *b)
{
    struct stat at_a, at_b;
    bool has_a = path_stat(&at_a, a), has_b = path_stat(&at_b, b);
    if (has_a && has_b)
        return S_ISREG(at_a.st_mode) && same_inode(&at_a, &at_b);
    if (has_a || has_b || strcmp(base_name(a), base_name(b)) != 0)
        return false;
    return folder_stat(&at_a, a) && folder_stat(&at_b, b) && same_inode(&at_a, &at_b);
}

heed_status path_check_apart(role_path output, const role_path *others, size_t count, heed_error *error)
{
    for (size_t i = 0; i < count && output.path != NULL; i++)
        if (others[i].path != NULL && path_same(output.path, others[i].path))
            return complain(error, HEED_USAGE, "%s: found '%s', which is the file of %s, expected another one",
                            output.role, output.path, others[i].role);
    return HEED_OK;
}
