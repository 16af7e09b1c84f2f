#include "base64.h"

#include <string.h>

/* The six bits of a character; -1: it has none. */
static int bits_of(char c)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = c == '\0' ? NULL : strchr(alphabet, c);
    return at == NULL ? -1 : (int)(at - alphabet);
}

bool base64_decode(char *out, size_t *size, heed_bytes code)
{
    size_t padding = 0, written = 0;
    *size = 0;
    if (code.size % 4 != 0)
        return false;
    while (padding < 2 && padding < code.size && code.data[code.size - 1 - padding] == '=')
        padding++;
    for (size_t i = 0; i < code.size; i += 4) {
        const size_t last = i + 4 == code.size ? padding : 0;
        uint32_t bits = 0;
        for (size_t k = 0; k < 4; k++) {
            const int six = k < 4 - last ? bits_of(code.data[i + k]) : 0;
            if (six < 0)
                return false;
            bits = bits << 6 | (uint32_t)six;
        }
        if ((bits & ((1u << (8 * last)) - 1)) != 0) /* bits that stand for nothing */
            return false;
        for (size_t k = 0; k < 3 - last; k++)
            out[written++] = (char)(bits >> (16 - 8 * k));
    }
    *size = written;
    return true;
}
