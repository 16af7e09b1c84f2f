#include "base/file_map.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/status.h"

static heed_status map(file_map *out, int fd, const char *path, size_t limit, heed_error *error)
{
    struct stat about;
    if (fstat(fd, &about) != 0 || !S_ISREG(about.st_mode))
        return fail(error, HEED_BAD_DATA, "%s: not a regular file", path);
    if (about.st_size < 1 || (uint64_t)about.st_size > limit)
        return fail(error, HEED_BAD_DATA, "%s: %lld bytes, expected 1 to %zu", path, (long long)about.st_size, limit);
    void *data = mmap(NULL, (size_t)about.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (data == MAP_FAILED)
        return fail(error, HEED_FAILED, "%s: cannot be mapped into memory: %s", path, strerror(errno));
    *out = (file_map){data, (size_t)about.st_size};
    return HEED_OK;
}

heed_status file_map_open(file_map *out, const char *path, size_t limit, heed_error *error)
{
    *out = (file_map){0};
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a pipe without a writer must not block */
    if (fd < 0)
        return fail_input(error, path, "cannot be opened", errno);
    heed_status status = map(out, fd, path, limit, error);
    close(fd);
    return status;
}

void file_map_close(file_map *m)
{
    if (m->data != NULL)
        munmap((void *)(uintptr_t)m->data, m->size);
    *m = (file_map){0};
}
