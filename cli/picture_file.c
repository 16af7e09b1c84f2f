#include "picture_file.h"

#include "base/file.h"
#include "output.h"

heed_status picture_file_write(const char *path, char *svg, heed_error *error)
{
    heed_status status = heed_picture_write(svg, path, error);
    heed_free(svg);
    return status;
}
