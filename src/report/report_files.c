#include "report/report_files.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/path.h"
#include "base/status.h"

heed_status report_path(char **out, const char *folder, const char *name, heed_error *error)
{
    *out = path_join(folder, name);
    return *out != NULL ? HEED_OK : fail_memory(error, name);
}

heed_status report_file_write(const char *folder, const char *name, const char *data, size_t size, heed_error *error)
{
    char *path = NULL;
    heed_status status;
    TRY(report_path(&path, folder, name, error));
    TRY(file_write(path, data, size, error));
done:
    free(path);
    return status;
}

heed_status report_file_digest(char out[DIGEST_DIGITS], const char *path, heed_error *error)
{
    char *data = NULL;
    size_t size;
    heed_status status = file_read(&data, &size, path, SIZE_MAX, error);
    if (status != HEED_OK)
        return status;
    digest_digits(out, XXH3_128bits(data, size));
    free(data);
    return HEED_OK;
}
