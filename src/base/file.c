#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/status.h"

heed_status file_read(char **out, size_t *size, const char *path, size_t limit, heed_error *error)
{
    *out = NULL;
    *size = 0;
    heed_status status = HEED_OK;
    char *data = NULL;
    struct stat about;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a pipe without a writer must not hold us */
    if (fd < 0)
        return fail(error, HEED_BAD_DATA, "%s: cannot be opened: %s", path, strerror(errno));
    if (fstat(fd, &about) != 0 || !S_ISREG(about.st_mode)) {
        status = fail(error, HEED_BAD_DATA, "%s: not a regular file", path);
        goto done;
    }
    if (about.st_size < 0 || (uint64_t)about.st_size > limit) {
        status =
            fail(error, HEED_BAD_DATA, "%s: %lld bytes, expected at most %zu", path, (long long)about.st_size, limit);
        goto done;
    }
    size_t total = (size_t)about.st_size, have = 0;
    data = memory_aligned(total + 1, 1);
    if (data == NULL) {
        status = fail_memory(error, path);
        goto done;
    }
    while (have < total) {
        ssize_t got = read(fd, data + have, total - have);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            status = fail(error, HEED_FAILED, "%s: cannot be read: %s", path, strerror(errno));
            goto done;
        }
        if (got == 0) {
            status = fail(error, HEED_BAD_DATA, "%s: ended after %zu of %zu bytes", path, have, total);
            goto done;
        }
        have += (size_t)got;
    }
    data[total] = '\0';
    *out = data;
    *size = total;
    data = NULL;
done:
    free(data);
    close(fd);
    return status;
}

static bool write_all(int fd, const char *data, size_t size)
{
    while (size > 0) {
        ssize_t put = write(fd, data, size);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return false;
        data += put;
        size -= (size_t)put;
    }
    return true;
}

/* After a rename the folder itself has to reach the disk. */
static bool sync_folder(const char *path)
{
    char *folder = memory_copy(path, strlen(path));
    if (folder == NULL)
        return false;
    char *slash = strrchr(folder, '/');
    if (slash == folder)
        slash[1] = '\0';
    else if (slash != NULL)
        *slash = '\0';
    int fd = open(slash == NULL ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    free(folder);
    if (fd < 0)
        return false;
    bool fine = fsync(fd) == 0 || errno == EINVAL; /* some file systems cannot sync a folder */
    return close(fd) == 0 && fine;
}

/* What the link at path points to, as seen from here; NULL: no memory. */
static char *target_of_link(const char *path, const char *link)
{
    const char *slash = strrchr(path, '/');
    size_t folder = link[0] == '/' || slash == NULL ? 0 : (size_t)(slash + 1 - path), size = strlen(link) + 1;
    char *target = memory_array(folder + size, 1);
    if (target != NULL) {
        memcpy(target, path, folder);
        memcpy(target + folder, link, size);
    }
    return target;
}

/* path without the symbolic links at its end, the last of which may point to nothing yet, so that realpath does not
 * do; NULL with errno: memory, or links in a circle. */
static char *path_behind_links(const char *path)
{
    enum { LINKS_MOST = 40 }; /* as many as Linux follows */
    char link[PATH_MAX];
    char *at = memory_copy(path, strlen(path));
    for (int links = 0; at != NULL && links < LINKS_MOST; links++) {
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

static heed_status device_write(const char *path, const char *data, size_t size, heed_error *error)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    bool fine = fd >= 0 && write_all(fd, data, size);
    heed_status status = fine ? HEED_OK : fail(error, HEED_FAILED, "%s: cannot be written: %s", path, strerror(errno));
    if (fd >= 0)
        close(fd);
    return status;
}

heed_status file_write(const char *path, const char *data, size_t size, heed_error *error)
{
    struct stat about;
    if (stat(path, &about) == 0 && !S_ISREG(about.st_mode)) /* a rename would replace a device by a file */
        return device_write(path, data, size, error);
    heed_status status = HEED_OK;
    char *target = path_behind_links(path), *aside = NULL;
    int fd = -1;
    if (target == NULL)
        return fail(error, HEED_FAILED, "%s: cannot be written: %s", path, strerror(errno));
    size_t room = strlen(target) + 32;
    aside = memory_array(room, 1);
    if (aside == NULL) {
        status = fail_memory(error, path);
        goto done;
    }
    snprintf(aside, room, "%s.%ld.part", target, (long)getpid());
    fd = open(aside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0) {
        status = fail(error, HEED_FAILED, "%s: cannot be created: %s", aside, strerror(errno));
        goto done;
    }
    bool fine = write_all(fd, data, size) && fsync(fd) == 0;
    fine = close(fd) == 0 && fine;
    fd = -1;
    if (!fine || rename(aside, target) != 0) {
        status = fail(error, HEED_FAILED, "%s: cannot be written: %s", path, strerror(errno));
        unlink(aside);
        goto done;
    }
    if (!sync_folder(target))
        status = fail(error, HEED_FAILED, "%s: its folder cannot be synced: %s", path, strerror(errno));
done:
    if (fd >= 0)
        close(fd);
    free(aside);
    free(target);
    return status;
}
