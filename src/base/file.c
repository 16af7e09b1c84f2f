#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
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
    data = malloc(total + 1);
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

heed_status file_write(const char *path, const char *data, size_t size, heed_error *error)
{
    heed_status status = HEED_OK;
    size_t length = strlen(path);
    char *aside = memory_array(length + 32, 1);
    int fd = -1;
    if (aside == NULL)
        return fail_memory(error, path);
    struct stat about;
    if (stat(path, &about) == 0 && !S_ISREG(about.st_mode)) { /* a rename would replace a device by a file */
        fd = open(path, O_WRONLY | O_CLOEXEC);
        if (fd < 0 || !write_all(fd, data, size))
            status = fail(error, HEED_FAILED, "%s: cannot be written: %s", path, strerror(errno));
        goto done;
    }
    snprintf(aside, length + 32, "%s.%ld.part", path, (long)getpid());
    fd = open(aside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0) {
        status = fail(error, HEED_FAILED, "%s: cannot be created: %s", aside, strerror(errno));
        goto done;
    }
    bool fine = write_all(fd, data, size) && fsync(fd) == 0;
    fine = close(fd) == 0 && fine;
    fd = -1;
    if (!fine || rename(aside, path) != 0) {
        status = fail(error, HEED_FAILED, "%s: cannot be written: %s", path, strerror(errno));
        unlink(aside);
        goto done;
    }
    if (!sync_folder(path))
        status = fail(error, HEED_FAILED, "%s: its folder cannot be synced: %s", path, strerror(errno));
done:
    if (fd >= 0)
        close(fd);
    free(aside);
    return status;
}
