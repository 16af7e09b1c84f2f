#include "base/aside.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/path.h"

#define MIDDLE ".heed-"
#define ENDING ".part"
enum { DIGITS = 8, ADDED = sizeof MIDDLE - 1 + DIGITS + sizeof ENDING - 1, TRIES = 100 };

/* Bytes of the target's name that the temporary name begins with: all, unless the folder allows no such long name. */
static size_t kept_bytes(const char *target)
{
    size_t size = strlen(path_name(target));
    return size + ADDED > NAME_MAX ? NAME_MAX - ADDED : size;
}

/* Any number: the system's, or without one the time, which another process does not have at the same nanosecond. */
static uint32_t random_number(int attempt)
{
    uint32_t number;
    struct timespec now;
    if (getrandom(&number, sizeof number, GRND_NONBLOCK) == (ssize_t)sizeof number)
        return number;
    clock_gettime(CLOCK_REALTIME, &now);
    return (uint32_t)now.tv_nsec ^ (uint32_t)now.tv_sec ^ ((uint32_t)getpid() << 16) ^ (uint32_t)attempt;
}

/* ---- what was left behind */

static bool is_aside_of(const char *name, const char *prefix, size_t kept)
{
    if (strlen(name) != kept + ADDED || memcmp(name, prefix, kept) != 0)
        return false;
    const char *digits = name + kept + sizeof MIDDLE - 1;
    for (int i = 0; i < DIGITS; i++)
        if (!isxdigit((unsigned char)digits[i]))
            return false;
    return memcmp(name + kept, MIDDLE, sizeof MIDDLE - 1) == 0 && strcmp(digits + DIGITS, ENDING) == 0;
}

/* Whoever made it a moment ago and has no lock yet notices that its name is gone, and makes another one. */
static void remove_left(int folder, const char *name)
{
    struct stat about;
    int fd = openat(folder, name, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return;
    if (fstat(fd, &about) == 0 && S_ISREG(about.st_mode) && about.st_uid == geteuid() &&
        flock(fd, LOCK_EX | LOCK_NB) == 0)
        unlinkat(folder, name, 0);
    close(fd);
}

static void remove_left_of(const char *target)
{
    char *folder = path_folder(target);
    DIR *entries = folder == NULL ? NULL : opendir(folder);
    const struct dirent *entry;
    free(folder);
    if (entries == NULL)
        return;
    while ((entry = readdir(entries)) != NULL)
        if (is_aside_of(entry->d_name, path_name(target), kept_bytes(target)))
            remove_left(dirfd(entries), entry->d_name);
    closedir(entries);
}

/* ---- a new one */

/* Whether the file is this process's: locked, and with its name. Where the file system has no locks nobody removes any.
 */
static bool lock_new(int fd)
{
    struct stat about;
    if (flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
        return false;
    return fstat(fd, &about) == 0 && about.st_nlink > 0;
}

FILE *aside_open(char **name, const char *target)
{
    struct stat about;
    size_t folder = (size_t)(path_name(target) - target), kept = kept_bytes(target);
    mode_t mode = stat(target, &about) == 0 ? 0600 : 0666; /* less the umask */
    char *path = memory_array(folder + kept + ADDED + 1, 1);
    int fd = -1;
    *name = NULL;
    if (path == NULL) {
        errno = ENOMEM;
        return NULL;
    }
    remove_left_of(target);
    for (int i = 0; i < TRIES && fd < 0; i++) {
        snprintf(path, folder + kept + ADDED + 1, "%.*s" MIDDLE "%08x" ENDING, (int)(folder + kept), target,
                 random_number(i));
        fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
        if (fd < 0 && errno != EEXIST)
            break;
        if (fd >= 0 && !lock_new(fd)) {
            close(fd);
            fd = -1;
            errno = EEXIST;
        }
    }
    FILE *file = fd < 0 ? NULL : fdopen(fd, "wb");
    if (file != NULL) {
        *name = path;
        return file;
    }
    int problem = errno;
    if (fd >= 0) {
        close(fd);
        unlink(path);
    }
    free(path);
    errno = problem;
    return NULL;
}

bool aside_take_mode(FILE *file, const char *target)
{
    struct stat old, new;
    int fd = fileno(file);
    if (stat(target, &old) != 0 || fstat(fd, &new) != 0)
        return true;
    mode_t mode = old.st_mode & 0777;
    if (new.st_uid != old.st_uid && fchown(fd, old.st_uid, (gid_t)-1) != 0)
        errno = 0; /* only root may give files away: it stays with who wrote it */
    if (new.st_gid != old.st_gid && fchown(fd, (uid_t)-1, old.st_gid) != 0)
        mode &= (mode_t)~070 | (mode & 07) << 3; /* another group may do no more than everyone */
    return fchmod(fd, mode) == 0;
}
