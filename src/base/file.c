#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/aside.h"
#include "base/memory.h"
#include "base/path.h"
#include "base/status.h"
#include "base/writer.h"

heed_status file_read(char **out, size_t *size, const char *path, size_t limit, heed_error *error)
{
    *out = NULL;
    *size = 0;
    heed_status status = HEED_OK;
    char *data = NULL;
    struct stat about;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a pipe without a writer must not block */
    if (fd < 0)
        return fail_input(error, path, "cannot be opened", errno);
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

heed_status file_read_stream(char **out, size_t *size, const char *path, size_t limit, heed_error *error)
{
    *out = NULL;
    *size = 0;
    char block[16384];
    size_t got;
    writer text = {.limit = limit};
    FILE *file = fopen(path, "rbe");
    if (file == NULL)
        return fail_input(error, path, "cannot be opened", errno);
    while (text.problem == 0 && (got = fread(block, 1, sizeof block, file)) != 0)
        writer_bytes(&text, block, got);
    int problem = ferror(file) ? errno : 0;
    fclose(file);
    heed_status status;
    if (problem != 0)
        status = fail_input(error, path, "cannot be read", problem);
    else if (text.problem == EFBIG)
        status = fail(error, HEED_BAD_DATA, "%s: more than %zu bytes, expected fewer", path, limit);
    else
        status = writer_take(&text, out, size, error);
    writer_release(&text);
    return status;
}

/* ---- replacing a file */

heed_status replacement_begin(replacement *r, const char *path, heed_error *error)
{
    struct stat about;
    *r = (replacement){.name = path};
    if (stat(path, &about) == 0 && !S_ISREG(about.st_mode)) { /* a rename would replace a device by a file */
        r->file = fopen(path, "wbe");
    } else if ((r->target = path_target(path)) != NULL) {
        r->file = aside_open(&r->aside, r->target);
    }
    if (r->file != NULL)
        return HEED_OK;
    fail(error, HEED_FAILED, "%s: cannot be written: %s", path, strerror(errno));
    replacement_abandon(r);
    return HEED_FAILED;
}

/* After a rename the folder itself has to be synced. */
static bool sync_folder(const char *folder)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return false;
    bool fine = fsync(fd) == 0 || errno == EINVAL; /* some file systems cannot sync a folder */
    return close(fd) == 0 && fine;
}

heed_status replacement_commit(replacement *r, heed_error *error)
{
    heed_status status = HEED_OK;
    bool fine = fflush(r->file) == 0;
    char *folder = NULL;
    if (r->aside != NULL) /* all that takes memory comes before the rename */
        fine = fine && (folder = path_folder(r->target)) != NULL && aside_take_mode(r->file, r->target) &&
               fsync(fileno(r->file)) == 0;
    int problem = fine ? 0 : errno;
    fine = fclose(r->file) == 0 && fine;
    problem = problem == 0 && !fine ? errno : problem;
    r->file = NULL;
    if (fine && r->aside != NULL && rename(r->aside, r->target) != 0)
        problem = errno;
    if (problem != 0)
        status = fail(error, HEED_FAILED, "%s: cannot be written: %s", r->name, strerror(problem));
    else if (r->aside != NULL && !sync_folder(folder))
        status = fail(error, HEED_FAILED, "%s: its folder cannot be synced: %s", r->name, strerror(errno));
    if (fine && r->aside != NULL && status == HEED_OK) { /* it has its final name */
        free(r->aside);
        r->aside = NULL;
    }
    free(folder);
    replacement_abandon(r);
    return status;
}

void replacement_abandon(replacement *r)
{
    if (r->file != NULL)
        fclose(r->file);
    if (r->aside != NULL)
        unlink(r->aside);
    free(r->aside);
    free(r->target);
    *r = (replacement){.name = r->name};
}

heed_status file_check_writable(const char *path, heed_error *error)
{
    struct stat found;
    if (stat(path, &found) == 0 && S_ISDIR(found.st_mode))
        return fail(error, HEED_FAILED, "%s: cannot be written: it is a folder, expected the name of a file", path);
    char *target = path_target(path);
    if (target == NULL)
        return fail(error, HEED_FAILED, "%s: cannot be written: %s", path, strerror(errno));
    char *folder = path_folder(target);
    free(target);
    if (folder == NULL)
        return fail_memory(error, path);
    heed_status status = HEED_OK;
    if (access(folder, W_OK | X_OK) != 0)
        status = fail(error, HEED_FAILED, "%s: cannot be written: folder %s: %s", path, folder, strerror(errno));
    free(folder);
    return status;
}

heed_status file_write(const char *path, const char *data, size_t size, heed_error *error)
{
    replacement r;
    heed_status status = replacement_begin(&r, path, error);
    if (status != HEED_OK)
        return status;
    if (fwrite(data, 1, size, r.file) == size)
        return replacement_commit(&r, error);
    status = fail(error, HEED_FAILED, "%s: cannot be written: %s", path, strerror(errno));
    replacement_abandon(&r);
    return status;
}
