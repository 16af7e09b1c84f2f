/* For tests and fuzzing: a model file's digest put right after its bytes were changed, so that the checks behind the
 * digest are reached. Written from docs/MODEL_FILE.md, not from the loader. */
#ifndef UNIT_SEALED_MODEL_H
#define UNIT_SEALED_MODEL_H

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <xxhash.h>

/* Overwrites the 32 digits; false where there are none. */
static inline _Bool seal_model(char *data, size_t size)
{
    static const char key[] = "\"heed.digest\":\"";
    char digits[33];
    char *at = memmem(data, size, key, sizeof key - 1);
    if (at == NULL || size - (size_t)(at - data) < sizeof key - 1 + 32)
        return 0;
    at += sizeof key - 1;
    memset(at, '0', 32);
    XXH128_hash_t hash = XXH3_128bits(data, size);
    snprintf(digits, sizeof digits, "%016llx%016llx", (unsigned long long)hash.high64, (unsigned long long)hash.low64);
    memcpy(at, digits, 32);
    return 1;
}

#endif
