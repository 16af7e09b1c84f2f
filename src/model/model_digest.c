#include "model/model_digest.h"

#include <string.h>

#include "base/digest.h"
#include "base/status.h"

#define DIGEST_BEFORE "\"" DIGEST_KEY "\":\""
enum { DIGITS = DIGEST_DIGITS - 1, MAX_PLACE = 1 << 20 };
_Static_assert(DIGITS == sizeof DIGEST_ZEROS - 1, "zeros take the place of the digits");

/* Where the digest's digits are; SIZE_MAX if there are none. */
static size_t digest_place(const char *data, size_t size)
{
    size_t head = size < MAX_PLACE ? size : MAX_PLACE;
    const char *key = memmem(data, head, DIGEST_BEFORE, strlen(DIGEST_BEFORE));
    if (key == NULL)
        return SIZE_MAX;
    size_t place = (size_t)(key - data) + strlen(DIGEST_BEFORE);
    return size - place >= DIGITS ? place : SIZE_MAX;
}

/* False without memory. */
static bool compute_digest(char digits[DIGEST_DIGITS], const char *data, size_t size, size_t place)
{
    XXH3_state_t *state = XXH3_createState();
    if (state == NULL)
        return false;
    XXH3_128bits_reset(state);
    XXH3_128bits_update(state, data, place);
    XXH3_128bits_update(state, DIGEST_ZEROS, DIGITS);
    XXH3_128bits_update(state, data + place + DIGITS, size - place - DIGITS);
    XXH128_hash_t hash = XXH3_128bits_digest(state);
    XXH3_freeState(state);
    digest_digits(digits, hash);
    return true;
}

heed_status digest_put(char *data, size_t size, heed_error *error)
{
    char digits[DIGEST_DIGITS];
    size_t place = digest_place(data, size);
    if (place == SIZE_MAX)
        return fail(error, HEED_FAILED, "a model file's header is over its limit");
    if (!compute_digest(digits, data, size, place))
        return fail_memory(error, "a digest");
    memcpy(data + place, digits, DIGITS);
    return HEED_OK;
}

heed_status digest_check(const char *data, size_t size, heed_error *error)
{
    char digits[DIGEST_DIGITS];
    size_t place = digest_place(data, size);
    if (place == SIZE_MAX)
        return fail(error, HEED_BAD_DATA,
                    "its metadata has no heed.digest; a tool that copies only tensors has dropped it");
    if (!compute_digest(digits, data, size, place))
        return fail_memory(error, "a digest");
    if (memcmp(digits, data + place, DIGITS) != 0)
        return fail(error, HEED_BAD_DATA, "its digest is %.32s, expected %s: the file is damaged", data + place,
                    digits);
    return HEED_OK;
}
