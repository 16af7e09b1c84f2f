#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/status.h"
#include "rows/glosses.h"

/* Made by tools/make_glosses.c, embedded by the build. */
extern const unsigned char glosses_data[], glosses_data_end[];

static const char *const part_name[GLOSSES_PARTS] = {"train", "validation", "test"};

enum { PART_LIMIT = 64 << 20 }; /* a damaged size must not allocate all memory */

static size_t read_u32(const unsigned char *data)
{
    return (size_t)data[0] | (size_t)data[1] << 8 | (size_t)data[2] << 16 | (size_t)data[3] << 24;
}

heed_status glosses_unpack(char **out, size_t *size, const unsigned char *blob, size_t blob_size, size_t part,
                           heed_error *error)
{
    *out = NULL;
    *size = 0;
    if (blob_size < GLOSSES_HEADER)
        return fail(error, HEED_BAD_DATA, "built-in definitions: %zu bytes, expected a header of %d", blob_size,
                    GLOSSES_HEADER);
    const unsigned char *packed = blob + GLOSSES_HEADER;
    size_t left = blob_size - GLOSSES_HEADER;
    for (size_t before = 0; before < part; before++) {
        size_t skip = read_u32(blob + 8 * before + 4);
        if (skip > left)
            return fail(error, HEED_BAD_DATA, "built-in definitions: part %zu is cut off; build heed again", before);
        packed += skip;
        left -= skip;
    }
    size_t rows_size = read_u32(blob + 8 * part), packed_size = read_u32(blob + 8 * part + 4);
    if (packed_size > left || rows_size > PART_LIMIT)
        return fail(error, HEED_BAD_DATA, "built-in definitions: part %zu is cut off; build heed again", part);
    char *rows = malloc(rows_size + 1);
    if (rows == NULL)
        return fail_memory(error, "the built-in definitions");
    uLongf got = (uLongf)rows_size;
    int problem = uncompress((Bytef *)rows, &got, packed, (uLong)packed_size);
    if (problem != Z_OK || got != rows_size) {
        free(rows);
        return problem == Z_MEM_ERROR
                   ? fail_memory(error, "the built-in definitions")
                   : fail(error, HEED_BAD_DATA, "built-in definitions: part %zu cannot be unpacked; build heed again",
                          part);
    }
    rows[rows_size] = '\0';
    *out = rows;
    *size = rows_size;
    return HEED_OK;
}

heed_status heed_demo_data(char **out, size_t *size, const char *part, heed_error *error)
{
    *out = NULL;
    *size = 0;
    size_t blob_size = (size_t)((uintptr_t)glosses_data_end - (uintptr_t)glosses_data);
    for (size_t i = 0; i < GLOSSES_PARTS; i++)
        if (strcmp(part, part_name[i]) == 0)
            return glosses_unpack(out, size, glosses_data, blob_size, i, error);
    return fail(error, HEED_USAGE, "built-in definitions: no part '%s'; there are train, validation and test", part);
}
