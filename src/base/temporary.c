#include "base/temporary.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/status.h"
#include "base/writer.h"

heed_status temporary_fail(const char *what, const char *done, heed_error *error)
{
    return fail(error, HEED_FAILED,
                "the temporary file for %s cannot be %s: %s; the environment variable TMPDIR sets its folder", what,
                done, strerror(errno));
}

heed_status temporary_open(FILE **out, const char *what, heed_error *error)
{
    const char *folder = getenv("TMPDIR");
    writer name = {0};
    char *path = NULL;
    *out = NULL;
    writer_print(&name, "%s/heed-XXXXXX", folder == NULL || *folder == '\0' ? "/tmp" : folder);
    heed_status status = writer_take(&name, &path, NULL, error);
    writer_release(&name);
    if (status != HEED_OK)
        return status;
    int fd = mkstemp(path);
    if (fd >= 0)
        unlink(path);
    free(path);
    *out = fd >= 0 ? fdopen(fd, "w+b") : NULL;
    if (*out != NULL)
        return HEED_OK;
    status = temporary_fail(what, "made", error);
    if (fd >= 0)
        close(fd);
    return status;
}
