#include "paths.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/path.h"
#include "base/status.h"

static bool path_stat(struct stat *found, const char *path)
{
    return strcmp(path, "-") == 0 ? fstat(STDIN_FILENO, found) == 0 : stat(path, found) == 0;
}

static bool folder_stat(struct stat *found, const char *path)
{
    char *folder = path_folder(path);
    bool there = folder != NULL && stat(folder, found) == 0;
    free(folder);
    return there;
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
    if (has_a || has_b)
        return false;
    char *target_a = path_target(a), *target_b = path_target(b);
    bool same = target_a != NULL && target_b != NULL && strcmp(path_name(target_a), path_name(target_b)) == 0 &&
                folder_stat(&at_a, target_a) && folder_stat(&at_b, target_b) && same_inode(&at_a, &at_b);
    free(target_a);
    free(target_b);
    return same;
}

heed_status path_check_rows(const char *path, heed_error *error)
{
    if (path == NULL || strcmp(path, "-") == 0 || access(path, R_OK) == 0)
        return HEED_OK;
    return fail(error, HEED_BAD_DATA, "%s: cannot be opened: %s", path, strerror(errno));
}

heed_status path_check_apart(role_path output, const role_path *others, size_t count, heed_error *error)
{
    for (size_t i = 0; i < count && output.path != NULL; i++)
        if (others[i].path != NULL && path_same(output.path, others[i].path))
            return fail(error, HEED_USAGE, "%s: found '%s', which is the file of %s, expected another one", output.role,
                        output.path, others[i].role);
    return HEED_OK;
}
