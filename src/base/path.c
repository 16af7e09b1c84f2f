#include "base/path.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/status.h"

/* What the link at path points to, as seen from here; NULL: no memory. */
static char *target_of_link(const char *path, const char *link)
{
    size_t folder = link[0] == '/' ? 0 : (size_t)(path_name(path) - path), size = strlen(link) + 1;
    char *target = memory_array(folder + size, 1);
    if (target != NULL) {
        memcpy(target, path, folder);
        memcpy(target + folder, link, size);
    }
    return target;
}

/* realpath cannot be used: the last link may point to nothing yet. */
char *path_target(const char *path)
{
    enum { MAX_LINKS = 40 }; /* as many as Linux follows */
    char link[PATH_MAX];
    char *at = memory_copy(path, strlen(path));
    for (int links = 0; at != NULL && links < MAX_LINKS; links++) {
        ssize_t size = readlink(at, link, sizeof link - 1);
        if (size < 0)
            return at;
        link[size] = '\0';
        char *target = target_of_link(at, link);
        free(at);
        at = target;
    }
    errno = at == NULL ? ENOMEM : ELOOP;
    free(at);
    return NULL;
}

char *path_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    if (slash == NULL)
        return memory_copy(".", 1);
    return memory_copy(path, slash == path ? 1 : (size_t)(slash - path));
}

bool path_same_file(const char *one, const char *other)
{
    struct stat a, b;
    return stat(one, &a) == 0 && stat(other, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

char *path_join(const char *folder, const char *name)
{
    size_t first = strlen(folder), second = strlen(name);
    char *path = memory_array(first + second + 2, 1);
    if (path != NULL) {
        memcpy(path, folder, first);
        path[first] = '/';
        memcpy(path + first + 1, name, second);
    }
    return path;
}

bool path_make_folder(const char *path)
{
    struct stat found;
    if (mkdir(path, 0777) == 0)
        return true;
    int problem = errno;
    bool there = problem == EEXIST && stat(path, &found) == 0 && S_ISDIR(found.st_mode);
    errno = problem;
    return there;
}

const char *path_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

heed_status path_need_folder(const char *path, heed_error *error)
{
    return path_make_folder(path)
               ? HEED_OK
               : fail(error, HEED_FAILED, "%s: this folder cannot be created: %s", path, strerror(errno));
}
