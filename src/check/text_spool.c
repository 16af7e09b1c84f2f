#include "check/text_spool.h"

#include <errno.h>
#include <unistd.h>

#include "base/status.h"
#include "base/temporary.h"

static const char file_of[] = "the texts";

heed_status text_spool_init(text_spool *out, heed_error *error)
{
    *out = (text_spool){0};
    return temporary_open(&out->file, file_of, error);
}

void text_spool_release(text_spool *spool)
{
    if (spool->file != NULL)
        fclose(spool->file);
    *spool = (text_spool){0};
}

heed_status text_spool_add(uint64_t *at, text_spool *spool, heed_bytes text, heed_error *error)
{
    *at = spool->size;
    if (text.size > 0 && fwrite(text.data, 1, text.size, spool->file) != text.size)
        return temporary_fail(file_of, "written", error);
    spool->size += text.size;
    return HEED_OK;
}

heed_status text_spool_finish(text_spool *spool, heed_error *error)
{
    return fflush(spool->file) == 0 ? HEED_OK : temporary_fail(file_of, "written", error);
}

heed_status text_spool_read(writer *out, const text_spool *spool, uint64_t at, size_t size, heed_error *error)
{
    writer_clear(out);
    char *to = writer_reserve(out, size + 1);
    if (to == NULL)
        return fail_memory(error, "a text");
    for (size_t done = 0; done < size;) {
        ssize_t got = pread(fileno(spool->file), to + done, size - done, (off_t)(at + done));
        if (got <= 0 && !(got < 0 && errno == EINTR))
            return temporary_fail(file_of, "read", error);
        done += got > 0 ? (size_t)got : 0;
    }
    out->size += size;
    return HEED_OK;
}
