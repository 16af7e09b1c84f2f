/* The digest of a model file: XXH3-128 of all its bytes with the digest's own digits as zeros. */
#ifndef MODEL_MODEL_DIGEST_H
#define MODEL_MODEL_DIGEST_H

#include "heed.h"

#define DIGEST_KEY "heed.digest" /* in the metadata */
/* Placeholder for the digits until the digest is known. */
#define DIGEST_ZEROS "00000000000000000000000000000000"

/* Puts the digest into a file's bytes, whose metadata have heed.digest with zeros. */
heed_status digest_put(char *data, size_t size, heed_error *error);
/* Refuses (HEED_BAD_DATA) a file without a digest, or with a wrong one. */
heed_status digest_check(const char *data, size_t size, heed_error *error);

#endif
