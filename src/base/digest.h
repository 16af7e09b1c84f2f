/* XXH3-128 as 32 hexadecimal digits: how models, encoders, vectors and files of a cache are known. */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include <stdio.h>

#include <xxhash.h>

enum { DIGEST_DIGITS = 33 }; /* with the NUL */

/* Returns out. */
static inline const char *digest_digits(char out[DIGEST_DIGITS], XXH128_hash_t hash)
{
    snprintf(out, DIGEST_DIGITS, "%016llx%016llx", (unsigned long long)hash.high64, (unsigned long long)hash.low64);
    return out;
}

#endif
